"""What the runner counts, for Prometheus. Labels have few values: a slug counts only when a mapping names it."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, generate_latest

from xkit_operator.dispatcher.outcomes.outcome import Outcome
from xkit_operator.dispatcher.telemetry.tally import Tally


class Metrics:
    """The counters of one runner."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry(auto_describe=True)
        ProcessCollector(namespace="xkit_runner", registry=self._registry)
        self._tally = Tally()
        self._registry.register(self._tally)
        self._mapping_errors = Counter(
            "xkit_runner_mapping_errors",
            "Inputs that a record could not fill, those included that became null for it.",
            ["source", "input", "code"],
            registry=self._registry,
        )
        self._warnings = Counter(
            "xkit_runner_result_warnings",
            "Records that succeeded with a result that could not be passed on.",
            ["code"],
            registry=self._registry,
        )
        self._executor_ends = Counter(
            "xkit_runner_executor_restarts",
            "Executors that ended and were replaced.",
            ["reason"],
            registry=self._registry,
        )
        self._in_flight = Gauge(
            "xkit_runner_records_in_flight", "Records that an executor has now.", registry=self._registry
        )
        self._waiting = Gauge("xkit_runner_records_waiting", "Records that wait now.", registry=self._registry)
        self.ready_executors = Gauge(
            "xkit_runner_executors_ready", "Executors that are ready, standbys included.", registry=self._registry
        )
        self.executor_memory = Gauge(
            "xkit_runner_executor_resident_memory_bytes",
            "Resident memory of the largest executor, which limits.memory bounds.",
            registry=self._registry,
        )

    def watch(self, *, in_flight: Callable[[], float], waiting: Callable[[], float]) -> None:
        """Where the numbers of records in flight and waiting are read when somebody asks."""
        self._in_flight.set_function(in_flight)
        self._waiting.set_function(waiting)

    def records(self, count: int, *, operation: str, source: str, outcome: Outcome, seconds: float) -> None:
        """Count records that were answered together, after so many seconds each."""
        self._tally.add(count, operation=operation, source=source, outcome=outcome, seconds=seconds)

    def mapping_error(self, *, source: str, input_name: str, code: str) -> None:
        """Count an input that could not be filled."""
        self._mapping_errors.labels(source, input_name, code).inc()

    def result_warning(self, code: str) -> None:
        """Count a result that could not be passed on."""
        self._warnings.labels(code).inc()

    def executor_ended(self, reason: str) -> None:
        """Count an executor that ended."""
        self._executor_ends.labels(reason).inc()

    def expose(self) -> bytes:
        """All of it, in Prometheus' text format."""
        return generate_latest(self._registry)
