"""Clusters for the tests of this folder: real ones, under names of their own, taken down and purged at the end."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import PATIENCE

REPOSITORY = Path(__file__).resolve().parent.parent.parent


class Cluster:
    """A cluster as its user drives it: through the commands."""

    def __init__(self, name: str) -> None:
        self.name = name

    def run(self, command: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command of `python3 -m dev.cluster` on this cluster."""
        line = [sys.executable, "-m", "dev.cluster", command, "--name", self.name, *arguments]
        done = subprocess.run(line, cwd=REPOSITORY, capture_output=True, text=True)
        assert not check or done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        return done

    @property
    def info(self) -> dict[str, Any]:
        """What `info` says."""
        told: dict[str, Any] = json.loads(self.run("info").stdout)
        return told

    @property
    def supervisor(self) -> int:
        """The process id of PID 1 of the cluster."""
        record = json.loads(Path(self.info["state"], "supervisor.json").read_text())
        return int(record["pid"])

    def kubectl(self, *arguments: str, text: str = "", check: bool = True) -> str:
        """Run kubectl on the host, as anybody would; returns its output."""
        info = self.info
        line = [f"{info['bin']}/kubectl", "--kubeconfig", info["kubeconfig"], *arguments]
        done = subprocess.run(line, input=text, capture_output=True, text=True)
        assert not check or done.returncode == 0, f"{line}\n{done.stderr}"
        return done.stdout.strip()

    def await_pod(self, name: str) -> None:
        """Wait until Pod `name` is ready; the error says what kept it."""
        self.kubectl("wait", f"pod/{name}", "--for=condition=Ready", f"--timeout={PATIENCE:.0f}s", check=False)
        ready = self.kubectl("get", f"pod/{name}", "-o", "jsonpath={.status.conditions[?(@.type=='Ready')].status}")
        assert ready == "True", self.kubectl("describe", f"pod/{name}")


@pytest.fixture(scope="session")
def make_cluster() -> Iterator[Callable[[], Cluster]]:
    """Makes names of clusters; whatever was started under them is purged in the end."""
    assert os.geteuid() == 0, "these tests start clusters: run them as root (sudo make test)"
    made: list[Cluster] = []

    def make() -> Cluster:
        made.append(Cluster(f"test-{secrets.token_hex(3)}"))
        return made[-1]

    try:
        yield make
    finally:
        for cluster in made:
            cluster.run("down", "--purge", check=False)


@pytest.fixture(scope="session")
def cluster(make_cluster: Callable[[], Cluster]) -> Cluster:
    """One cluster that is up; tests leave it up."""
    made = make_cluster()
    made.run("up")
    return made
