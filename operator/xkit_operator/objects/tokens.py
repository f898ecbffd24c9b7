"""The volume with the bearer tokens that a runner accepts: one file each, numbered in the order of the spec.

The kubelet fills and refreshes it, so that a token can be replaced without a restart. Only the dispatcher mounts it.
"""

from typing import Any

from xkit_operator.api.destination import Auth

TOKENS_DIRECTORY = "/etc/xkit/tokens"


def tokens_volume(auth: Auth | None) -> dict[str, Any] | None:
    """The volume named `tokens`, or None when records are taken from everybody."""
    if auth is None:
        return None
    references = [token.secret_key_ref for token in auth.tokens]
    sources = [
        {"secret": {"name": reference.name, "items": [{"key": reference.key, "path": str(number)}]}}
        for number, reference in enumerate(references)
    ]
    return {"name": "tokens", "projected": {"defaultMode": 0o444, "sources": sources}}
