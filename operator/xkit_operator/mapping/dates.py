"""Dates: RFC 3339 texts and Unix times to the one form that functions see, `YYYY-MM-DDTHH:MM:SS.mmmZ`.

All arithmetic is on whole milliseconds since 1970, so that no time zone, locale or rounding of doubles takes part.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from xkit_operator.mapping.numbers import javascript_text

if TYPE_CHECKING:
    from xkit_operator.api.sourcemapping import Unit

_ISO = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?(?:[Zz]|([+-])([0-9]{2}):?([0-9]{2}))?)?"
)
_DIGITS = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+))?")
_LOOKS_LIKE_A_DATE = (4, 6, 8, 14)  # lengths of 2021, 202104, 20210405, 20210405123000

_MINUTE = 60_000
_DAY = 86_400_000
_EPOCH = date(1970, 1, 1)
_FIRST = (date.min - _EPOCH).days * _DAY
_LAST = ((date.max - _EPOCH).days + 1) * _DAY - 1
_ERA = 146_097  # days of the 400 years after which the calendar repeats
_LAST_SECONDS = 20_000_000_000  # up to here a number means seconds, above it milliseconds


class NotADateError(ValueError):
    """The value is no date."""


class DateOutOfRangeError(ValueError):
    """The value is a date outside the years 0001 to 9999."""


def date_of_text(text: str, unit: Unit = "Auto") -> str:
    """The date that an RFC 3339 text, or a Unix time in digits that counts `unit`, means.

    Raises NotADateError or DateOutOfRangeError.
    """
    match = _ISO.fullmatch(text)
    if match:
        return _format(_iso_milliseconds(*match.groups("")))
    match = _DIGITS.fullmatch(text)
    if not match or (text.isdigit() and len(text) in _LOOKS_LIKE_A_DATE):
        raise NotADateError
    return _format(_unix_milliseconds(*match.groups(""), unit=unit))


def date_of_number(number: int | float, unit: Unit = "Auto") -> str:
    """The date that a Unix time means. Auto: in seconds or milliseconds by its size.

    Raises DateOutOfRangeError.
    """
    if type(number) is int:
        if abs(number) > _LAST:  # also keeps str() from numbers too long for it
            raise DateOutOfRangeError
        seconds = abs(number) <= _LAST_SECONDS if unit == "Auto" else unit == "Seconds"
        return _format(number * 1000 if seconds else number)
    # the digits that the sender wrote, not the nearest double: 1617580800.123 ends in 123 ms
    match = _DIGITS.fullmatch(javascript_text(number))
    if not match:
        if abs(number) < 1:
            return _format(0 if number >= 0 else -1)
        raise DateOutOfRangeError
    return _format(_unix_milliseconds(*match.groups(""), unit=unit))


def _iso_milliseconds(
    year: str, month: str, day: str, hour: str, minute: str, second: str, fraction: str,
    sign: str, offset_hours: str, offset_minutes: str,
) -> int:  # fmt: skip
    hours, minutes, seconds = int(hour or 0), int(minute or 0), int(second or 0)
    away_hours, away_minutes = int(offset_hours or 0), int(offset_minutes or 0)
    if hours > 23 or minutes > 59 or seconds > 59 or away_hours > 23 or away_minutes > 59:
        raise NotADateError
    try:  # the year 0 has the calendar of the year 400
        days = (date(int(year) or 400, int(month), int(day)) - _EPOCH).days - (0 if int(year) else _ERA)
    except ValueError as error:
        raise NotADateError from error
    away = (away_hours * 60 + away_minutes) * (-1 if sign == "-" else 1)
    return days * _DAY + (hours * 60 + minutes - away) * _MINUTE + seconds * 1000 + int(fraction[:3].ljust(3, "0"))


def _unix_milliseconds(sign: str, whole: str, fraction: str, *, unit: Unit) -> int:
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    if len(whole) > len(str(_LAST)):
        raise DateOutOfRangeError
    number = int(whole)
    in_seconds = unit == "Seconds"
    if unit == "Auto":
        in_seconds = number < _LAST_SECONDS or (number == _LAST_SECONDS and not fraction)
    milliseconds = number * 1000 + int(fraction[:3].ljust(3, "0")) if in_seconds else number
    cut = bool(fraction[3:] if in_seconds else fraction)
    return -milliseconds - cut if sign == "-" else milliseconds  # cut towards the past


def _format(milliseconds: int) -> str:
    if not _FIRST <= milliseconds <= _LAST:
        raise DateOutOfRangeError
    days, rest = divmod(milliseconds, _DAY)
    minutes, rest = divmod(rest, _MINUTE)
    hours, minutes = divmod(minutes, 60)
    seconds, rest = divmod(rest, 1000)
    return f"{(_EPOCH + timedelta(days)).isoformat()}T{hours:02}:{minutes:02}:{seconds:02}.{rest:03}Z"
