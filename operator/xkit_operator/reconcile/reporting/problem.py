"""Why something is not as it should be, as conditions say it: a reason of the closed set and a message."""

from dataclasses import dataclass
from typing import Self

from xkit_operator.api.conditions import Reason
from xkit_operator.errors import XkitError


@dataclass(frozen=True)
class Problem:
    """What keeps a condition from being true; `image` is the one that cannot be pulled, if that is it."""

    reason: Reason
    message: str
    image: str | None = None

    @classmethod
    def of(cls, error: XkitError) -> Self:
        """The same as `error` says; its code is a reason."""
        return cls(Reason(error.code), str(error))
