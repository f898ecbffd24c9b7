"""Failures of a registry: each says who must act, and names registry, repository and what was tried."""

import pytest
import requests
from dxf.exceptions import DXFUnauthorizedError

from xkit_operator.errors import RegistryError, RegistryRefused, RegistryUnauthorized, RegistryUnreachable
from xkit_operator.image.failure import explain


def answered(status: int, body: bytes = b"") -> requests.HTTPError:
    response = requests.Response()
    response.status_code = status
    response._content = body
    return requests.HTTPError(response=response)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (requests.ConnectionError("refused"), RegistryUnreachable),
        (requests.ConnectTimeout(), RegistryUnreachable),
        (requests.ReadTimeout(), RegistryUnreachable),
        (requests.exceptions.SSLError("bad"), RegistryUnreachable),
        (requests.exceptions.ChunkedEncodingError("cut"), RegistryUnreachable),
        (answered(429), RegistryUnreachable),
        (answered(500), RegistryUnreachable),
        (answered(503), RegistryUnreachable),
        (DXFUnauthorizedError(), RegistryUnauthorized),
        (answered(401), RegistryUnauthorized),
        (answered(405), RegistryRefused),
        (answered(408), RegistryUnreachable),
        (answered(501), RegistryRefused),
        (answered(403), RegistryUnauthorized),
        (answered(400), RegistryRefused),
        (answered(404), RegistryRefused),
        (answered(413), RegistryRefused),
        (KeyError("location"), RegistryRefused),
        (requests.exceptions.InvalidURL("no host"), RegistryRefused),
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
    try:
        try:
            raise OSError("Connection refused")
        except OSError as cause:
            raise requests.ConnectionError("HTTPConnectionPool(...)") from cause
    except requests.ConnectionError as error:
        explained = explain(error, host="h", repository="r", attempt="a")
    assert "no connection (Connection refused)" in str(explained)
