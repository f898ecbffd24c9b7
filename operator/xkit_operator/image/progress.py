"""How far an upload has come, in bytes and in words that a status can show.

Written by who uploads, read by whoever reports. The words change ten times in all, not with every byte:
each change is a write to every object that waits for this upload.
"""

_STEPS = 10


class Progress:
    """Of uploading `what`, `total` bytes in several blobs."""

    def __init__(self, what: str, total: int) -> None:
        self.what = what
        self.total = total
        self._done = 0
        self._current = 0

    def at(self, position: int) -> None:
        """So much of the present blob has been sent; less than before when it is tried again."""
        self._current = position

    def complete(self, size: int) -> None:
        """The present blob, of `size` bytes, is in the registry, uploaded or not."""
        self._done += size
        self._current = 0

    def __str__(self) -> str:
        step = _STEPS * (self._done + self._current) // max(1, self.total)
        sent = self.total * step / _STEPS
        return f"{self.what} is being uploaded: {sent / 1e6:.0f} of {self.total / 1e6:.0f} MB"


def watch_nothing(_: int) -> None:
    """The position in an upload that nobody watches."""
