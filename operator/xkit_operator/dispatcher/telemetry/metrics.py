"""What the runner counts, for Prometheus. Labels have few values: a slug counts only when a mapping names it."""

from collections import Counter
from collections.abc import Callable, Iterable

from xkit_operator.dispatcher.outcomes.outcome import Outcome
from xkit_operator.dispatcher.telemetry.exposition import Family, counter, expose, gauge
from xkit_operator.dispatcher.telemetry.process import process_families
from xkit_operator.dispatcher.telemetry.tally import Tally


class Metrics:
    """The counters of one runner."""

    def __init__(self) -> None:
        self._tally = Tally()
        self._mapping_errors: Counter[tuple[str, ...]] = Counter()
        self._warnings: Counter[tuple[str, ...]] = Counter()
        self._executor_ends: Counter[tuple[str, ...]] = Counter()
        self._in_flight: Callable[[], float] = int
        self._waiting: Callable[[], float] = int
        self.ready_executors = 0
        """Executors that are ready."""
        self.executor_memory = 0
        """Resident bytes of the largest executor."""

    def watch(self, *, in_flight: Callable[[], float], waiting: Callable[[], float]) -> None:
        """Where the numbers of records in flight and waiting are read when somebody asks."""
        self._in_flight = in_flight
        self._waiting = waiting

    def records(self, count: int, *, operation: str, source: str, outcome: Outcome, seconds: float) -> None:
        """Count records that were answered together, after so many seconds each."""
        self._tally.add(count, operation=operation, source=source, outcome=outcome, seconds=seconds)

    def mapping_error(self, *, source: str, input_name: str, code: str) -> None:
        """Count an input that could not be filled."""
        self._mapping_errors[source, input_name, code] += 1

    def result_warning(self, code: str) -> None:
        """Count a result that could not be passed on."""
        self._warnings[(code,)] += 1

    def executor_ended(self, reason: str) -> None:
        """Count an executor that ended."""
        self._executor_ends[(reason,)] += 1

    def expose(self) -> bytes:
        """All of it, in Prometheus' text format."""
        return expose(self.families())

    def families(self) -> Iterable[Family]:
        """All of it, as it is now."""
        yield from process_families()
        yield from self._tally.families()
        yield counter(
            "xkit_runner_mapping_errors_total",
            "Inputs that a record could not fill, those included that became null for it.",
            ("source", "input", "code"),
            self._mapping_errors.items(),
        )
        yield counter(
            "xkit_runner_result_warnings_total",
            "Records that succeeded with a result that could not be passed on.",
            ("code",),
            self._warnings.items(),
        )
        yield counter(
            "xkit_runner_executor_restarts_total",
            "Executors that ended and were replaced.",
            ("reason",),
            self._executor_ends.items(),
        )
        yield gauge("xkit_runner_records_in_flight", "Records that an executor has now.", self._in_flight())
        yield gauge("xkit_runner_records_waiting", "Records that wait now.", self._waiting())
        yield gauge("xkit_runner_executors_ready", "Executors that are ready, standbys included.", self.ready_executors)
        yield gauge(
            "xkit_runner_executor_resident_memory_bytes",
            "Resident memory of the largest executor, which limits.memory bounds.",
            self.executor_memory,
        )
