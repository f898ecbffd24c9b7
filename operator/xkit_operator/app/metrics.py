"""The operator's metrics, in Prometheus' text format under `/metrics`; all names start with `xkit_operator_`.

The other parts call its methods, or are handed them as callbacks; none of them knows the library.
"""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from xkit_operator.app.changes import Changes
from xkit_operator.engine.queue import KeyedQueue
from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.telemetry import Stage

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)


class Metrics:
    """Counters of one process. Implements `reconcile.telemetry.Telemetry`."""

    def __init__(self, version: str) -> None:
        own = self._registry = CollectorRegistry()
        self._reconciles = Counter(
            "xkit_operator_reconciles", "Runs by kind and result.", ["kind", "result"], registry=own
        )
        self._reconcile_seconds = Histogram(
            "xkit_operator_reconcile_seconds", "Duration of a run.", ["kind"], buckets=_SECONDS, registry=own
        )
        self._builds = Counter("xkit_operator_builds", "Function images pushed, or why not.", ["outcome"], registry=own)
        self._build_seconds = Histogram(
            "xkit_operator_build_seconds", "Duration of a build and push.", buckets=_SECONDS, registry=own
        )
        self._api_requests = Counter(
            "xkit_operator_api_requests", "Kubernetes API requests; code 0: no answer.", ["verb", "code"], registry=own
        )
        self._registry_requests = Counter(
            "xkit_operator_registry_requests", "Registry requests; code 0: no answer.", ["method", "code"], registry=own
        )
        self._changes = Changes(own)
        self._last_event = Gauge(
            "xkit_operator_last_watch_event_timestamp_seconds", "When a watch last said something.", registry=own
        )
        self._leader = Gauge("xkit_operator_leader", "1 while this process is the one that works.", registry=own)
        self._depth = Gauge("xkit_operator_queue_depth", "Keys that wait for a worker.", registry=own)
        self._oldest = Gauge(
            "xkit_operator_queue_oldest_seconds", "For how long the oldest of them has waited.", registry=own
        )
        Gauge("xkit_operator_info", "The version that runs.", ["version"], registry=own).labels(version).set(1)

    def watch_queue(self, queue: KeyedQueue[Key]) -> None:
        """Read depth and age from `queue` at each scrape."""
        self._depth.set_function(lambda: queue.depth)
        self._oldest.set_function(lambda: queue.oldest_wait)

    def watch_leadership(self, leads: Callable[[], bool]) -> None:
        """Ask `leads` at each scrape."""
        self._leader.set_function(leads)

    def reconciled(self, key: Key, result: str, seconds: float) -> None:
        """A run ended."""
        self._reconciles.labels(key.kind, result).inc()
        self._reconcile_seconds.labels(key.kind).observe(seconds)

    def api_request(self, verb: str, code: int) -> None:
        """The API server answered, or did not (0)."""
        self._api_requests.labels(verb, str(code)).inc()

    def registry_request(self, method: str, code: int) -> None:
        """The registry answered, or did not (0)."""
        self._registry_requests.labels(method, str(code)).inc()

    def watch_event(self) -> None:
        """A watch said something."""
        self._last_event.set_to_current_time()

    def built(self, outcome: str, seconds: float) -> None:
        """An image was pushed, or not."""
        self._builds.labels(outcome).inc()
        self._build_seconds.observe(seconds)

    def spec_seen(self, key: Key, generation: int, waited: float) -> None:
        """A spec has changed."""
        self._changes.seen(key, generation, waited)

    def reached(self, key: Key, generation: int, stage: Stage) -> None:
        """A change has come so far."""
        self._changes.reached(key, generation, stage)

    def gone(self, key: Key) -> None:
        """Forget a Destination."""
        self._changes.gone(key)

    def exposition(self) -> bytes:
        """The text that Prometheus scrapes."""
        return generate_latest(self._registry)
