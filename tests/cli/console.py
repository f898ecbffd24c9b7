"""A page with a recorded terminal session, typed again: what each command prints is what the page shows.

In a block `console` a line with `$ ` is typed, those with `> ` go on with it, and the others are what it prints, on
both streams. A block `console first-shell` belongs to a command that goes on meanwhile; `^C` in it interrupts. Times,
durations and the port are told apart from what matters.
"""

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.waiting import until

PORT = "8080"
_BLOCK = re.compile(r"^```console(?P<shell>[^\n]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_VARYING = (
    (re.compile(r"\b\d\d:\d\d:\d\d\.\d{3}\b"), "12:00:00.000"),
    (re.compile(r" +\d+\.\d ms\b"), " 1.0 ms"),
    (re.compile(r"\bin \d+\.\d s\b"), "in 1.0 s"),
    (re.compile(r"\(\d+/s\)"), "(1/s)"),
)


@dataclass(frozen=True)
class Typed:
    """A command, and what is to come of it."""

    command: str
    shown: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Block:
    """The commands of a fenced block; `goes_on` in the first shell."""

    typed: list[Typed]
    goes_on: bool


def blocks(page: Path) -> Iterator[Block]:
    """In their order."""
    for found in _BLOCK.finditer(page.read_text("utf-8")):
        yield Block(_typed(found["text"]), "first-shell" in found["shell"])


def _typed(text: str) -> list[Typed]:
    found: list[Typed] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(Typed(line[2:]))
        elif line.startswith("> ") and found and not found[-1].shown:
            found[-1] = Typed(f"{found[-1].command}\n{line[2:]}")
        else:
            if not found:
                found.append(Typed(""))  # what a command of an earlier block goes on to print
            found[-1].shown.append(line)
    return found


def plain(text: str) -> list[str]:
    """Its lines, without what differs each time."""
    for pattern, instead in _VARYING:
        text = pattern.sub(instead, text)
    return [line.rstrip() for line in text.splitlines()]


class Shells:
    """The folder in which everything is typed, and the command in the first shell."""

    def __init__(self, folder: Path, environment: Mapping[str, str], port: int) -> None:
        self._folder = folder
        self._environment = {**os.environ, **environment}
        self._port = str(port)
        self._output = folder.parent / "first-shell"
        self._expected: list[str] = []
        self._first: subprocess.Popen[bytes] | None = None

    def type(self, typed: Typed) -> list[str]:
        """What a command prints; a `cd` holds for those after it."""
        if typed.command.startswith("cd "):
            self._folder /= typed.command.removeprefix("cd ")
            return []
        done = subprocess.run(
            ["bash", "-c", self._ported(typed.command)],
            cwd=self._folder, env=self._environment, text=True, timeout=240, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return plain(done.stdout.replace(self._port, PORT))

    def go_on(self, typed: Typed) -> None:
        """Start the command of the first shell, or wait until it has printed what is shown further on."""
        if typed.command:
            with self._output.open("wb") as output:
                self._first = subprocess.Popen(
                    ["bash", "-c", f"exec {self._ported(typed.command)}"],
                    cwd=self._folder, env=self._environment, stdout=output, stderr=subprocess.STDOUT,
                )  # fmt: skip
        for line in typed.shown:
            if line == "^C":
                self._await_shown()
                assert self._first is not None
                self._first.send_signal(signal.SIGINT)
            else:
                self._expected += plain(line)
        self._await_shown()

    def close(self) -> None:
        """Leave nothing running."""
        if self._first is not None:
            if self._first.poll() is None:
                self._first.send_signal(signal.SIGINT)
            self._first.wait(60)

    def _await_shown(self) -> None:
        try:
            until("the first shell shows what is on the page", self._shows_all)
        except AssertionError as error:
            raise AssertionError(f"{error}; expected {self._expected}, shown {self._shown()}") from None

    def _shows_all(self) -> bool:
        """Lines of a function and of the dispatcher come from two processes, either of which may be the first."""
        return sorted(self._shown()) == sorted(self._expected)

    def _shown(self) -> list[str]:
        """Whole lines alone."""
        return plain(self._output.read_text().replace(self._port, PORT).rpartition("\n")[0])

    def _ported(self, command: str) -> str:
        return command.replace(PORT, self._port)
