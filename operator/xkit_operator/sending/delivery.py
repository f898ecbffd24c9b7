"""A whole run: the source, the endpoint and the files put together, until the end, a problem, or Ctrl-C."""

import asyncio
import signal
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from xkit_operator.sending.failures import Failures
from xkit_operator.sending.journal import Journal
from xkit_operator.sending.lines import LineTooLong
from xkit_operator.sending.position import Position, PositionFile, WrongPosition
from xkit_operator.sending.post import Endpoint, Post, Refused, Unreachable
from xkit_operator.sending.reading import read_ahead
from xkit_operator.sending.reporter import Reporter
from xkit_operator.sending.retry import RetryPolicy
from xkit_operator.sending.sender import Pace, Sender
from xkit_operator.sending.source import Source, UnreadableRecords
from xkit_operator.sending.summary import Summary

_TICK = 0.1


@dataclass(frozen=True)
class Plan:
    """What is to be sent, where to, and how."""

    source: Source
    endpoint: Endpoint
    pace: Pace
    policy: RetryPolicy
    position: Path | None = None
    failures: Path | None = None


@dataclass(frozen=True)
class Delivery:
    """What has been sent."""

    summary: Summary
    position: Position
    problem: str | None = None
    """Why it ended before the end."""
    is_usage: bool = False
    """Whether the problem is one of how it was called: nothing was sent."""

    @property
    def exit_code(self) -> int:
        if self.is_usage:
            return 2
        return 1 if self.problem is not None or self.summary.failed else 0


async def deliver(plan: Plan) -> Delivery:
    """Send what `plan` says."""
    file = None if plan.position is None or plan.source.path is None else PositionFile(plan.position, plan.source.path)
    summary, start = Summary(), Position()
    try:
        start = file.read() if file is not None else start
        failures = Failures(plan.failures, anew=start.line == 0)
    except (WrongPosition, OSError) as error:
        return Delivery(summary, start, str(error), is_usage=True)
    journal = Journal(start=start, summary=summary, failures=failures, position=file)
    with failures:
        try:
            interrupted = await _send(plan, journal, start)
        except (UnreadableRecords, LineTooLong) as error:
            return Delivery(summary, journal.position, str(error), is_usage=not summary.records)
        except (Unreachable, Refused, OSError) as error:
            return Delivery(summary, journal.position, _where(f"{error}", journal, plan))
    problem = _where("stopped", journal, plan) if interrupted else None
    return Delivery(summary, journal.position, problem)


async def _send(plan: Plan, journal: Journal, start: Position) -> bool:
    """Whether it was interrupted. The first Ctrl-C waits for the requests in flight, the second one does not."""
    loop = asyncio.get_running_loop()
    interrupted = asyncio.Event()
    async with AsyncExitStack() as stack:
        post = await stack.enter_async_context(Post(plan.endpoint, connections=plan.pace.concurrency))
        sender = Sender(post, journal, pace=plan.pace, policy=plan.policy)
        lines = read_ahead(plan.source.pieces(line=start.line, offset=start.offset))
        running = loop.create_task(sender.run(lines))

        def interrupt() -> None:
            if interrupted.is_set():
                running.cancel()
            interrupted.set()
            sender.stop()

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, interrupt)
            stack.callback(loop.remove_signal_handler, number)
        reporter = Reporter(journal, size=plan.source.size)
        stack.callback(reporter.clear)
        while not running.done():
            await asyncio.wait({running}, timeout=_TICK)
            reporter.tick()
        if not running.cancelled():
            running.result()
    return interrupted.is_set()


def _where(problem: str, journal: Journal, plan: Plan) -> str:
    """A problem, and where it leaves the sender."""
    place = f"{problem}; every line up to {journal.position.line} is settled"
    return place if plan.position is None else f"{place}; the same command goes on from there"
