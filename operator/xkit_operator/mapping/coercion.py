"""Coercion: from a JSON value that is not null to a value of an input's type, or a refusal. Nothing is guessed.

One function per type. Each gives None where the value counts as missing, and raises Refused where it does not fit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from xkit_operator.mapping.containers import to_array, to_object
from xkit_operator.mapping.dates import DateOutOfRangeError, NotADateError, date_of_number, date_of_text
from xkit_operator.mapping.numbers import (
    MAX_SAFE_INTEGER,
    double_of_text,
    integer_of_text,
    is_double,
    javascript_text,
)
from xkit_operator.mapping.result import DOUBLE, Fault, InputErrorCode, Refused, not_coercible, out_of_range

if TYPE_CHECKING:
    from xkit_operator.api.destination import InputType
    from xkit_operator.api.sourcemapping import Unit

Coercion = Callable[[Any], Any]

_SAFE = "an integer within ±(2^53-1)"


def to_string(value: Any) -> str:
    """Texts unchanged; booleans and numbers as JavaScript writes them, integers with all their digits."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return _all_digits(value)
    if kind is float:
        if not is_double(value):
            raise out_of_range(DOUBLE, value)
        return javascript_text(value)
    raise not_coercible("a string, number or boolean", value)


def to_number(value: Any) -> int | float | None:
    """Finite numbers unchanged, and texts that are JSON numbers."""
    kind = type(value)
    if kind is str:
        if value == "":
            return None
        number = double_of_text(value)
    else:
        number = value if kind is int or kind is float else None
    if number is None:
        raise not_coercible("a number, or a text that is a JSON number", value)
    if not is_double(number):
        raise out_of_range(DOUBLE, value)
    return number


def to_integer(value: Any) -> int | None:
    """Safe integers, however they are written; never rounded."""
    kind = type(value)
    if kind is str:
        if value == "":
            return None
        number = integer_of_text(value)
    elif kind is float:
        number = value if not value % 1 or not is_double(value) else None
    else:
        number = value if kind is int else None
    if number is None:
        raise not_coercible("an integer, or a text that is one", value)
    if not -MAX_SAFE_INTEGER <= number <= MAX_SAFE_INTEGER:
        raise out_of_range(_SAFE, value)
    return int(number)


def to_boolean(value: Any) -> bool | None:
    """true and false, their exact texts, and the numbers 0 and 1."""
    kind = type(value)
    if kind is bool:
        return value  # type: ignore[no-any-return]
    if kind is str:
        if value in ("true", "false"):
            return bool(value == "true")
        if value == "":
            return None
    elif (kind is int or kind is float) and value in (0, 1):
        return bool(value)
    raise not_coercible('true, false, "true", "false", 0 or 1', value)


def date_in(unit: Unit) -> Coercion:
    """The coercion to the form YYYY-MM-DDTHH:MM:SS.mmmZ, from RFC 3339 texts and Unix times that count `unit`."""

    def to_date(value: Any) -> str | None:
        kind = type(value)
        if value == "" and kind is str:
            return None
        try:
            if kind is str:
                return date_of_text(value, unit)
            if kind is int or kind is float:
                return date_of_number(value, unit)
        except NotADateError:
            pass
        except DateOutOfRangeError as error:
            raise out_of_range("a date in the years 0001 to 9999", value) from error
        raise Refused([Fault(InputErrorCode.NOT_A_DATE, "a date such as 2021-04-05T12:30:00Z, or a Unix time", value)])

    return to_date


COERCIONS: dict[InputType, Coercion] = {
    "string": to_string,
    "number": to_number,
    "integer": to_integer,
    "boolean": to_boolean,
    "date": date_in("Auto"),
    "array": to_array,
    "object": to_object,
}
PLAIN: dict[InputType, type] = {"string": str, "boolean": bool}
"""The types of values that those coercions leave as they are, each value of them."""


def _all_digits(number: int) -> str:
    try:
        return str(number)
    except ValueError as error:  # Python's own bound of 4,300 digits, which the parser of records has, too
        raise out_of_range("an integer of at most 4300 digits", number) from error
