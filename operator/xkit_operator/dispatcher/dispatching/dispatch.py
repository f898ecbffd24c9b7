"""Records from their envelopes into the queue: mapping and the call of the function, or the answer without a call.

The core calls `accept` with records of a request, in order, and is told of each reply as soon as there is one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING, Any

from xkit_operator.dispatcher import json_text
from xkit_operator.dispatcher.dispatching.account import Account, Witness
from xkit_operator.dispatcher.dispatching.group import Group
from xkit_operator.dispatcher.dispatching.mappings import Mappings
from xkit_operator.dispatcher.dispatching.replies import Replies
from xkit_operator.dispatcher.executors.frames import MOST_PAYLOAD
from xkit_operator.dispatcher.executors.messages import Call, CallMeta
from xkit_operator.dispatcher.intake.records import Malformed, Record
from xkit_operator.dispatcher.intake.refusals import malformed, not_resolved
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure
from xkit_operator.dispatcher.outcomes.reply import Reply, problem
from xkit_operator.dispatcher.queueing.job import Job
from xkit_operator.dispatcher.queueing.queue import NO_EXECUTOR, Lane, Queue
from xkit_operator.dispatcher.telemetry.log import Log
from xkit_operator.dispatcher.telemetry.metrics import Metrics

if TYPE_CHECKING:
    from xkit_operator.api.runner import RunnerConfiguration


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
        self._log = log
        self._account = Account(mappings.slugs, metrics=metrics, log=log, witness=witness)
        self._loop = asyncio.get_running_loop()

    def accept(
        self, records: Iterable[tuple[int, Record | Malformed]], lane: Lane, replies: Replies, *, hopeless: bool
    ) -> None:
        """Put records of one request, each with its index, into the queue, or answer them at once.

        `hopeless` says that nobody could run them.
        """
        group = Group(replies, self._account, self._log, since=self._loop.time())
        jobs = []
        for index, record in records:
            if isinstance(record, Malformed):
                replies.take(index, self._malformed(record))
                continue
            payload = self._prepare(record, group.since, hopeless=hopeless)
            if isinstance(payload, Reply):
                replies.take(index, payload)
                continue
            group.add(index, record)
            jobs.append(Job(self._queue, payload, record.key, group, index))
        if jobs:
            self._queue.put(jobs, lane)

    def overloaded(self, count: int) -> None:
        """Take note of `count` records that were refused unread."""
        self._account.overloaded(count)

    def _prepare(self, record: Record, since: float, *, hopeless: bool) -> bytes | Reply:
        """The call of the function, or the answer to a record for which none is called."""
        mapping = self._mappings.find(record)
        if isinstance(mapping, Reply):
            return self._ended(record, mapping, since)
        resolved = mapping.resolve(record.record)
        if resolved.nulled:
            self._account.not_coerced(record, resolved.nulled)
        if resolved.errors:
            self._account.not_coerced(record, resolved.errors)
            codes = [{"input": error.input, "code": error.code.value} for error in resolved.errors]
            return self._ended(record, not_resolved(record, resolved.errors), since, errors=codes)
        if hopeless:
            return self._ended(record, problem(NO_EXECUTOR, record_id=record.id), since)
        payload = self._payload(record, resolved.inputs)
        if len(payload) > MOST_PAYLOAD:
            failure = Failure(Code.BODY_TOO_LARGE, f"the call has {len(payload)} bytes; at most {MOST_PAYLOAD}")
            return self._ended(record, problem(failure, record_id=record.id), since)
        return payload

    def _payload(self, record: Record, inputs: dict[str, Any]) -> bytes:
        meta = CallMeta(record.id, record.attempt, record.time, record.key, record.traceparent)
        call = Call(record.operation, inputs, record.context, record.connection, record.source, meta, self._timeout_ms)
        return json_text.dump(call)

    def _malformed(self, found: Malformed) -> Reply:
        reply = malformed(found)
        self._account.malformed(found, reply)
        return reply

    def _ended(
        self, record: Record, reply: Reply, since: float, *, errors: list[dict[str, str]] | None = None
    ) -> Reply:
        self._account.ended(record, reply, since, self._loop.time(), errors=errors)
        return reply
