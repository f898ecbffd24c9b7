"""When a record is tried again: bounded in calls of the function and in time, and never before it is welcome."""

import pytest

from xkit_operator.sending.answer import Answer
from xkit_operator.sending.record import Record, read_record
from xkit_operator.sending.retry import RetryPolicy


def tried(tries: int, *, started: int | None = None, waited: float = 0.0) -> Record:
    record = read_record(b"{}", line=1, end=2)
    record.tries, record.started, record.waited = tries, tries if started is None else started, waited
    return record


def answer(code: str = "RetryError", *, retryable: bool = True, after: float | None = None) -> Answer:
    return Answer("failed", {}, code, retryable, after)


def pause(record: Record, to: Answer, jitter: float = 0.0) -> float | None:
    return RetryPolicy(attempts=5, patience=100).pause(record, to, jitter=lambda: jitter)


def test_what_is_not_retryable_is_not_tried_again() -> None:
    assert pause(tried(1), answer(retryable=False)) is None


def test_without_a_word_the_pause_doubles_up_to_a_bound() -> None:
    assert [pause(tried(number, started=1), answer(), 1.0) for number in (1, 2, 3, 20)] == [0.5, 1.0, 2.0, 30.0]


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_retry_after_is_never_undercut(jitter: float) -> None:
    found = pause(tried(1), answer(after=7), jitter)
    assert found is not None
    assert 7 <= found <= 8


def test_calls_of_the_function_are_bounded_and_refusals_at_the_door_are_not_calls() -> None:
    assert pause(tried(5), answer()) is None
    assert pause(tried(50, started=4), answer("QueueFull")) is not None


def test_the_time_between_attempts_is_bounded_all_in_all() -> None:
    assert pause(tried(2, waited=95), answer(after=10)) is None
    assert pause(tried(2, waited=0), answer(after=101)) is None
