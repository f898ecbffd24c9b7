"""Each change is counted once in each stage, and never as ready when it failed first."""

import re
from collections.abc import Callable

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from xkit_operator.app.changes import Changes
from xkit_operator.reconcile.key import Key

KEY, OTHER = Key("Destination", "a", "crm"), Key("Destination", "a", "erp")


def counted(tell: Callable[[Changes], None]) -> dict[str, int]:
    registry = CollectorRegistry()
    tell(Changes(registry))
    found = re.findall(r'_count\{stage="(\w+)"\} (\S+)', generate_latest(registry).decode())
    return {stage: int(float(count)) for stage, count in found}


def through(changes: Changes) -> None:
    changes.seen(KEY, 1, 0)
    for _ in range(2):
        changes.reached(KEY, 1, "image")
        changes.reached(KEY, 1, "ready")


def unchanged_image(changes: Changes) -> None:
    changes.seen(KEY, 7, 0)
    changes.reached(KEY, 7, "ready")


def mended(changes: Changes) -> None:
    changes.seen(KEY, 1, 0)
    for stage in ("stalled", "image", "ready"):
        changes.reached(KEY, 1, stage)


def fallen(changes: Changes) -> None:
    through(changes)
    changes.seen(KEY, 1, 0)
    changes.reached(KEY, 1, "stalled")
    changes.reached(KEY, 1, "ready")


def overtaken(changes: Changes) -> None:
    changes.seen(KEY, 1, 0)
    changes.seen(KEY, 2, 0)
    changes.reached(KEY, 1, "ready")
    changes.reached(KEY, 2, "ready")


def unseen(changes: Changes) -> None:
    changes.reached(KEY, 1, "ready")
    changes.seen(OTHER, 1, 0)
    changes.gone(OTHER)
    changes.reached(OTHER, 1, "ready")


@pytest.mark.parametrize(
    ("tell", "counts"),
    [
        (through, {"image": 1, "ready": 1}),
        (unchanged_image, {"ready": 1}),
        (mended, {"stalled": 1}),
        (fallen, {"image": 1, "ready": 1}),
        (overtaken, {"ready": 1}),
        (unseen, {}),
    ],
)
def test_what_counts(tell: Callable[[Changes], None], counts: dict[str, int]) -> None:
    assert counted(tell) == counts


def test_the_time_that_a_change_has_waited_counts() -> None:
    registry = CollectorRegistry()
    changes = Changes(registry)
    changes.seen(KEY, 1, 40)
    changes.reached(KEY, 1, "ready")
    assert registry.get_sample_value("xkit_operator_change_seconds_sum", {"stage": "ready"}) == pytest.approx(40, abs=5)
