"""Durations and memory sizes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.api.quantity import millicores, seconds, whole_bytes


@pytest.mark.parametrize(
    ("text", "expected"),
    [("30s", 30), ("500ms", 0.5), ("1m30s", 90), ("1.5h", 5400), ("1h1m1s1ms", 3661.001), ("0s", 0), ("1s1s", 2)],
)
def test_a_duration_is_the_sum_of_its_parts(text: str, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100", 100),
        ("1k", 1000),
        ("1Ki", 1024),
        ("256Mi", 268_435_456),
        ("1M", 1_000_000),
        ("0.5Gi", 536_870_912),
        ("1G", 10**9),
        ("0.1Ki", 103),
    ],
)
def test_a_size_is_whole_bytes_rounded_up(text: str, expected: int) -> None:
    assert whole_bytes(text) == expected


@given(st.integers(0, 10**9))
def test_milliseconds_are_not_lost(milliseconds: int) -> None:
    assert seconds(f"{milliseconds}ms") == milliseconds / 1000


@pytest.mark.parametrize(
    ("cpu", "thousandths"), [("1", 1000), ("0.5", 500), ("500m", 500), ("1.125", 1125), ("2500m", 2500), ("64", 64_000)]
)
def test_a_cpu_is_a_number_of_thousandths(cpu: str, thousandths: int) -> None:
    assert millicores(cpu) == thousandths
