"""From an answer of the API server that is no success to the error that it means.

Pure. `client.py` calls it with status and body; the shapes are those that a 1.35 server was seen to send, among them
plain text for a path that does not exist and 500 for a field that it does not know.
"""

import json
from typing import Any

from xkit_operator.errors import (
    ApiConflict,
    ApiForbidden,
    ApiNotFound,
    ApiRefused,
    ApiUnreachable,
    InvalidAutoscalingSpec,
    InvalidNetworkSpec,
    InvalidPodSpec,
    QuotaExceeded,
    SpecError,
    XkitError,
)

_PASSED_ON: dict[str, type[SpecError]] = {
    "Deployment": InvalidPodSpec,
    "NetworkPolicy": InvalidNetworkSpec,
    "HorizontalPodAutoscaler": InvalidAutoscalingSpec,
}
"""Kinds with fields that a spec passes on as they are, and what it means when the server refuses one of them."""
_BUSY = frozenset({429, 502, 503, 504})
_LONGEST_QUOTE = 1024


def refusal(*, status: int, body: bytes, subject: str, kind: str) -> XkitError:
    """The error for an answer with `status` (outside 200-299) to a request about `subject`, an object of `kind`."""
    words = f"{subject}: HTTP {status}: {_message(body)}"
    # An apply that names a uid gets 422 when another object of the name has come since, 409 when none is there.
    if status == 409 or "metadata.uid: Invalid value" in words:
        return ApiConflict(words)
    # The namespace goes, and our object with it: no permission is missing, and the next look finds nothing to do.
    if "because it is being terminated" in words:
        return ApiConflict(words)
    # A server-side apply with an unknown field or a duplicate key ends as a 500 without a reason: it is no fault of
    # the server and trying again is of no use.
    if kind in _PASSED_ON and (status == 422 or "failed to create typed patch object" in words):
        return _PASSED_ON[kind](words)
    if status == 404:
        return ApiNotFound(words)
    if status == 403 and "exceeded quota" in words:
        return QuotaExceeded(words)
    if status in (401, 403):
        return ApiForbidden(words)
    # What etcd says while it elects a leader or is overloaded comes as a 500 without a reason, and passes.
    if status in _BUSY or "etcdserver: " in words:
        return ApiUnreachable(words)
    return ApiRefused(words)


def _message(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    try:
        answer: Any = json.loads(text)
    except ValueError:
        answer = None
    if isinstance(answer, dict) and isinstance(answer.get("message"), str):
        text = answer["message"]
    text = text.strip()
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
