"""What all tests share: the embedded cluster, brought up once a session, and a fresh namespace for each test that asks.

`XKIT_TEST_CLUSTER=dev` uses a cluster that is already up and leaves it up; otherwise one of its own comes and goes.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Property tests take the same examples in every run, so that one that fails fails again, and as long as they need: a
# busy machine says nothing about the code. `pytest --hypothesis-profile=explore` looks for others.
PATIENT: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("explore", settings.get_profile("default"), **PATIENT)
settings.register_profile("repeat", settings.get_profile("default"), derandomize=True, **PATIENT)
settings.load_profile("repeat")

# Run in the background of a script, the tests ignore Ctrl-C, and so would each program that they interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

# pytest-asyncio and looptime look for "the loop before"; where none was ever set, asyncio makes one that nobody closes,
# and the warning about it fails whatever test runs at that moment. Having set none says so.
asyncio.set_event_loop(None)

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Cluster:
    """A running cluster as its user sees it."""

    name: str
    info: dict[str, Any]  # what `python -m dev.cluster info` prints

    @property
    def kubeconfig(self) -> str:
        return str(self.info["kubeconfig"])

    def run(self, *command: str, stdin: str | None = None, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a program with the cluster's kubectl and helm on its PATH; its output is in the error when it fails."""
        environment = os.environ | {"KUBECONFIG": self.kubeconfig, "PATH": f"{self.info['bin']}:{os.environ['PATH']}"}
        done = subprocess.run(command, input=stdin, env=environment, capture_output=True, text=True, check=False)
        if check and done.returncode:
            raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done

    def kubectl(
        self, *arguments: str, input: str | None = None, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        return self.run("kubectl", *arguments, stdin=input, check=check)

    def get(self, *arguments: str) -> dict[str, Any]:
        """`kubectl get … -o json`, parsed."""
        found: dict[str, Any] = json.loads(self.kubectl("get", *arguments, "-o", "json").stdout)
        return found


def dev_cluster(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "dev.cluster", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    kept = os.environ.get("XKIT_TEST_CLUSTER")
    name = kept or f"test-{uuid.uuid4().hex[:6]}"  # runs on one machine never meet
    try:
        if not kept:
            dev_cluster("up", "--name", name)
        yield Cluster(name, json.loads(dev_cluster("info", "--name", name)))
    finally:
        if not kept:
            dev_cluster("down", "--purge", "--name", name)


@pytest.fixture
def namespace(cluster: Cluster) -> Iterator[str]:
    name = f"test-{uuid.uuid4().hex[:8]}"
    cluster.kubectl("create", "namespace", name)
    yield name
    # Deleting a namespace takes at least 5 s (the controller's own pause): nobody waits for it here.
    cluster.kubectl("delete", "namespace", name, "--wait=false", "--ignore-not-found")
