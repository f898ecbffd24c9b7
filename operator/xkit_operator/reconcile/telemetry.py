"""What a reconcile tells whoever measures: an interface, so that this folder knows no metrics library."""

from typing import Protocol

from xkit_operator.reconcile.key import Key


class Telemetry(Protocol):
    """Implemented in `app/`."""

    def spec_seen(self, key: Key, generation: int) -> None:
        """The spec of this generation is new; perhaps it is not said for the first time."""

    def became_ready(self, key: Key, generation: int) -> None:
        """The Destination is Ready with the spec of this generation, perhaps not for the first time."""

    def gone(self, key: Key) -> None:
        """The Destination is deleted."""

    def built(self, outcome: str, seconds: float) -> None:
        """An image was pushed (`pushed`), or not (the code of the error)."""
