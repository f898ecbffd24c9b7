"""How a registry is to be spoken to: what whoever installs the operator, or pushes by hand, says of it."""

from dataclasses import dataclass, field
from pathlib import Path

from xkit_operator.image.registry.credentials import Credentials


@dataclass(frozen=True, kw_only=True)
class Access:
    """How a registry is reached: over TLS, trusting the system's authorities, unless something else is said."""

    plain_http: bool = False
    plain_http_login: bool = False
    """Whether a password or a token may cross the network in the clear."""
    authorities: Path | None = None
    """The certificates to trust instead of the system's, as a PEM file."""
    credentials: Credentials = field(default_factory=lambda: Credentials(None))
