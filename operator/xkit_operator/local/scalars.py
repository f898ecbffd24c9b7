"""What a plain scalar of YAML means, as kubectl reads it: the JSON value that reaches the API server.

PyYAML reads other things into texts than kubectl does: `2021-04-05` is a date to it, `12:30` a number, and `y` a text.
The rules are those of sigs.k8s.io/yaml, and tests/api asks a real kubectl. Used by document.py, and by rendering.py,
which writes what is read alike.
"""

import math
import re
from typing import Any

_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"), False),
}
_INTEGER = re.compile(r"([-+]?)(0[bB][01]+|0[oO]?[0-7]+|0[xX][0-9a-fA-F]+|[1-9][0-9]*|0)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NO_JSON = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_READ = {f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null")}
_LARGEST = 2**63
_LONGEST = len("0b") + 64


def plain(text: str) -> Any:
    """The value of a scalar without quotes and tag. Raises ValueError for one that JSON does not have."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _NO_JSON.fullmatch(text):
        raise ValueError(f"{text} is no value of JSON")
    digits = text if text[0] == "." else text.replace("_", "")
    if (found := _INTEGER.fullmatch(digits)) and (number := _whole(*found.groups())) is not None:
        return _held(number)
    if _FLOAT.fullmatch(digits) and math.isfinite(double := float(digits)):
        # Go writes 1.0 and 1e3 into JSON as 1 and 1000: an integer field takes them
        return _held(int(double)) if double.is_integer() else double
    return text


def tagged(tag: str, text: str) -> Any:
    """The value of a scalar in quotes or with a tag, such as `!!str 5`. Raises ValueError."""
    return plain(text) if tag in _READ else text


def _whole(sign: str, digits: str) -> int | None:
    """The integer; None for one of more than 64 bits, which is read as a float, if it has the form of one."""
    if len(digits) > _LONGEST:
        return None
    # 017 is octal, as it is in C
    number = int(digits, 0 if digits[1:2].isalpha() or digits[0] != "0" else 8)
    if number >= 2 * _LARGEST:
        return None
    return -number if sign == "-" else number


def _held(number: int) -> int | float:
    """The API server keeps 64 bits of an integer, and the nearest double of what is larger."""
    return number if -_LARGEST <= number < _LARGEST else float(number)
