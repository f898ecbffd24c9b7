"""Failures of a registry: each says who must act, and names registry, repository and what was tried."""

import errno
import re
import ssl

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from multidict import CIMultiDict

from xkit_operator.errors import RegistryError, RegistryRefused, RegistryUnauthorized, RegistryUnreachable
from xkit_operator.image.registry.answer import Answer, LoginRefused, Refusal
from xkit_operator.image.registry.failure import explain


def answered(status: int, body: bytes = b"", url: str = "", **headers: str) -> Refusal:
    return Refusal(Answer(status=status, headers=CIMultiDict(headers), body=body, url=url))


KEY = ConnectionKey("registry", 5000, True, True, None, None, None)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (aiohttp.ClientConnectorError(KEY, OSError("refused")), RegistryUnreachable),
        (aiohttp.ServerDisconnectedError(), RegistryUnreachable),
        (aiohttp.ServerTimeoutError(), RegistryUnreachable),
        (TimeoutError(), RegistryUnreachable),
        (aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError("bad")), RegistryUnreachable),
        (aiohttp.ClientPayloadError("cut"), RegistryUnreachable),
        (answered(429), RegistryUnreachable),
        (answered(500), RegistryUnreachable),
        (answered(503), RegistryUnreachable),
        (LoginRefused(), RegistryUnauthorized),
        (answered(401), RegistryUnauthorized),
        (answered(405), RegistryRefused),
        (answered(408), RegistryUnreachable),
        (answered(501), RegistryRefused),
        (answered(403), RegistryUnauthorized),
        (answered(400), RegistryRefused),
        (answered(404), RegistryRefused),
        (answered(413), RegistryRefused),
        (KeyError("location"), RegistryRefused),
        (aiohttp.InvalidURL("no host"), RegistryRefused),
    ],
    ids=lambda value: getattr(value, "__name__", None) or repr(value),
)
def test_a_failure_is(error: Exception, expected: type[RegistryError]) -> None:
    explained = explain(error, host="registry:5000", repository="xkit/a/b", attempt="store src-1")
    assert type(explained) is expected
    assert "registry:5000: could not store src-1 in xkit/a/b" in str(explained)


def test_the_registrys_own_words_are_in_the_message() -> None:
    body = b'{"errors":[{"code":"TAG_INVALID","message":"manifest tag did not match URI"}]}'
    explained = explain(answered(400, body), host="h", repository="r", attempt="a")
    assert "it answered 400 (TAG_INVALID: manifest tag did not match URI)" in str(explained)


def test_the_innermost_cause_is_named_not_the_wrappers_around_it() -> None:
    cause = ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed ('10.0.0.1', 5000)")
    try:
        raise aiohttp.ClientConnectorError(KEY, cause) from cause
    except aiohttp.ClientConnectorError as error:
        explained = explain(error, host="h", repository="r", attempt="a")
    assert "no connection (Connection refused)" in str(explained)


@pytest.mark.parametrize(
    ("status", "body", "advice"),
    [
        (
            404,
            b'{"errors":[{"code":"NAME_UNKNOWN","message":"no such repository"}]}',
            "NAME_UNKNOWN.*create xkit/a/b there",
        ),
        (404, b'{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN","message":"?"}]}', "more than one instance"),
        (405, b"", "not of a mirror or a read-only replica"),
        (501, b"", "not of a mirror or a read-only replica"),
        (413, b"", "limits the size of a request"),
        (403, b"", "permission to write here"),
    ],
)
def test_what_to_do_is_said(status: int, body: bytes, advice: str) -> None:
    explained = explain(answered(status, body), host="h", repository="xkit/a/b", attempt="upload x")
    assert re.search(rf"it answered {status}.*{advice}", str(explained))


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("7", 7),
        ("Thu, 26 Nov 2026 02:00:12 GMT", 12),
        ("Thu, 26 Nov 2026 01:00:00 GMT", 0),
        ("soon", None),
        ("-1", None),
    ],
)
def test_a_pause_is_told_in_seconds_or_as_a_date(retry_after: str, seconds: float | None) -> None:
    error = answered(429, **{"Retry-After": retry_after, "Date": "Thu, 26 Nov 2026 02:00:00 GMT"})
    explained = explain(error, host="h", repository="r", attempt="a")
    assert isinstance(explained, RegistryUnreachable)
    assert explained.retry_after == seconds


def test_who_else_has_answered_is_named() -> None:
    error = answered(400, url="https://storage.example.com/bucket?signature=s3cret")
    explained = explain(error, host="h", repository="r", attempt="a")
    assert "storage.example.com answered 400" in str(explained)
    assert "s3cret" not in str(explained)
