from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.engine.backoff import Backoff


def test_each_failure_doubles_the_delay_until_the_cap() -> None:
    backoff = Backoff(base=1, factor=2, cap=30, jitter=0)
    assert [backoff.delay(n, chance=1) for n in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]


@given(failures=st.integers(1, 10**9), chance=st.floats(0, 1))
def test_a_delay_is_positive_and_never_above_the_cap(failures: int, chance: float) -> None:
    backoff = Backoff()
    assert 0 < backoff.delay(failures, chance=chance) <= backoff.cap
