"""Dates: what holds for all of them, and the calendar of a real JavaScript engine."""

import random
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.mapping.conftest import Node
from xkit_operator.mapping.dates import DateOutOfRangeError, NotADateError, date_of_number, date_of_text

FIRST, LAST = -62_135_596_800_000, 253_402_300_799_999


def test_milliseconds_are_the_dates_that_javascript_shows(node: Node) -> None:
    source = random.Random(14)  # noqa: S311 - test data, not a secret
    instants = [one for one in (source.randint(FIRST, LAST) for _ in range(5000)) if abs(one) > 20_000_000_000]
    shown = node("text => new Date(Number(text)).toISOString()", [str(one) for one in [*instants, FIRST, LAST]])
    assert [date_of_number(one) for one in [*instants, FIRST, LAST]] == shown


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)), st.integers(-1439, 1439))
def test_a_text_with_an_offset_is_the_instant_in_utc(moment: datetime, minutes: int) -> None:
    there = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    here = there.astimezone(UTC)
    expected = f"{here.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
    assert date_of_text(there.isoformat()) == expected


@given(st.integers(-20_000_000_000, 20_000_000_000), st.integers(0, 999))
def test_seconds_as_text_and_as_number_are_one_instant(seconds: int, milliseconds: int) -> None:
    text = f"{seconds}.{milliseconds:03}"
    if abs(float(text)) <= 20_000_000_000 and abs(seconds) < 10**10:  # a double then has milliseconds to spare
        assert date_of_text(text) == date_of_number(float(text))


@given(st.integers(FIRST, LAST).filter(lambda one: abs(one) > 20_000_000_000), st.integers(1, 10**9 - 1))
def test_what_is_below_a_millisecond_is_cut_towards_the_past(milliseconds: int, fraction: int) -> None:
    text = f"{milliseconds}.{fraction:09}"
    expected = milliseconds if milliseconds >= 0 else milliseconds - 1
    if expected >= FIRST:
        assert date_of_text(text) == date_of_number(expected)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_is_refused(text: str) -> None:
    try:
        found = date_of_text(text)
    except (NotADateError, DateOutOfRangeError):
        return
    assert date_of_text(found) == found


@pytest.mark.parametrize("number", [float("inf"), float("nan"), 10**5000, -(10**5000)], ids=type)
def test_numbers_that_are_no_instants_are_out_of_range(number: float) -> None:
    with pytest.raises(DateOutOfRangeError):
        date_of_number(number)
