"""The place in a trace that a sender names: W3C Trace Context's `traceparent`. One that breaks its rules is ignored."""

import re
from typing import Any

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def read_traceparent(given: Any) -> str | None:
    """The text as it was given, None when it is no traceparent."""
    return given if isinstance(given, str) and _TRACEPARENT.fullmatch(given) else None


def traceparent_of(headers: dict[bytes, bytes]) -> str | None:
    """The traceparent of a request."""
    given = headers.get(b"traceparent")
    return None if given is None else read_traceparent(given.decode("latin-1"))
