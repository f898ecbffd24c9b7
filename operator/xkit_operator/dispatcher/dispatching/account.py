"""The account of the records: the count, the log line and the witness of how each of them ended.

A failure is logged by its codes; messages may quote the record and reach the sender alone.
"""

from collections.abc import Callable, Iterable, Sequence

from xkit_operator.dispatcher.intake.records import Malformed, Record
from xkit_operator.dispatcher.outcomes.outcome import Code, Outcome
from xkit_operator.dispatcher.outcomes.reply import Reply
from xkit_operator.dispatcher.telemetry.log import Log
from xkit_operator.dispatcher.telemetry.metrics import Metrics
from xkit_operator.dispatcher.telemetry.sampling import Successes
from xkit_operator.mapping.result import InputError

Witness = Callable[[Record | Malformed, Reply, float], None]
"""Sees each record, its reply and the seconds between them; in a Pod there is none, since replies quote records."""

UNKNOWN = "unknown"
_HANDED_BACK = frozenset((Code.SHUTTING_DOWN, Code.NO_EXECUTOR, Code.QUEUE_TIMEOUT, Code.EXECUTOR_LOST))
"""No fault of the record or of its function: its sender sends it again, as in an ordinary rollout."""


class Account:
    """Takes note of records that are answered."""

    def __init__(self, slugs: frozenset[str], *, metrics: Metrics, log: Log, witness: Witness | None) -> None:
        """`slugs`: the sources that mappings name."""
        self._slugs = slugs
        self._metrics = metrics
        self._log = log
        self._witness = witness
        self._successes = Successes(log)

    def malformed(self, found: Malformed, reply: Reply) -> None:
        """Take note of what was no record."""
        self._count(UNKNOWN, UNKNOWN, reply.outcome)
        self._log.error(
            "record malformed",
            id=found.record_id,
            traceparent=found.traceparent,
            code=reply.code,
            errors=[{"code": str(error.code)} for error in found.errors],
        )
        if self._witness is not None:
            self._witness(found, reply, 0.0)

    def overloaded(self, count: int) -> None:
        """Take note of `count` records that were refused unread."""
        self._count(UNKNOWN, UNKNOWN, Outcome.OVERLOADED, count=count)
        self._log.warning("records refused", outcome=Outcome.OVERLOADED, code=Code.QUEUE_FULL, records=count)

    def not_coerced(self, record: Record, errors: Iterable[InputError]) -> None:
        """Take note of inputs that `record` could not fill."""
        for error in errors:
            self._metrics.mapping_error(source=record.slug, input_name=error.input, code=error.code)

    def succeeded(self, answered: Sequence[tuple[Record, Reply]], since: float, now: float) -> None:
        """Take note of records that succeeded without a warning, begun and answered together."""
        seconds = now - since
        kinds: dict[tuple[str, str], int] = {}  # a Counter costs more than all else for a record that came alone
        for record, _ in answered:
            kind = record.operation, record.slug
            kinds[kind] = kinds.get(kind, 0) + 1
        for (operation, source), count in kinds.items():
            self._count(operation, source, Outcome.SUCCEEDED, count=count, seconds=seconds)
        self._sample(answered[0][0], len(answered), seconds, now)
        if self._witness is not None:
            for record, reply in answered:
                self._witness(record, reply, seconds)

    def ended(
        self,
        record: Record,
        reply: Reply,
        since: float,
        now: float,
        *,
        errors: list[dict[str, str]] | None = None,
    ) -> None:
        """Take note of a record that ended in any way; `errors` are those of its inputs."""
        seconds = now - since
        source = record.slug if record.slug in self._slugs else UNKNOWN
        self._count(record.operation, source, reply.outcome, seconds=seconds)
        if self._witness is not None:
            self._witness(record, reply, seconds)
        if reply.warning is not None:
            self._metrics.result_warning(reply.warning)
        if reply.outcome is Outcome.SUCCEEDED:
            self._sample(record, 1, seconds, now)
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

    def _sample(self, record: Record, count: int, seconds: float, now: float) -> None:
        """Log it now and then, for itself and for those that succeeded with it: their mapping names their source."""
        self._successes.add(count, record.id, operation=record.operation, source=record.slug, seconds=seconds, now=now)

    def _count(self, operation: str, source: str, outcome: Outcome, *, count: int = 1, seconds: float = 0) -> None:
        self._metrics.records(count, operation=operation, source=source, outcome=outcome, seconds=seconds)
