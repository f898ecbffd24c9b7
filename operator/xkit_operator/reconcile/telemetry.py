"""What a reconcile tells whoever measures: an interface, so that this folder knows no metrics library."""

from typing import Literal, Protocol

from xkit_operator.reconcile.key import Key

Stage = Literal["image", "ready", "stalled"]
"""How far a change has come: the registry has the image that it wants, where that is another one than before; every
Pod is ready with it; or it was found that somebody must act first.
"""


class Telemetry(Protocol):
    """Implemented in `app/`."""

    def spec_seen(self, key: Key, generation: int, waited: float) -> None:
        """The spec of this generation is new and was made `waited` seconds ago; perhaps that was said before."""

    def reached(self, key: Key, generation: int, stage: Stage) -> None:
        """The Destination has come so far with the spec of this generation, perhaps not for the first time."""

    def gone(self, key: Key) -> None:
        """The Destination is deleted."""

    def built(self, outcome: str, seconds: float) -> None:
        """An image was pushed (`pushed`), or not (the code of the error)."""
