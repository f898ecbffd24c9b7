"""What a plain scalar of YAML means, as kubectl reads it: the JSON value that reaches the API server.

PyYAML reads other things into texts than kubectl does: `2021-04-05` is a date to it, `12:30` a number, and `y` a text.
The rules are those of sigs.k8s.io/yaml, and tests/api asks a real kubectl. Used by document.py alone.
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


def plain(text: str) -> Any:
    """The value of a scalar without quotes and tag. Raises ValueError for one that JSON does not have."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _NO_JSON.fullmatch(text):
        raise ValueError(f"{text} is no value of JSON")
    digits = text if text[0] == "." else text.replace("_", "")
    if found := _INTEGER.fullmatch(digits):
        return _held(_whole(*found.groups()))
    if _FLOAT.fullmatch(digits) and math.isfinite(number := float(digits)):
        # Go writes 1.0 and 1e3 into JSON as 1 and 1000: an integer field takes them
        return _held(int(number)) if number.is_integer() else number
    return text


def tagged(tag: str, text: str) -> Any:
    """The value of a scalar in quotes or with a tag, such as `!!str 5`. Raises ValueError."""
    return plain(text) if tag in _READ else text


def _whole(sign: str, digits: str) -> int:
    # 017 is octal, as it is in C
    number = int(digits, 0 if digits[1:2].isalpha() or digits[0] != "0" else 8)
    return -number if sign == "-" else number


def _held(number: int) -> int | float:
    """The API server keeps 64 bits of an integer, and the nearest double of what is larger."""
    return number if -_LARGEST <= number < _LARGEST else float(number)
