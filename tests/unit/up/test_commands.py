"""Programs that the story runs: what becomes of their output, and of their failure."""

import os
import sys

import pytest

from dev.up.commands import capture, stream
from dev.up.failure import StepFailed

SAYS_AND_FAILS = [sys.executable, "-c", "import sys; print('one'); print('two', file=sys.stderr); sys.exit(3)"]


def test_what_a_program_prints_is_captured_with_what_it_was_given() -> None:
    echo = [sys.executable, "-c", "print(input() * 2)"]
    assert capture(echo, environment=os.environ, given="ab") == "abab\n"


def test_a_failing_program_is_quoted() -> None:
    with pytest.raises(StepFailed, match="exit code 3") as caught:
        capture(SAYS_AND_FAILS, environment=os.environ)
    assert caught.value.evidence == ("two",)


def test_a_streamed_program_is_told_line_by_line_and_quoted_when_it_fails() -> None:
    told: list[str] = []
    with pytest.raises(StepFailed, match="exit code 3") as caught:
        stream(SAYS_AND_FAILS, environment=os.environ, say=told.append)
    assert sorted(told) == ["one", "two"]
    assert sorted(caught.value.evidence) == ["one", "two"]


def test_a_missing_program_is_named_with_the_remedy() -> None:
    with pytest.raises(StepFailed, match="no-such-program is not installed") as caught:
        capture(["no-such-program"], environment=os.environ)
    assert "PATH" in caught.value.remedy


def test_a_program_that_hangs_is_given_up() -> None:
    with pytest.raises(StepFailed, match="gave no answer"):
        capture([sys.executable, "-c", "import signal; signal.pause()"], environment=os.environ, timeout=0.2)
