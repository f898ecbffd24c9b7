"""One record from its envelope to its answer: mapping, queue, executor, and the count and log line of how it ended.

The core calls `accept` for each record of a request, in order, and then awaits `reply` for each. A failure is logged
by its codes; messages may quote the record and reach the sender alone.
"""

import asyncio
from dataclasses import dataclass
from math import ceil
from typing import Any

from xkit_operator.api.runner import RunnerConfiguration
from xkit_operator.dispatcher import json_text
from xkit_operator.dispatcher.dispatching.mappings import Mappings
from xkit_operator.dispatcher.executors.frames import MOST_PAYLOAD
from xkit_operator.dispatcher.intake.records import Malformed, Record
from xkit_operator.dispatcher.intake.refusals import malformed, not_resolved
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure, Outcome
from xkit_operator.dispatcher.outcomes.reply import Reply, from_executor, problem
from xkit_operator.dispatcher.queueing.job import Job
from xkit_operator.dispatcher.queueing.queue import NO_EXECUTOR, Lane, Queue
from xkit_operator.dispatcher.telemetry.log import Log
from xkit_operator.dispatcher.telemetry.metrics import Metrics
from xkit_operator.dispatcher.telemetry.sampling import Successes
from xkit_operator.errors import InvalidFrame
from xkit_operator.mapping.result import InputError

UNKNOWN = "unknown"
_HANDED_BACK = frozenset((Code.SHUTTING_DOWN, Code.NO_EXECUTOR, Code.QUEUE_TIMEOUT, Code.EXECUTOR_LOST))
"""No fault of the record or of its function: its sender sends it again, as in an ordinary rollout."""


@dataclass(slots=True)
class Accepted:
    """A record that waits or runs."""

    record: Record
    job: Job
    since: float


class Dispatch:
    """Takes records in and answers them."""

    def __init__(
        self, configuration: RunnerConfiguration, mappings: Mappings, *, queue: Queue, metrics: Metrics, log: Log
    ) -> None:
        self._mappings = mappings
        self._timeout_ms = ceil(configuration.limits.timeout_seconds * 1000)
        self._queue = queue
        self._metrics = metrics
        self._log = log
        self._successes = Successes(log)
        self._loop = asyncio.get_running_loop()

    def accept(self, record: Record | Malformed, lane: Lane, *, hopeless: bool) -> Accepted | Reply:
        """Put a record into the queue, or answer it at once. `hopeless` says that nobody could run it."""
        since = self._loop.time()
        if isinstance(record, Malformed):
            return self._malformed(record)
        mapping = self._mappings.find(record)
        if isinstance(mapping, Reply):
            return self._done(record, mapping, since)
        resolved = mapping.resolve(record.record)
        for error in resolved.nulled:
            self._metrics.mapping_error(source=record.slug, input_name=error.input, code=error.code)
        if resolved.errors:
            return self._unmapped(record, resolved.errors, since)
        if hopeless:
            return self._done(record, problem(NO_EXECUTOR, record_id=record.id), since)
        payload = self._payload(record, resolved.inputs)
        if len(payload) > MOST_PAYLOAD:
            failure = Failure(Code.BODY_TOO_LARGE, f"the call has {len(payload)} bytes; at most {MOST_PAYLOAD}")
            return self._done(record, problem(failure, record_id=record.id), since)
        record.let_go()
        job = Job(self._queue, payload, key=record.key, loop=self._loop)
        self._queue.put(job, lane)
        return Accepted(record, job, since)

    async def reply(self, accepted: Accepted) -> Reply:
        """Wait for the answer to a record in the queue."""
        record = accepted.record
        answer = await accepted.job.answer
        try:
            if isinstance(answer, Failure):
                reply = problem(answer, record_id=record.id)
            else:
                reply = from_executor(answer, record_id=record.id)
        except InvalidFrame as error:
            self._log.error("the function container broke the protocol", detail=str(error))
            failure = Failure(Code.EXECUTOR_DIED, "the executor's answer broke the protocol")
            reply = problem(failure, record_id=record.id)
        return self._done(record, reply, accepted.since, until=accepted.job.answered_at)

    def overloaded(self, count: int) -> None:
        """Take note of `count` records that were refused unread."""
        for _ in range(count):
            self._metrics.record(operation=UNKNOWN, source=UNKNOWN, outcome=Outcome.OVERLOADED, seconds=0)
        self._log.warning("records refused", outcome=Outcome.OVERLOADED, code=Code.QUEUE_FULL, records=count)

    def _payload(self, record: Record, inputs: dict[str, Any]) -> bytes:
        call = {
            "operation": record.operation,
            "inputs": inputs,
            "context": record.context,
            "connection": record.connection,
            "source": record.source,
            "meta": record.meta(),
            "timeoutMs": self._timeout_ms,
        }
        return json_text.dump(call)

    def _malformed(self, found: Malformed) -> Reply:
        reply = malformed(found)
        self._metrics.record(operation=UNKNOWN, source=UNKNOWN, outcome=reply.outcome, seconds=0)
        self._log.error(
            "record malformed",
            id=found.record_id,
            traceparent=found.traceparent,
            code=reply.code,
            errors=[{"code": str(error.code)} for error in found.errors],
        )
        return reply

    def _unmapped(self, record: Record, errors: list[InputError], since: float) -> Reply:
        for error in errors:
            self._metrics.mapping_error(source=record.slug, input_name=error.input, code=error.code)
        codes = [{"input": error.input, "code": error.code.value} for error in errors]
        return self._done(record, not_resolved(record, errors), since, errors=codes)

    def _done(
        self,
        record: Record,
        reply: Reply,
        since: float,
        *,
        until: float | None = None,
        errors: list[dict[str, str]] | None = None,
    ) -> Reply:
        now = self._loop.time() if until is None else until
        seconds = now - since
        source = record.slug if record.slug in self._mappings.slugs else UNKNOWN
        self._metrics.record(operation=record.operation, source=source, outcome=reply.outcome, seconds=seconds)
        if reply.warning is not None:
            self._metrics.result_warning(reply.warning)
        if reply.outcome is Outcome.SUCCEEDED:
            self._successes.add(
                record_id=record.id, operation=record.operation, source=source, seconds=seconds, now=now
            )
        elif reply.code is not None:
            say = self._log.warning if reply.code in _HANDED_BACK else self._log.error
            say(
                "record failed",
                id=record.id,
                traceparent=record.traceparent,
                operation=record.operation,
                source=source,
                attempt=record.attempt,
                outcome=reply.outcome,
                code=reply.code,
                status=reply.status,
                seconds=round(seconds, 4),
                errors=errors,
            )
        return reply
