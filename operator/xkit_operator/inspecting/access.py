"""Which cluster and namespace a command is about; here alone, so that no client is loaded to know it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Access:
    """What was said at the command line; None where kubectl's own choice is meant."""

    kubeconfig: Path | None = None
    context: str | None = None
    namespace: str | None = None
