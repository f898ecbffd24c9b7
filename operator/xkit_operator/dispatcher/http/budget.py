"""The bytes of bodies that all connections of a server together may hold."""


class Budget:
    """Counts what is held against a limit."""

    def __init__(self, limit: int) -> None:
        self._left = limit

    def take(self, count: int) -> bool:
        """Reserve `count` bytes; False when they are not there."""
        if count > self._left:
            return False
        self._left -= count
        return True

    def give_back(self, count: int) -> None:
        """Return what was taken."""
        self._left += count
