"""What a plain scalar of YAML means, as kubectl reads it: the JSON value that reaches the API server.

PyYAML reads more into texts than kubectl does: `2021-04-05` is a date to it and `12:30` a number. To kubectl both are
texts. Used by document.py alone.
"""

import re
from collections.abc import Callable
from typing import Any

_INTEGER = re.compile(r"[-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[1-9][0-9_]*|0)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_OCTAL = re.compile(r"([-+]?)0([0-7_]+)")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"), False),
}
_NO_JSON = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_TAG = "tag:yaml.org,2002:"


def plain(text: str) -> Any:
    """The value of a scalar without quotes and tag. Raises ValueError for one that JSON does not have."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        return int(_OCTAL.sub(r"\g<1>0o\2", text.replace("_", "")), 0)
    if _FLOAT.fullmatch(text):
        return _finite(text)
    if _NO_JSON.fullmatch(text):
        raise ValueError(f"{text} is no value of JSON")
    return text


def tagged(tag: str, text: str) -> Any:
    """The value of a scalar with a tag of its own, such as `!!str 5`. Raises ValueError."""
    if tag == f"{_TAG}str":
        return text
    wanted = _TAGGED.get(tag)
    if wanted is None:
        raise ValueError(f"the tag {tag.replace(_TAG, '!!')} means nothing to Kubernetes")
    return wanted(text)


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"{text} is larger than any number of JSON's readers")
    return value


_TAGGED: dict[str, Callable[[str], Any]] = {
    f"{_TAG}int": plain,
    f"{_TAG}float": _finite,
    f"{_TAG}bool": plain,
    f"{_TAG}null": plain,
}
