"""How one request of a connection is answered: whole, or line by line while it is read."""

from collections.abc import Callable
from typing import Protocol

from xkit_operator.dispatcher.http.budget import Budget
from xkit_operator.dispatcher.http.exchange import refuse
from xkit_operator.dispatcher.http.lines import Lines
from xkit_operator.dispatcher.http.outlet import Outlet
from xkit_operator.dispatcher.http.request import StreamRequest, WholeRequest
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure
from xkit_operator.dispatcher.outcomes.reply import problem

_OUR_FAULT = Failure(Code.INTERNAL_ERROR, "the runner made a mistake; its log says more")


class AnsweringOwner(Protocol):
    """The server, as far as answers need it."""

    budget: Budget
    is_leaving: bool
    """Whether every answer is the last of its connection."""

    def handler_failed(self, error: Exception) -> None:
        """Take note of a fault of our own."""


class Answering:
    """Answers the requests of one connection, one at a time."""

    def __init__(self, owner: AnsweringOwner, outlet: Outlet, *, on_line: Callable[[], None]) -> None:
        """`on_line` is called after each line of a stream that was answered."""
        self.lines: Lines | None = None
        """Those of the stream that is being answered."""
        self._owner = owner
        self._outlet = outlet
        self._on_line = on_line

    async def answer(self, request: WholeRequest | StreamRequest) -> bool:
        """Answer `request`; True when the connection must end with it."""
        if isinstance(request, WholeRequest):
            return await self._whole(request)
        self.lines = request.lines
        try:
            return await self._lines(request)
        finally:
            self.lines = None

    async def _whole(self, request: WholeRequest) -> bool:
        try:
            response = await request.answer.answer(request.body)
        except Exception as error:  # noqa: BLE001 - the outermost loop of a request
            self._owner.handler_failed(error)
            response = refuse(_OUR_FAULT)
        self._owner.budget.give_back(request.taken)
        is_last = self._owner.is_leaving or not request.keep_alive
        self._outlet.respond(response, is_last=is_last, is_http_1_0=request.is_http_1_0, has_body=not request.is_head)
        return is_last

    async def _lines(self, request: StreamRequest) -> bool:
        lines = request.lines
        is_last = self._owner.is_leaving or not request.keep_alive
        self._outlet.begin_lines(is_last=is_last)
        if self._owner.is_leaving:
            lines.leave()
        try:
            async for answer in request.answer.answer(lines):
                lines.answered()
                self._outlet.line(answer)
                self._on_line()
                await self._outlet.read()
        except Exception as error:  # noqa: BLE001 - as above
            self._owner.handler_failed(error)
            self._outlet.line(problem(_OUR_FAULT).body)
            lines.abandon()
        self._outlet.end_lines()
        return is_last
