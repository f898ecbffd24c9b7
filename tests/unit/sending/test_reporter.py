"""A long transfer says how far it is: a bar on a terminal, else a line now and then."""

import io

from xkit_operator.sending.answer import Answer
from xkit_operator.sending.failures import Failures
from xkit_operator.sending.journal import Journal
from xkit_operator.sending.position import Position
from xkit_operator.sending.reporter import Reporter
from xkit_operator.sending.summary import Summary


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def said(file: io.StringIO, seconds: list[float], *, size: int | None = 100) -> str:
    """What is written by ticks at these times, with a quarter of the file settled."""
    journal = Journal(start=Position(), summary=Summary(), failures=Failures(None, anew=True), position=None)
    journal.take(line=1, end=25)
    journal.settle(Answer("succeeded", {}), line=1, text=b"")
    clock = Clock()
    reporter = Reporter(journal, size=size, file=file, clock=clock)
    for clock.now in seconds:
        reporter.tick()
    return file.getvalue()


def test_a_terminal_has_a_bar_that_is_drawn_over_itself() -> None:
    shown = said(Terminal(), [0.05, 0.2, 0.4])
    assert shown.count("\r\x1b[K[######..................]  25%") == 2
    assert "\n" not in shown


def test_a_file_has_a_line_every_five_seconds() -> None:
    assert said(io.StringIO(), [1, 4.9, 5.1, 6, 11]).count("25%") == 2


def test_a_pipe_whose_length_nobody_knows_has_counts_alone() -> None:
    shown = said(io.StringIO(), [6], size=None)
    assert shown.startswith("1 records, 0 failed")
