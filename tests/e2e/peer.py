"""A Pod that sends to others: what a NetworkPolicy says about Pods shows only from inside one."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.streaming import streaming
from tests.waiting import until

PROGRAM = Path(__file__).with_name("asking.py").read_text()
PYTHON = "/usr/bin/python3"


def pod(name: str, image: str, *command: str) -> dict[str, Any]:
    """A Pod of the dispatcher's image, of which only the Python is used."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {
            "automountServiceAccountToken": False,
            "terminationGracePeriodSeconds": 0,
            "restartPolicy": "Never",
            "containers": [{"name": name, "image": image, "command": [PYTHON, "-c", *command]}],
        },
    }


@dataclass(frozen=True)
class Peer:
    """A running Pod. `cluster` is the fixture of tests/conftest.py."""

    cluster: Any
    namespace: str
    name: str = "peer"

    def start(self, image: str) -> "Peer":
        """Make the Pod, and wait until it runs."""
        manifest = json.dumps(pod(self.name, image, "import signal; signal.pause()"))
        self.cluster.kubectl("--namespace", self.namespace, "apply", "-f", "-", input=manifest)

        def phase() -> str:
            found = self.cluster.get("--namespace", self.namespace, "pod", self.name)
            return str(found["status"].get("phase"))

        until(f"the Pod {self.name} runs", lambda: phase() == "Running")
        return self

    def ask(self, url: str, record: dict[str, Any] | None = None) -> str:
        """GET, or POST of `record`: the status of the answer, or "timeout" or "refused"."""
        arguments = () if record is None else (json.dumps(record),)
        return str(json.loads(self.cluster.kubectl(*self._exec("ask", url, *arguments)).stdout))

    def stream(
        self, url: str, record: dict[str, Any], *, rate: int
    ) -> AbstractContextManager[Callable[[], dict[str, int]]]:
        """Post `record` at most `rate` times a second; the function given ends it and says how often it got what."""
        kubectl = [f"{self.cluster.info['bin']}/kubectl", "--kubeconfig", self.cluster.kubeconfig]
        return streaming([*kubectl, *self._exec("stream", url, str(rate), json.dumps(record))])

    def _exec(self, *arguments: str) -> list[str]:
        return ["--namespace", self.namespace, "exec", "-i", self.name, "--", PYTHON, "-c", PROGRAM, *arguments]
