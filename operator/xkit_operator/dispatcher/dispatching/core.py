"""The one way from a request to its answer: no socket, no HTTP syntax. The server around it can be replaced.

A record comes alone, in a batch, or as a line of a stream; the first two also as CloudEvents. Alone, its status is the
response's own; a batch answers 200 with one result per record, in order, and so does each line of a stream.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from functools import partial
from itertools import islice
from typing import TypeVar

from xkit_operator.dispatcher.dispatching.dispatch import Dispatch
from xkit_operator.dispatcher.dispatching.dry_run import DryRun
from xkit_operator.dispatcher.dispatching.replies import AllReplies, OneReply, Replies
from xkit_operator.dispatcher.http.exchange import Head, Response, Stream, Whole, refuse, respond_with
from xkit_operator.dispatcher.http.lines import Lines
from xkit_operator.dispatcher.intake.bodies import Batch, ReadBody, ReadLine, body_reader, line_reader
from xkit_operator.dispatcher.intake.records import Malformed, Record
from xkit_operator.dispatcher.intake.routes import Format, find_route
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure
from xkit_operator.dispatcher.outcomes.reply import problem
from xkit_operator.dispatcher.queueing.queue import QUEUE_FULL, Lane, Queue
from xkit_operator.dispatcher.tokens import Tokens

_LARGE = 2**17  # bytes of a text whose reading takes some 20 ms at worst
_TURN = 50  # records of a batch or a stream that are mapped before others get their turn


Content = TypeVar("Content")


class Core:
    """Answers requests on the records' port."""

    def __init__(
        self,
        dispatch: Dispatch,
        dry_run: DryRun,
        queue: Queue,
        tokens: Tokens,
        *,
        window: int,
        is_hopeless: Callable[[], bool],
    ) -> None:
        """`window`: how many records of a stream are taken before the first of them is answered."""
        self._dispatch = dispatch
        self._dry_run = dry_run
        self._queue = queue
        self._tokens = tokens
        self._window = window
        self._is_hopeless = is_hopeless
        self._reading = asyncio.Lock()

    def admit(self, head: Head) -> Response | Whole | Stream:
        """How a request is answered, or its refusal; never raises for anything that a sender can do."""
        route = find_route(head)
        if isinstance(route, Response):
            return route
        if not self._tokens.accept(head.headers.get(b"authorization", b"")):
            return refuse(_UNAUTHORIZED, ("www-authenticate", "Bearer"))
        if route.format is Format.LINES:
            lane = self._queue.open_lane()
            return self._overloaded(1) if lane is None else Stream(partial(self._lines, line_reader(head), lane))
        run = self._run_in_silence if route.takes_replies else self._run
        return Whole(partial(self._rehearse if route.is_dry_run else run, body_reader(route.format, head)))

    async def _run(self, read: ReadBody, body: bytes) -> Response:
        content = await self._read(read, body)
        if isinstance(content, Failure):
            return refuse(content)
        lane = self._queue.open_lane()
        if isinstance(content, Batch):
            return self._overloaded(content.size) if lane is None else await self._many(content, lane)
        return self._overloaded(1) if lane is None else respond_with(await self._begin(content, lane).wait())

    async def _run_in_silence(self, read: ReadBody, body: bytes) -> Response:
        """A sender that takes a 2xx for an event has delivered in vain when it finds another thing, and tries again."""
        response = await self._run(read, body)
        return response._replace(body=b"") if response.status < 300 else response

    async def _many(self, batch: Batch, lane: Lane) -> Response:
        replies = AllReplies(batch.size)
        records = enumerate(batch.records)
        for start in range(0, batch.size, _TURN):
            if start:
                await asyncio.sleep(0)
            self._accept(islice(records, _TURN), lane, replies)
        return _array(await replies.bodies())

    async def _rehearse(self, read: ReadBody, body: bytes) -> Response:
        content = await self._read(read, body)
        if isinstance(content, Failure):
            return refuse(content)
        if not isinstance(content, Batch):
            return respond_with(self._dry_run.reply(content))
        bodies = []
        for record in content.records:
            await asyncio.sleep(0)  # an explanation costs far more than a mapping
            bodies.append(self._dry_run.reply(record).body)
        return _array(bodies)

    async def _lines(self, read: ReadLine, lane: Lane, lines: Lines) -> AsyncIterator[bytes]:
        taken: asyncio.Queue[OneReply | None] = asyncio.Queue(self._window)
        taking = asyncio.create_task(self._take(lines, read, lane, taken))
        while (one := await taken.get()) is not None:
            yield (await one.wait()).body
        await taking

    async def _take(self, lines: Lines, read: ReadLine, lane: Lane, taken: asyncio.Queue[OneReply | None]) -> None:
        """Start the records of a stream, no more than the window ahead of their answers."""
        count = 0
        try:
            async for line in lines:
                count += 1
                if count % _TURN == 0:
                    await asyncio.sleep(0)
                content = line if isinstance(line, Failure) else await self._read(read, line)
                await taken.put(_refused(content) if isinstance(content, Failure) else self._begin(content, lane))
        finally:
            await taken.put(None)

    async def _read(self, read: Callable[[bytes], Content], text: bytes) -> Content:
        """Read one large text at a time, with a turn for others behind it: health must not wait for two of them."""
        if len(text) <= _LARGE:
            return read(text)
        async with self._reading:
            content = read(text)
            await asyncio.sleep(0)
            return content

    def _begin(self, record: Record | Malformed, lane: Lane) -> OneReply:
        reply = OneReply()
        self._accept(((0, record),), lane, reply)
        return reply

    def _accept(self, records: Iterable[tuple[int, Record | Malformed]], lane: Lane, replies: Replies) -> None:
        self._dispatch.accept(records, lane, replies, hopeless=self._is_hopeless())

    def _overloaded(self, count: int) -> Response:
        self._dispatch.overloaded(count)
        return refuse(QUEUE_FULL)


_UNAUTHORIZED = Failure(
    Code.UNAUTHORIZED,
    "the header `authorization: Bearer TOKEN` is missing or has no valid token; valid are those in the Secrets that "
    "spec.auth.tokens of the Destination names",
)


def _refused(failure: Failure) -> OneReply:
    reply = OneReply()
    reply.take(0, problem(failure))
    return reply


def _array(bodies: list[bytes]) -> Response:
    return Response(200, b"[%b]" % b",".join(bodies))
