"""A real registry for a test: Debian's docker-registry as a process on loopback, with its data in the test's folder."""

import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.ports import HeldPort
from tests.programs import program
from tests.waiting import PATIENCE


class Server:
    """Start it and stop it as often as wanted: the port and the data stay."""

    def __init__(self, folder: Path, *, settings: dict[str, Any] | None = None) -> None:
        self._program = program("docker-registry")
        self._folder = folder
        self.settings = settings or {}
        self._process: subprocess.Popen[bytes] | None = None
        self._held = HeldPort()

    @property
    def port(self) -> int:
        return self._held.number

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        return self._folder / "data"

    @property
    def configuration(self) -> Path:
        """The file that it was last started with."""
        return self._folder / "config.yml"

    def start(self) -> None:
        configuration = {
            "version": 0.1,
            "log": {"level": "error"},
            "storage": {"filesystem": {"rootdirectory": str(self.data)}, "delete": {"enabled": True}},
            "http": {"addr": self.host},
            **self.settings,
        }
        self.configuration.write_text(json.dumps(configuration))
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([self._program, "serve", self.configuration], stdout=log, stderr=log)
        self._wait()

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def lose_everything(self) -> None:
        """As after the loss of a volume."""
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
        self.start()

    def lose(self, digest: str) -> None:
        """One blob, as after a fault of the disk: every link to it dangles."""
        algorithm, _, digits = digest.partition(":")
        shutil.rmtree(self.data / "docker/registry/v2/blobs" / algorithm / digits[:2] / digits)

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while self._process is not None and self._process.poll() is None and time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.01)  # hundreds of tests wait for this one
            else:
                return
        pytest.fail(f"docker-registry does not start:\n{(self._folder / 'log').read_text()}")
