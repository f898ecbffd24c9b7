"""What a registry's failure means: from an exception of aiohttp or of ours to an error that says who must act and how.

Pure; called where requests are sent, so that no other folder knows these exceptions. Quotes no password and no token.
"""

import base64
import binascii
import json
import os
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import aiohttp

from xkit_operator.errors import RegistryError, RegistryRefused, RegistryUnauthorized, RegistryUnreachable
from xkit_operator.image.registry.answer import NOT_FOUND, UNAUTHORIZED, Answer, LoginRefused, Refusal

SERVER_ERROR = 500
_CUT = aiohttp.ClientConnectionError | aiohttp.ClientPayloadError | aiohttp.ClientHttpProxyError | ConnectionError
_TRY_AGAIN = frozenset((408, 425, 429))
_READ_ONLY = frozenset((405, 501))

_LOST = "if more than one instance answers under this name, let them share their storage and their secret"
_NO_REGISTRY = "check that it is an OCI registry, and takes this name"
_REFUSED = {
    NOT_FOUND: "create {repository} there, if it makes no repositories by itself; " + _NO_REGISTRY,
    405: "it takes no pushes here; give the address of a registry that does, not of a mirror or a read-only replica",
    413: "what it is, or a proxy before it, limits the size of a request; let it take at least 1 MB",
    501: "it takes no pushes here; give the address of a registry that does, not of a mirror or a read-only replica",
}


def explain(error: Exception, *, host: str, repository: str, attempt: str) -> RegistryError:
    """The error for `error`, met while trying to `attempt` (such as "upload sha256:…") in a repository."""
    where = f"registry {host}: could not {attempt} in {repository}"
    if isinstance(error, Refusal):
        return _answered(error.answer, where, host, repository)
    if isinstance(error, LoginRefused):
        return RegistryUnauthorized(
            f"{where}: it does not accept the login for it; correct the one in the Secret of "
            "registry.credentialsSecret, and allow it to write here"
        )
    if isinstance(error, aiohttp.ClientSSLError):
        return RegistryUnreachable(
            f"{where}: TLS failed ({_root(error)}); if this registry speaks plain HTTP, that must be said explicitly, "
            "else mend its certificate"
        )
    if isinstance(error, TimeoutError):
        return RegistryUnreachable(f"{where}: no answer in time; check that the registry is well and not cut off")
    if isinstance(error, _CUT):
        return RegistryUnreachable(
            f"{where}: no connection ({_root(error)}); check that the registry runs and that this address is right"
        )
    if isinstance(error, KeyError):
        return RegistryRefused(f"{where}: its answer lacks the header {error}; {_NO_REGISTRY}")
    # The words of other errors may quote an address that carries a signature.
    return RegistryRefused(f"{where}: its answer is of no use ({type(error).__name__}); {_NO_REGISTRY}")


def _answered(answer: Answer, where: str, host: str, repository: str) -> RegistryError:
    status = answer.status
    answered = f"{where}: {_speaker(answer, host)} answered {status}{_words(answer)}"
    if status in (UNAUTHORIZED, 403):
        return RegistryUnauthorized(
            f"{answered}; give its login the permission to write here, or a login that is still good to the Secret of "
            "registry.credentialsSecret"
        )
    if status in _TRY_AGAIN or (status >= SERVER_ERROR and status not in _READ_ONLY):
        return RegistryUnreachable(f"{answered}; look into the registry's log", retry_after=_retry_after(answer))
    advice = _LOST if "BLOB_UPLOAD_" in answered else _REFUSED.get(status, _NO_REGISTRY)
    return RegistryRefused(f"{answered}; {advice.format(repository=repository)}")


def _speaker(answer: Answer, host: str) -> str:
    """Redirects and uploads may have led to a storage service."""
    theirs = urlsplit(answer.url).netloc
    return "it" if theirs in ("", host) else theirs.rpartition("@")[2]


def _retry_after(answer: Answer) -> float | None:
    """Seconds. A date counts from the answer's own, so that no clock but the registry's matters."""
    text = answer.headers.get("Retry-After", "")
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        until, since = parsedate_to_datetime(text), parsedate_to_datetime(answer.headers.get("Date", ""))
        return max(0.0, (until - since).total_seconds())
    except (ValueError, TypeError):  # no date, or only one of them with a zone
        return None


def _words(answer: Answer) -> str:
    """The code and message of the registry's own error document, if it sent one (a HEAD has none)."""
    try:
        first = json.loads(answer.body)["errors"][0]
        words = f" ({first['code']}: {first['message']})"
    except (ValueError, LookupError, TypeError):
        return ""
    return "" if any(secret in words for secret in _secrets(answer)) else words[:300]


def _secrets(answer: Answer) -> list[str]:
    """What the request proved itself with; some servers repeat it in their complaint."""
    shown = answer.authorization.partition(" ")[2]
    try:
        password = base64.b64decode(shown, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        password = ""  # no Basic
    return [secret for secret in (shown, password) if secret]


def _root(error: BaseException) -> str:
    """The innermost cause in its own words: "Connection refused" instead of three wrappers around it."""
    cause: BaseException | None = error
    while cause is not None:
        error, cause = cause, cause.__cause__ or cause.__context__
    if isinstance(error, ConnectionError) and error.errno is not None:
        return os.strerror(error.errno)  # asyncio's own words are an address
    return str(error)
