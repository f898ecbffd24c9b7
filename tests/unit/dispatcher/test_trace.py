"""Which texts are a traceparent."""

import pytest

from xkit_operator.dispatcher.intake.trace import read_traceparent, traceparent_of

GOOD = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.mark.parametrize("given", [GOOD, "fe" + GOOD[2:], GOOD[:-2] + "ff"])
def test_a_traceparent_is_taken_as_it_is(given: str) -> None:
    assert read_traceparent(given) == given
    assert traceparent_of({b"traceparent": given.encode()}) == given


@pytest.mark.parametrize(
    "given",
    [
        None,
        7,
        "",
        "ff" + GOOD[2:],
        GOOD.upper(),
        GOOD[:-1],
        GOOD + "-00",
        GOOD + "\n",
        GOOD.replace("-", "_"),
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-4bf92f3577b34da6a3ce929d0e0e4736-{'0' * 16}-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
    ],
)
def test_anything_else_is_ignored(given: object) -> None:
    assert read_traceparent(given) is None


def test_a_request_without_the_header_or_with_bytes_in_it_has_none() -> None:
    assert traceparent_of({}) is None
    assert traceparent_of({b"traceparent": b"\xff\x00"}) is None
