"""What may be asked on the records' port: from a request's head to what its body is, or its refusal. Pure."""

import re
from enum import Enum, auto
from typing import NamedTuple
from urllib.parse import parse_qsl

from xkit_operator.dispatcher.http.exchange import Head, Response, refuse
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure


class Format(Enum):
    """What a body is."""

    RECORDS = auto()
    """One record or an array of them, as JSON."""
    LINES = auto()
    """Records as JSON, one a line."""
    BINARY_EVENT = auto()
    """The data of a CloudEvent, as JSON; its attributes are headers."""
    EVENT = auto()
    """A CloudEvent as JSON."""
    EVENTS = auto()
    """An array of CloudEvents, as JSON."""


_ONE_EVENT = (Format.BINARY_EVENT, Format.EVENT)


class Route(NamedTuple):
    """What is asked."""

    format: Format
    is_dry_run: bool = False
    takes_replies: bool = False
    """Whether the sender would pass on what a 2xx holds, as an event: `Prefer: reply`, as Knative's brokers say."""


class _Path(NamedTuple):
    formats: tuple[tuple[re.Pattern[bytes], Format], ...]
    expected: str


_UTF8 = rb'\s*(;\s*charset="?utf-8"?\s*)?'


def _media_type(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern + _UTF8, re.IGNORECASE)


_PATHS = {
    b"/v1/records": _Path(
        (
            (_media_type(rb"application/json"), Format.RECORDS),
            (_media_type(rb"application/(x-)?ndjson"), Format.LINES),
        ),
        "application/json or application/x-ndjson",
    ),
    b"/": _Path(
        (
            (_media_type(rb"application/cloudevents\+json"), Format.EVENT),
            (_media_type(rb"application/cloudevents-batch\+json"), Format.EVENTS),
            (_media_type(rb"((?!application/cloudevents)[^/;\s]+/([^/;\s]+\+)?json)?"), Format.BINARY_EVENT),
        ),
        "application/cloudevents+json, application/cloudevents-batch+json or, in the binary mode, application/json",
    ),
}


def find_route(head: Head) -> Route | Response:
    """What this request asks for."""
    path = _PATHS.get(head.path)
    if path is None:
        return refuse(Failure(Code.NOT_FOUND, "records go to POST /v1/records, CloudEvents to POST /"))
    if head.method != b"POST":
        return refuse(Failure(Code.METHOD_NOT_ALLOWED, "records are sent by POST"), ("allow", "POST"))
    if head.headers.get(b"content-encoding", b"identity").lower() != b"identity":
        return refuse(Failure(Code.UNSUPPORTED_MEDIA_TYPE, "the body must not be compressed"))
    media_type = head.headers.get(b"content-type", b"").strip()
    for pattern, format_ in path.formats:
        if pattern.fullmatch(media_type):
            if head.query:
                return _with_query(format_, head.query)
            return Route(format_, takes_replies=format_ in _ONE_EVENT and _prefers_reply(head.headers))
    return refuse(Failure(Code.UNSUPPORTED_MEDIA_TYPE, f"the body must be {path.expected}, in UTF-8"))


def _with_query(format_: Format, query: bytes) -> Route | Response:
    given = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    match given:
        case [("dryRun", "false")]:
            return Route(format_)
        case [("dryRun", "true")] if format_ is Format.LINES:
            return _unknown("a stream has no dry run; send one record or a batch")
        case [("dryRun", "true")]:
            return Route(format_, is_dry_run=True)
    found = "&".join(f"{name}={value}" for name, value in given) or query.decode("latin-1")
    return _unknown(f"found {found[:80]}; the only parameter is dryRun, once: true or false")


def _prefers_reply(headers: dict[bytes, bytes]) -> bool:
    return any(one.strip().lower() == b"reply" for one in headers.get(b"prefer", b"").split(b","))


def _unknown(detail: str) -> Response:
    return refuse(Failure(Code.UNKNOWN_PARAMETER, detail))
