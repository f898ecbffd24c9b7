"""The real operator, as a process of this machine."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError

from tests.ports import HeldPort
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]
QUICKLY = 20
"""Seconds in which it ends at a SIGTERM, on a machine that is busy: the kubelet waits for 30."""


class Operator:
    """One process at a time; `log` keeps what all of them said. `python` are options of the interpreter.

    Its development mode finds what is never closed or awaited, and makes the process more than twice as slow.
    """

    def __init__(self, environment: dict[str, str], log: Path, *, python: Sequence[str] = ("-X", "dev")) -> None:
        self.environment = environment
        self._python = python
        self.log = log
        self._port = HeldPort()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, ready: bool = True) -> None:
        environment = os.environ | self.environment | {"XKIT_HTTP_PORT": str(self._port.number)}
        environment["PYTHONPATH"] = str(ROOT / "operator")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._python, "-m", "xkit_operator.app"], env=environment, stderr=log
            )
        if ready:
            until("the operator is ready", lambda: self.ask("/readyz")[0] == 200)

    def ask(self, path: str) -> tuple[int, str]:
        """Status and body of one of its own pages; 0 when it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port.number}{path}", timeout=20) as answer:
                return answer.status, answer.read().decode()
        except URLError as error:
            code: int = getattr(error, "code", 0)
            return code, ""
        except (OSError, HTTPException):  # it ends in the middle of its answer
            return 0, ""

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """kill -9, which leaves no time for anything; may be called from any thread, and of one that has ended."""
        if self._process is not None:
            self._process.kill()

    def stop(self) -> None:
        """Let nothing of it run until `go_on`."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def wait(self, seconds: float = PATIENCE) -> int:
        """Its exit code, once it has ended."""
        assert self._process is not None
        return self._process.wait(seconds)

    def terminate(self, *, patience: float = PATIENCE) -> float:
        """SIGTERM; the seconds until it has ended, which it must do with 0 and within `patience`."""
        assert self._process is not None
        start = time.monotonic()
        self._process.terminate()
        try:
            code = self.wait(patience)
        except subprocess.TimeoutExpired:
            # Left running, it would fail whichever test runs when Python finds that nobody has waited for it.
            self.kill()
            self.wait()
            raise
        assert code == 0, f"{code}: " + self.log.read_text()[-2000:]
        return time.monotonic() - start
