"""What may be asked on the records' port: from a request's head to the format of its body, or its refusal. Pure."""

import re
from enum import Enum, auto

from xkit_operator.dispatcher.exchange import Head, Response, refuse
from xkit_operator.dispatcher.outcome import Code, Failure

_RECORDS = b"/v1/records"


class Format(Enum):
    """What a body is."""

    RECORDS = auto()
    """One record or an array of them, as JSON."""
    LINES = auto()
    """Records as JSON, one a line."""


_UTF8 = rb'\s*(;\s*charset="?utf-8"?\s*)?'
_MEDIA_TYPES = (
    (re.compile(rb"application/json" + _UTF8, re.IGNORECASE), Format.RECORDS),
    (re.compile(rb"application/(x-)?ndjson" + _UTF8, re.IGNORECASE), Format.LINES),
)


def find_format(head: Head) -> Format | Response:
    """What the body of this request is."""
    if head.path != _RECORDS:
        return refuse(Failure(Code.NOT_FOUND, "nothing is here; records go to POST /v1/records"))
    if head.method != b"POST":
        return refuse(Failure(Code.METHOD_NOT_ALLOWED, "records are sent by POST"), ("allow", "POST"))
    if head.query:
        return refuse(Failure(Code.UNKNOWN_PARAMETER, "no query parameter is known here"))
    if head.headers.get(b"content-encoding", b"identity").lower() != b"identity":
        return refuse(Failure(Code.UNSUPPORTED_MEDIA_TYPE, "the body must not be compressed"))
    media_type = head.headers.get(b"content-type", b"").strip()
    for pattern, format_ in _MEDIA_TYPES:
        if pattern.fullmatch(media_type):
            return format_
    return refuse(
        Failure(Code.UNSUPPORTED_MEDIA_TYPE, "the body must be application/json or application/x-ndjson, in UTF-8")
    )
