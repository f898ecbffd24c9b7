"""The operator as tests start it: whatever becomes of it, none outlives its test."""

import signal
import subprocess
from pathlib import Path

import pytest

from tests.operator.process import Operator


def test_one_that_does_not_end_in_time_is_killed_and_told_of(tmp_path: Path) -> None:
    operator = Operator({}, tmp_path / "log", python=("-c", "import time; time.sleep(60)"))
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the process inherits it
    try:
        operator.start(ready=False)
    finally:
        signal.signal(signal.SIGTERM, before)
    with pytest.raises(subprocess.TimeoutExpired):
        operator.terminate(patience=0.2)
    assert not operator.running
