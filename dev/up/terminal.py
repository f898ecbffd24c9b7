"""How the story looks: numbered steps, and below each what happens, with the seconds since the start.

Every other module says what it does through the one Terminal that it is given.
"""

from collections.abc import Callable, Iterable
from typing import TextIO

from dev.up.failure import StepFailed


class Terminal:
    """Writes lines to `out`; `clock` returns seconds and never goes back."""

    def __init__(self, out: TextIO, *, clock: Callable[[], float], steps: int) -> None:
        self._out = out
        self._clock = clock
        self._start = clock()
        self._steps = steps
        self._step = 0

    @property
    def elapsed(self) -> float:
        """Seconds since the story began."""
        return self._clock() - self._start

    def step(self, title: str) -> None:
        """Begin the next step."""
        self._step += 1
        self._write(f"\n[{self._step}/{self._steps}] {title}")

    def say(self, line: str) -> None:
        """Tell what happens, as it happens."""
        self._write(f"{self.elapsed:7.1f} s  {line}")

    def show(self, lines: Iterable[str]) -> None:
        """Show what a tool said, or what can be typed, as it is."""
        for line in lines:
            self._write(f"           {line}".rstrip())

    def fail(self, failure: StepFailed) -> None:
        """Say what failed, show the evidence, and say what to do."""
        self.say(f"FAILED: {failure.what}")
        self.show(failure.evidence)
        if failure.remedy:
            self.say(failure.remedy)

    def _write(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()
