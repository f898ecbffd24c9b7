"""A short, bounded rendering of a value found in a record, for messages to its sender."""

import json
from typing import Any

LIMIT = 80
_encode = json.JSONEncoder(ensure_ascii=False).iterencode


def render(value: Any) -> str:
    """The value as JSON, at most 80 characters; what is cut off leaves an ellipsis."""
    text = ""
    try:
        for chunk in _encode(value[: LIMIT + 1] if type(value) is str else value):  # no more work than is shown
            text += chunk
            if len(text) > LIMIT:
                break
    except ValueError:  # an integer too long for Python to write
        text += "an integer of more than 4300 digits"
    # lone surrogates are legal in a record and have no UTF-8 form
    text = text[: LIMIT + 1].encode(errors="backslashreplace").decode()
    return shorten(text)


def shorten(text: str) -> str:
    """At most 80 characters of the text."""
    return text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"
