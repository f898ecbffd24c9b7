"""Connections to a registry, and to what it refers to, kept for the next request while they can be trusted.

Whatever is between us and a registry forgets connections that rest, often without a word; a request on one of those
would wait for its timeout. So a connection is kept for seconds only, and none outlives a failure of another.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache

import aiohttp
from requests.utils import get_environ_proxies, prepend_scheme_if_needed, select_proxy
from yarl import URL

from xkit_operator import __version__
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.answer import Answer
from xkit_operator.image.registry.body import Body, Part

TRUSTED_SECONDS = 20.0  # without a request: below the idle limits of servers and load balancers (60 s and more)
SLOWEST_LINE = 100_000  # bytes a second: what was sent may still wait in buffers on the way when its answer is due
_LONGEST_LINE = 1 << 16  # bytes of a header: tokens, and addresses with a signature


Tell = Callable[[str, int], None]
"""Takes the method and the status of a request; 0 when there was no answer."""


def tell_nobody(_method: str, _status: int) -> None:
    """The count of a registry that nobody watches."""


@dataclass
class _Shared:
    session: aiohttp.ClientSession
    users: int = 0


class Connections:
    """`tell` hears of every request."""

    def __init__(self, access: Access, tell: Tell, *, timeout: float) -> None:
        self._access = access
        self._tell = tell
        self._timeout = timeout
        self._shared: _Shared | None = None
        self._closed = False
        self._proxy = cache(_proxy)  # to look at the environment takes as long as half a request

    async def close(self) -> None:
        """Cut the requests that are on their way, too."""
        self._closed = True
        if self._shared is not None:
            await self._shared.session.close()

    async def send(
        self,
        method: str,
        url: URL,
        *,
        headers: Mapping[str, str],
        body: Part | bytes | Mapping[str, str] | None = None,
        redirects: bool = True,
    ) -> Answer:
        """The answer to one request, whatever its status. Raises ClientError, TimeoutError.

        There is a limit to the time for each part of the body, and for a whole answer: a peer that sends a byte now
        and then would keep us for hours. Redirects to another host are followed without the login.
        """
        try:
            async with (
                self._session() as session,
                asyncio.timeout(self._timeout) as limit,
                session.request(
                    method,
                    url,
                    data=self._timed(body, limit) if isinstance(body, Part) else body,
                    headers=headers,
                    allow_redirects=redirects,
                    proxy=self._proxy(url.origin()),
                ) as response,
            ):
                content = await response.read()
        except (aiohttp.ClientError, TimeoutError):
            self._tell(method, 0)
            raise
        for one in (*response.history, response):
            self._tell(method, one.status)
        return Answer(
            status=response.status,
            headers=response.headers,
            body=content,
            url=str(response.url),
            authorization=headers.get("Authorization", ""),
        )

    def _timed(self, part: Part, limit: asyncio.Timeout) -> Body:
        now = asyncio.get_running_loop().time
        return Body(
            part,
            moving=lambda: limit.reschedule(now() + self._timeout),
            moved=lambda: limit.reschedule(now() + self._timeout + part.size / SLOWEST_LINE),
        )

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[aiohttp.ClientSession]:
        """That of all requests; after a failure there is a new one, and the last that uses the old one closes it."""
        shared = self._shared = self._shared or self._open()
        shared.users += 1
        try:
            yield shared.session
        except (aiohttp.ClientError, OSError):
            if self._shared is shared:
                self._shared = None
            raise
        finally:
            shared.users -= 1
            if shared.users == 0 and shared is not self._shared:
                await shared.session.close()

    def _open(self) -> _Shared:
        if self._closed:
            raise aiohttp.ClientConnectionError("this client is closed")
        authorities = self._access.authorities
        connector = aiohttp.TCPConnector(
            limit=0,
            keepalive_timeout=TRUSTED_SECONDS,
            ssl=ssl.create_default_context(cafile=authorities) if authorities else True,
        )
        session = aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=None),
            headers={"User-Agent": f"xkit-operator/{__version__}"},
            requote_redirect_url=False,  # a signature is good for one spelling
            max_line_size=_LONGEST_LINE,
            max_field_size=_LONGEST_LINE,
        )
        session._retry_connection = False  # whoever calls tries again, after a pause
        return _Shared(session)


def _proxy(origin: URL) -> str | None:
    """What the environment says, for networks as for names; a login in ~/.netrc is none for a registry."""
    address = str(origin)
    proxy = select_proxy(address, get_environ_proxies(address))
    return prepend_scheme_if_needed(proxy, "http") if proxy else None
