"""Who hears of the requests to a registry."""

from collections.abc import Callable

Tell = Callable[[str, int], None]
"""Takes the method and the status of a request; 0 when there was no answer."""


def tell_nobody(_method: str, _status: int) -> None:
    """The count of a registry that nobody watches."""
