"""Waiting for a real cluster: ask until it is so, with a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

PATIENCE = 180.0
"""Seconds; the machine may be slow, and busy with everything else that a test run does."""


def until(what: str, ask: Callable[[], Found], *, seconds: float = PATIENCE) -> Found:
    """The first true answer of `ask`; fails with the last one when the time is over."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds:.0f} s; the last answer: {answer!r}")
        time.sleep(0.2)
    return answer
