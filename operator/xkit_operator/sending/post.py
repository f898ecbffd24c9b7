"""One request to a runner: a record or a batch of them, and the answer to each. The only user of the HTTP client.

aiohttp, because the operator has it anyway, it keeps connections open, and its parser is C: the standard library's
client would need a thread for each request in flight.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from xkit_operator.dispatcher import json_text
from xkit_operator.sending.answer import Answer, read_answer, seconds
from xkit_operator.sending.record import Record

_SECONDS = 600.0
"""For one request: a batch is answered when its last record is, and those take as long as the Destination says."""
_CONNECT_SECONDS = 10.0
_MOST_DETAIL = 200
_TOKEN = re.compile(r"[!-~]+")


class Unreachable(Exception):
    """No connection, or none that lasted until the answer: to be tried again."""

    retry_after: float | None = None


class Refused(Exception):
    """The request as a whole was refused, and every other one would be: `str(error)` says why."""


class TooMuch(Exception):
    """The records of this request would be taken one by one."""


@dataclass(frozen=True)
class Endpoint:
    """Where records go to."""

    url: str
    token: str | None = None
    is_dry_run: bool = False

    @classmethod
    def at(cls, url: str, *, token: str | None, is_dry_run: bool) -> Self:
        """`url` may leave out the path of records. Raises ValueError when one of the two can be none."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url} is no URL such as http://localhost:8080")
        if token is not None and not _TOKEN.fullmatch(token):
            raise ValueError("the token must be one word of visible ASCII characters")  # it is not shown
        path = "/v1/records" if parts.path in ("", "/") else parts.path
        return cls(urlunsplit((parts.scheme, parts.netloc, path, "", "")), token, is_dry_run)


class Post:
    """A client of one endpoint."""

    def __init__(self, endpoint: Endpoint, *, connections: int) -> None:
        self._endpoint = endpoint
        headers = {"content-type": "application/json", "user-agent": "xkit"}
        if endpoint.token is not None:
            headers["authorization"] = f"Bearer {endpoint.token}"
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=connections),
            timeout=aiohttp.ClientTimeout(total=_SECONDS, sock_connect=_CONNECT_SECONDS),
            headers=headers,
            skip_auto_headers=["accept-encoding"],
        )

    async def send(self, records: Sequence[Record]) -> list[Answer]:
        """The answers in the order of `records`. Raises Unreachable, Refused or TooMuch."""
        bodies = [record.body() for record in records]
        body = bodies[0] if len(bodies) == 1 else b"[%b]" % b",".join(bodies)
        query = {"dryRun": "true"} if self._endpoint.is_dry_run else None
        try:
            async with self._session.post(
                self._endpoint.url, data=body, params=query, allow_redirects=False
            ) as response:
                text, status, headers = await response.read(), response.status, response.headers
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            raise Unreachable(f"{self._endpoint.url} cannot be reached: {_reason(error)}") from error
        return _read(text, status, headers.get("retry-after"), len(records))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()


def _read(text: bytes, status: int, retry_after: str | None, count: int) -> list[Answer]:
    try:
        value: Any = json_text.parse(text)
    except ValueError:
        value = None
    if status == 200 and count > 1 and isinstance(value, list) and len(value) == count:
        answers = [read_answer(one) for one in value]
        if None not in answers:
            return [answer for answer in answers if answer is not None]
    whole = read_answer(value, retry_after=retry_after)
    if whole is None:
        if status >= 500 or status == 429:
            error = Unreachable(f"the answer is a {status} that no runner gave: {_short(text)}")
            error.retry_after = seconds(retry_after)
            raise error
        raise Refused(f"the answer is a {status} that no runner gave; is the URL right? {_short(text)}")
    if status in (401, 404, 405, 411, 415):
        raise Refused(f"{whole.code}: {whole.body.get('detail', status)}")
    if count > 1 and whole.outcome == "malformed" and not whole.retryable:
        raise TooMuch
    return [whole] * count


def _short(text: bytes) -> str:
    return " ".join(text.decode(errors="replace").split())[:_MOST_DETAIL]


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(error) or type(error).__name__
