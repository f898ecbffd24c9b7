"""One thing that a bad or unlucky sender does on a connection of its own, and what must come back.

The generators make cases, `sender.py` plays them, `judge.py` judges what came back.
"""

from dataclasses import dataclass
from enum import Enum, auto
from random import Random


class Ending(Enum):
    """What the sender does once it has written everything."""

    FINISH = auto()
    """It closes its writing half, and reads until the server closes."""
    WAIT = auto()
    """It reads until it has all answers that are due, or until the server closes."""
    RESET = auto()
    """It resets the connection without reading anything more."""


@dataclass(frozen=True)
class Case:
    """What is written, in parts with a pause for others between them, and how many answers must and may come back."""

    parts: tuple[bytes, ...]
    ending: Ending = Ending.FINISH
    least: int = 0
    """0 where the request may be incomplete."""
    most: int = 1
    method: str = "POST"

    def __repr__(self) -> str:
        size = sum(map(len, self.parts))
        return f"{size} bytes in {len(self.parts)} parts, then {self.ending.name}; {self.least} to {self.most} answers"


def whole(random: Random, text: bytes, *, method: str = "POST") -> Case:
    """A case with one request that is answered in any case, at once or bit by bit."""
    ending = random.choice((Ending.FINISH, Ending.WAIT))
    return Case(in_parts(random, text), ending, least=1, method=method)


def in_parts(random: Random, text: bytes) -> tuple[bytes, ...]:
    """`text`, mostly as it is, sometimes cut at a few random places."""
    if random.random() < 0.7 or len(text) < 2:
        return (text,)
    cuts = sorted(random.randrange(len(text)) for _ in range(random.randint(1, 6)))
    return tuple(text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True))
