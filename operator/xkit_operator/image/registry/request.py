"""One request through the registry client, where it has no method for it. It has no types for what it keeps inside."""

from typing import Any, cast
from urllib.parse import urlsplit

import requests
from dxf import DXF, DXFBase


def to_repository(dxf: DXF, method: str, path: str, **arguments: Any) -> requests.Response:
    """Ask for `path` below the client's repository. Raises like requests, and DXFUnauthorizedError for a 401."""
    return cast(requests.Response, dxf._request(method, path, **arguments))  # type: ignore[no-untyped-call]


def to_address(dxf: DXF, method: str, url: str, **arguments: Any) -> requests.Response:
    """Ask for an address that the registry has named. The login goes to the registry's own host alone."""
    if _origin(url) == _origin(dxf._base_url):
        return cast(requests.Response, dxf._base_request(method, url, **arguments))  # type: ignore[no-untyped-call]
    response = session_of(dxf).request(method, url, verify=dxf._tlsverify, timeout=dxf._timeout, **arguments)
    response.raise_for_status()
    return response


def session_of(dxf: DXFBase) -> requests.Session:
    """Its connection, without the login."""
    return cast(requests.Session, dxf._sessions[0])


def _origin(url: str) -> tuple[str, str | None, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
