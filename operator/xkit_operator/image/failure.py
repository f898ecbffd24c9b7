"""What a registry's failure means: from an exception of the client library to an error that says who must act and how.

Pure; called by `registry` alone, so that no other module knows the library's exceptions.
"""

import requests
from dxf import exceptions as dxf

from xkit_operator.errors import RegistryError, RegistryRefused, RegistryUnauthorized, RegistryUnreachable

FORBIDDEN = 403
NOT_FOUND = 404
BUSY = 429
SERVER_ERROR = 500


def explain(error: Exception, *, host: str, repository: str, attempt: str) -> RegistryError:
    """The error for `error`, met while trying to `attempt` (such as "upload sha256:…") in a repository."""
    where = f"registry {host}: could not {attempt} in {repository}"
    status = _status(error)
    if isinstance(error, dxf.DXFUnauthorizedError | dxf.DXFAuthInsecureError) or status == FORBIDDEN:
        return RegistryUnauthorized(
            f"{where}: it demands a login or a permission that this client has not; allow it to write here"
        )
    if isinstance(error, requests.exceptions.SSLError):
        return RegistryUnreachable(
            f"{where}: TLS failed ({_root(error)}); if this registry speaks plain HTTP, that must be said explicitly, "
            "else mend its certificate"
        )
    if isinstance(error, requests.Timeout):
        return RegistryUnreachable(f"{where}: no answer in time; check that the registry is well and not cut off")
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return RegistryUnreachable(
            f"{where}: no connection ({_root(error)}); check that the registry runs and that this address is right"
        )
    if status is not None and (status >= SERVER_ERROR or status == BUSY):
        return RegistryUnreachable(
            f"{where}: it answered {status}{_words(error)}; look into the registry's log",
            retry_after=_retry_after(error),
        )
    if status is not None:
        return RegistryRefused(
            f"{where}: it answered {status}{_words(error)}; check that it is an OCI registry, and takes this name"
        )
    if isinstance(error, KeyError):
        return RegistryRefused(f"{where}: its answer lacks the header {error}; check that it is an OCI registry")
    return RegistryRefused(f"{where}: {error}; check that it is an OCI registry")


def is_absent(error: Exception) -> bool:
    """Whether the registry said, with 404, that it has no such thing."""
    return _status(error) == NOT_FOUND


def _status(error: Exception) -> int | None:
    response = error.response if isinstance(error, requests.RequestException) else None
    return None if response is None else response.status_code


def _retry_after(error: Exception) -> float | None:
    """Seconds; a registry that gives a date instead is tried again in our own time."""
    response = error.response if isinstance(error, requests.RequestException) else None
    text = "" if response is None else response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdecimal() else None


def _words(error: Exception) -> str:
    """The code and message of the registry's own error document, if it sent one (a HEAD has none)."""
    response = error.response if isinstance(error, requests.RequestException) else None
    try:
        first = response.json()["errors"][0] if response is not None else {}
        return f" ({first['code']}: {first['message']})"[:300]
    except (ValueError, LookupError, TypeError):
        return ""


def _root(error: BaseException) -> str:
    """The innermost cause in its own words: "Connection refused" instead of three wrappers around it."""
    cause: BaseException | None = error
    while cause is not None:
        error, cause = cause, cause.__cause__ or cause.__context__
    return str(error)
