"""The one way from a request to its answer: no socket, no HTTP syntax. The server around it can be replaced.

`POST /v1/records` takes one record (an object), many (an array), or a stream of them (lines). A single record's status
is the response's own; a batch answers 200 with one result per record, in order, and so does each line of a stream.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

from xkit_operator.dispatcher import json_text
from xkit_operator.dispatcher.dispatch import Accepted, Dispatch
from xkit_operator.dispatcher.exchange import Head, Response, Stream, Whole, refuse, respond_with
from xkit_operator.dispatcher.lines import Lines
from xkit_operator.dispatcher.outcome import Code, Failure
from xkit_operator.dispatcher.queue import QUEUE_FULL, Lane, Queue
from xkit_operator.dispatcher.reply import Reply, problem
from xkit_operator.dispatcher.routes import Format, find_format
from xkit_operator.dispatcher.tokens import Tokens

MOST_RECORDS = 1000
_TURN = 50  # records of a batch or a stream that are mapped before others get their turn


class Core:
    """Answers requests on the records' port."""

    def __init__(
        self, dispatch: Dispatch, queue: Queue, tokens: Tokens, *, window: int, is_hopeless: Callable[[], bool]
    ) -> None:
        """`window`: how many records of a stream are taken before the first of them is answered."""
        self._dispatch = dispatch
        self._queue = queue
        self._tokens = tokens
        self._window = window
        self._is_hopeless = is_hopeless

    def admit(self, head: Head) -> Response | Whole | Stream:
        """How a request is answered, or its refusal; never raises for anything that a sender can do."""
        format_ = find_format(head)
        if isinstance(format_, Response):
            return format_
        if not self._tokens.accept(head.headers.get(b"authorization", b"")):
            return refuse(_UNAUTHORIZED, ("www-authenticate", "Bearer"))
        if format_ is Format.LINES:
            lane = self._queue.open_lane()
            return self._overloaded(1) if lane is None else Stream(partial(self._lines, lane))
        return Whole(self._records)

    async def _records(self, body: bytes) -> Response:
        try:
            value = json_text.parse(body)
        except ValueError as error:
            return refuse(_no_json(error))
        if not isinstance(value, (dict, list)):
            return refuse(Failure(Code.MALFORMED_BODY, "the body must be a record (object) or records (array)"))
        if isinstance(value, list) and len(value) > MOST_RECORDS:
            return refuse(Failure(Code.BATCH_TOO_LARGE, f"at most {MOST_RECORDS} records; found {len(value)}"))
        lane = self._queue.open_lane()
        if lane is None:
            return self._overloaded(len(value) if isinstance(value, list) else 1)
        if isinstance(value, list):
            return await self._many(value, lane)
        return respond_with(await self._reply(self._accept(value, lane)))

    async def _many(self, values: list[Any], lane: Lane) -> Response:
        accepted = []
        for index, value in enumerate(values):
            if index % _TURN == _TURN - 1:
                await asyncio.sleep(0)
            accepted.append(self._accept(value, lane))
        bodies = [(await self._reply(one)).body for one in accepted]
        return Response(200, b"[%b]" % b",".join(bodies))

    async def _lines(self, lane: Lane, lines: Lines) -> AsyncIterator[bytes]:
        taken: asyncio.Queue[Accepted | Reply | None] = asyncio.Queue(self._window)
        taking = asyncio.create_task(self._take(lines, lane, taken))
        while (one := await taken.get()) is not None:
            yield (await self._reply(one)).body
        await taking

    async def _take(self, lines: Lines, lane: Lane, taken: asyncio.Queue[Accepted | Reply | None]) -> None:
        """Start the records of a stream, no more than the window ahead of their answers."""
        count = 0
        try:
            async for line in lines:
                count += 1
                if count % _TURN == 0:
                    await asyncio.sleep(0)
                await taken.put(self._accept_line(line, lane))
        finally:
            await taken.put(None)

    def _accept_line(self, line: bytes | Failure, lane: Lane) -> Accepted | Reply:
        if isinstance(line, Failure):
            return problem(line)
        try:
            value = json_text.parse(line)
        except ValueError as error:
            return problem(_no_json(error))
        return self._accept(value, lane)

    def _accept(self, value: Any, lane: Lane) -> Accepted | Reply:
        return self._dispatch.accept(value, lane, hopeless=self._is_hopeless())

    async def _reply(self, accepted: Accepted | Reply) -> Reply:
        return accepted if isinstance(accepted, Reply) else await self._dispatch.reply(accepted)

    def _overloaded(self, count: int) -> Response:
        self._dispatch.overloaded(count)
        return refuse(QUEUE_FULL)


_UNAUTHORIZED = Failure(Code.UNAUTHORIZED, "the header `authorization: Bearer TOKEN` is missing or has no valid token")


def _no_json(error: ValueError) -> Failure:
    return Failure(Code.MALFORMED_BODY, f"the body is no JSON text: {error}")
