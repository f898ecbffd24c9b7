"""How long what is known of objects has been confirmed by the watch that tells of them: it tells everything in order.

Whatever a watch says, it has said before of every other object what there was to say. Only where it begins anew, with
a list of what is there, it does not say what has gone meanwhile.
"""

from collections.abc import Callable


class Streams:
    """By kind, and namespace since there may be a watch for each; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began: dict[str, float] = {}
        self._told: dict[tuple[str, str], float] = {}

    def begins(self, kind: str) -> None:
        """A watch lists what is there."""
        self._began[kind] = self._clock()

    def tells(self, kind: str, namespace: str) -> None:
        """A watch has said something that is not late."""
        self._told[kind, namespace] = self._clock()

    def confirmed(self, kind: str, namespace: str, since: float) -> float:
        """Until when an object was as it was said to be at the moment `since`, if nothing else was told of it."""
        began = self._began.get(kind)
        if began is not None and since <= began:
            return since
        return max(since, self._told.get((kind, namespace), since))
