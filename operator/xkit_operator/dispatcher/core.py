"""The one way from a request to its response: no socket, no HTTP syntax. The server around it can be replaced.

`POST /v1/records` takes one record (an object) or many (an array). A single record's status is the response's own; a
batch answers 200 with one result per record, in order.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Any

from xkit_operator.dispatcher import json_text
from xkit_operator.dispatcher.dispatch import Dispatch
from xkit_operator.dispatcher.exchange import Request, Response, refuse, respond_with
from xkit_operator.dispatcher.outcome import Code, Failure
from xkit_operator.dispatcher.queue import QUEUE_FULL, Lane, Queue
from xkit_operator.dispatcher.reply import Reply
from xkit_operator.dispatcher.tokens import Tokens

RECORDS = b"/v1/records"
MOST_RECORDS = 1000
_JSON = re.compile(rb'application/json\s*(;\s*charset="?utf-8"?\s*)?', re.IGNORECASE)
_TURN = 50  # records of a batch that are mapped before others get their turn


class Core:
    """Answers requests on the records' port."""

    def __init__(self, dispatch: Dispatch, queue: Queue, tokens: Tokens, *, is_hopeless: Callable[[], bool]) -> None:
        self._dispatch = dispatch
        self._tokens = tokens
        self._queue = queue
        self._is_hopeless = is_hopeless

    async def respond(self, request: Request) -> Response:
        """The response to `request`; never raises for anything that a sender can do."""
        refusal = _refusal(request)
        if refusal is not None:
            return refusal
        if not self._tokens.accept(request.headers.get(b"authorization", b"")):
            return refuse(_UNAUTHORIZED, ("www-authenticate", "Bearer"))
        try:
            value = json_text.parse(request.body)
        except ValueError as error:
            return refuse(Failure(Code.MALFORMED_BODY, f"the body is no JSON text: {error}"))
        if not isinstance(value, (dict, list)):
            return refuse(Failure(Code.MALFORMED_BODY, "the body must be a record (object) or records (array)"))
        if isinstance(value, list) and len(value) > MOST_RECORDS:
            return refuse(Failure(Code.BATCH_TOO_LARGE, f"at most {MOST_RECORDS} records; found {len(value)}"))
        lane = self._queue.open_lane()
        if lane is None:
            self._dispatch.overloaded(len(value) if isinstance(value, list) else 1)
            return refuse(QUEUE_FULL)
        if isinstance(value, list):
            return await self._many(value, lane)
        return respond_with(await self._one(value, lane))

    async def _one(self, value: Any, lane: Lane) -> Reply:
        accepted = self._dispatch.accept(value, lane, hopeless=self._is_hopeless())
        return accepted if isinstance(accepted, Reply) else await self._dispatch.reply(accepted)

    async def _many(self, values: list[Any], lane: Lane) -> Response:
        accepted = []
        for index, value in enumerate(values):
            if index % _TURN == _TURN - 1:
                await asyncio.sleep(0)
            accepted.append(self._dispatch.accept(value, lane, hopeless=self._is_hopeless()))
        bodies = [(one if isinstance(one, Reply) else await self._dispatch.reply(one)).body for one in accepted]
        return Response(200, b"[%b]" % b",".join(bodies))


_UNAUTHORIZED = Failure(Code.UNAUTHORIZED, "the header `authorization: Bearer TOKEN` is missing or has no valid token")


def _refusal(request: Request) -> Response | None:
    if request.path != RECORDS:
        return refuse(Failure(Code.NOT_FOUND, "nothing is here; records go to POST /v1/records"))
    if request.method != b"POST":
        return refuse(Failure(Code.METHOD_NOT_ALLOWED, "records are sent by POST"), ("allow", "POST"))
    if request.query:
        return refuse(Failure(Code.UNKNOWN_PARAMETER, "no query parameter is known here"))
    media_type = request.headers.get(b"content-type", b"")
    if not _JSON.fullmatch(media_type.strip()):
        return refuse(Failure(Code.UNSUPPORTED_MEDIA_TYPE, "the body must be application/json in UTF-8"))
    if request.headers.get(b"content-encoding", b"identity").lower() != b"identity":
        return refuse(Failure(Code.UNSUPPORTED_MEDIA_TYPE, "the body must not be compressed"))
    return None
