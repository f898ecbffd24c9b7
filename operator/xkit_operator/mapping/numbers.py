"""Numbers between JSON, Python and JavaScript: the text that `String(n)` gives, and what a text means as a number.

A text is judged by its digits: "9007199254740993" is no safe integer, although its double looks like one.
"""

import math
import re
from collections.abc import Iterable
from typing import Any

MAX_SAFE_INTEGER = 2**53 - 1
# the halfway point between the largest double and what would follow it rounds to infinity
_OVERFLOW = 2**1024 - 2**970
# exponents longer than this are decided by their sign: no text that fits into a request could make up for them
_EXPONENT_DIGITS = 9

JSON_NUMBER = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?)([0-9]+))?")


def is_double(number: int | float) -> bool:
    """Whether a double can hold the number, rounded to the nearest."""
    if type(number) is int:
        return -_OVERFLOW < number < _OVERFLOW
    return math.isfinite(number)


def hold_doubles(values: Iterable[Any]) -> bool:
    """Whether a double can hold each number among JSON values, and inside of them."""
    for value in values:
        kind = type(value)
        if kind is str:
            continue
        if kind is dict:
            fits = hold_doubles(value.values())
        elif kind is list:
            fits = hold_doubles(value)
        else:
            fits = (kind is not int and kind is not float) or is_double(value)
        if not fits:
            return False
    return True


def javascript_text(number: float) -> str:
    """What JavaScript's `String(number)` gives for a finite double (ECMAScript, Number::toString)."""
    text = repr(number)
    if "e" not in text:
        whole = text.removesuffix(".0")
        return "0" if whole == "-0" else whole
    mantissa, _, exponent = text.partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    head, _, tail = mantissa.removeprefix("-").partition(".")
    digits = head + tail
    point = int(exponent) + 1  # the value is 0.DIGITS times ten to the power of `point`
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return f"{sign}{digits[0]}{'.' + digits[1:] if digits[1:] else ''}e{point - 1:+d}"


def double_of_text(text: str) -> int | float | None:
    """The double that a JSON number text means; None when it is no JSON number. May be infinite."""
    if not JSON_NUMBER.fullmatch(text):
        return None
    number = float(text)
    return int(number) if number.is_integer() and abs(number) <= MAX_SAFE_INTEGER else number


def integer_of_text(text: str) -> int | float | None:
    """The integer that a JSON number text means exactly.

    None when it is no JSON number or has a fraction; infinity when it is beyond the safe integers.
    """
    match = JSON_NUMBER.fullmatch(text)
    if not match:
        return None
    sign, whole, fraction, exponent_sign, exponent = match.groups("")
    digits = (whole + fraction).strip("0")
    if not digits:
        return 0
    trailing = len(whole + fraction) - len((whole + fraction).rstrip("0"))
    exponent = exponent.lstrip("0")
    if len(exponent) > _EXPONENT_DIGITS:
        return None if exponent_sign == "-" else math.inf
    scale = int(exponent_sign + (exponent or "0")) + trailing - len(fraction)
    if scale < 0:
        return None
    if len(digits) + scale > len(str(MAX_SAFE_INTEGER)):
        return math.inf
    number = int(sign + digits) * 10**scale
    return number if abs(number) <= MAX_SAFE_INTEGER else math.inf
