"""One record from its envelope to its answer: mapping, queue, executor, and the count and log line of how it ended.

The core calls `accept` for each record of a request, in order, and is called back with each reply as soon as there is
one. A failure is logged by its codes; messages may quote the record and reach the sender alone.
"""

import asyncio
from collections.abc import Callable
from functools import partial
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
from xkit_operator.dispatcher.queueing.job import Answer, Job
from xkit_operator.dispatcher.queueing.queue import NO_EXECUTOR, Lane, Queue
from xkit_operator.dispatcher.telemetry.log import Log
from xkit_operator.dispatcher.telemetry.metrics import Metrics
from xkit_operator.dispatcher.telemetry.sampling import Successes
from xkit_operator.errors import InvalidFrame
from xkit_operator.mapping.result import InputError

OnReply = Callable[[Reply], None]
Witness = Callable[[Record | Malformed, Reply, float], None]
"""Sees each record, its reply and the seconds between them; in a Pod there is none, since replies quote records."""

UNKNOWN = "unknown"
_HANDED_BACK = frozenset((Code.SHUTTING_DOWN, Code.NO_EXECUTOR, Code.QUEUE_TIMEOUT, Code.EXECUTOR_LOST))
"""No fault of the record or of its function: its sender sends it again, as in an ordinary rollout."""


class Dispatch:
    """Takes records in and answers them."""

    def __init__(
        self,
        configuration: RunnerConfiguration,
        mappings: Mappings,
        *,
        queue: Queue,
        metrics: Metrics,
        log: Log,
        witness: Witness | None = None,
    ) -> None:
        self._mappings = mappings
        self._timeout_ms = ceil(configuration.limits.timeout_seconds * 1000)
        self._queue = queue
        self._metrics = metrics
        self._log = log
        self._witness = witness
        self._successes = Successes(log)
        self._loop = asyncio.get_running_loop()

    def accept(self, record: Record | Malformed, lane: Lane, on_reply: OnReply, *, hopeless: bool) -> None:
        """Put a record into the queue, or answer it at once. `hopeless` says that nobody could run it."""
        since = self._loop.time()
        if isinstance(record, Malformed):
            on_reply(self._malformed(record))
            return
        payload = self._prepare(record, since, hopeless=hopeless)
        if isinstance(payload, Reply):
            on_reply(payload)
            return
        record.let_go()
        on_answer = partial(self._answered, record, since, on_reply)
        self._queue.put(Job(self._queue, payload, key=record.key, on_answer=on_answer), lane)

    def _prepare(self, record: Record, since: float, *, hopeless: bool) -> bytes | Reply:
        """The call of the function, or the answer to a record for which none is called."""
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
        return payload

    def _answered(self, record: Record, since: float, on_reply: OnReply, answer: Answer, now: float) -> None:
        try:
            if isinstance(answer, Failure):
                reply = problem(answer, record_id=record.id)
            else:
                reply = from_executor(answer, record_id=record.id)
        except InvalidFrame as error:
            self._log.error("the function container broke the protocol", detail=str(error))
            failure = Failure(Code.EXECUTOR_DIED, "the executor's answer broke the protocol")
            reply = problem(failure, record_id=record.id)
        on_reply(self._done(record, reply, since, until=now))

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
        if self._witness is not None:
            self._witness(found, reply, 0.0)
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
        if self._witness is not None:
            self._witness(record, reply, seconds)
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
