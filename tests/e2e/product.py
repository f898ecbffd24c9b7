"""The product as installed by `make up`, and one namespace of it as its user sees it: objects, runner, and the sink."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from tests.e2e.streaming import ROOT, streaming
from tests.waiting import until

EXAMPLE = ROOT / "examples" / "crm-contacts"
SYSTEM = "xkit-system"


@dataclass(frozen=True)
class Answer:
    """What the runner answered to one request."""

    status: int
    body: Any


@dataclass(frozen=True)
class Crm:
    """The example in a namespace of its own. `cluster` is the fixture of tests/conftest.py."""

    cluster: Any
    namespace: str

    def install(self, image: str) -> None:
        """Apply the example and the sink, which runs on the Python of `image`, and wait until both serve."""
        sink = self.kubectl("kustomize", str(EXAMPLE / "sink"))
        self.kubectl("apply", "-f", "-", input=sink.replace("image: xkit-dispatcher", f"image: {image}"))
        self.kubectl("apply", "-f", str(EXAMPLE))
        self.wait_ready()
        for mapping in ("crm-contacts-hubspot", "crm-contacts-salesforce"):
            self.wait_for("True", "Ready", kind="sourcemapping", name=mapping)
        until("the sink is ready", lambda: self.get("deployment", "crm-sink")["status"].get("readyReplicas"))
        until("the node leads to the runner", self.reachable)

    def kubectl(self, *arguments: str, **options: Any) -> str:
        return str(self.cluster.kubectl("--namespace", self.namespace, *arguments, **options).stdout)

    def get(self, *arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = self.cluster.get("--namespace", self.namespace, *arguments)
        return found

    def apply(self, *objects: dict[str, Any]) -> None:
        listed = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
        self.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", input=json.dumps(listed))

    def patch(self, kind: str, name: str, change: dict[str, Any]) -> None:
        self.kubectl("patch", kind, name, "--type=merge", "-p", json.dumps(change))

    def condition(self, kind: str, name: str, wanted: str = "Ready") -> dict[str, Any]:
        """The condition, once it speaks about the present spec; else an empty one."""
        obj = self.get(kind, name)
        status = obj.get("status", {})
        if status.get("observedGeneration", -1) < obj["metadata"]["generation"]:
            return {}
        return next((one for one in status.get("conditions", ()) if one["type"] == wanted), {})

    def wait_for(self, status: str, reason: str, *, kind: str = "destination", name: str = "crm-contacts") -> str:
        """Wait until Ready says so; returns its message."""

        def said() -> dict[str, Any] | None:
            ready = self.condition(kind, name)
            return ready if (ready.get("status"), ready.get("reason")) == (status, reason) else None

        try:
            return str(until(f"{kind}/{name} Ready={status} {reason}", said)["message"])
        except AssertionError as error:
            raise AssertionError(f"{error}; it says {self.condition(kind, name)}") from None

    def wait_ready(self, name: str = "crm-contacts") -> None:
        self.wait_for("True", "Ready", name=name)

    def wait_for_result(self, wanted: Any) -> None:
        """Wait until records get to the version whose function returns this: for a moment the one before has them."""

        def returned() -> bool:
            return bool(self.send(sample("1-hubspot-upsert")).body.get("result") == wanted)

        until(f"functions return {wanted}", returned)

    def send(self, *records: dict[str, Any], many: bool = False, token: str = "") -> Answer:
        """POST one record, or several as an array, to the Service from inside the cluster's network."""
        body = json.dumps(list(records) if many else records[0])
        said = json.loads(self._in_cluster("send", self._url(), *filter(None, [token]), stdin=body))
        return Answer(said["status"], said["body"])

    def stream(self, record: dict[str, Any], *, rate: int) -> AbstractContextManager[Callable[[], dict[str, Any]]]:
        """Send `record` with ids of its own `rate` times a second; the function given ends it and returns a summary."""
        return streaming(self.program("sender", "stream", self._url(), str(rate), json.dumps(record)))

    def calls(self, *, least: int = 0) -> list[dict[str, Any]]:
        """What the sink has received, in order, once there are `least`: the kubelet has a line a moment later."""
        printed: list[str] = []

        def enough() -> bool:
            whole, _, _ = self.kubectl("logs", "deployment/crm-sink", "--tail=-1").rpartition("\n")
            printed[:] = whole.splitlines()
            return len(printed) >= least

        until(f"the sink has received {least} calls", enough)
        return [json.loads(line) for line in printed]

    def call_counts(self) -> Counter[str]:
        """How often each record arrived, by its id."""
        return Counter(call["record"] for call in self.calls())

    def reachable(self) -> bool:
        """Whether a connection to the Service comes about: its rules are written a moment after its Pod is ready."""
        connect = self._inside("bash", "-c", f"exec 3<>/dev/tcp/{self.address()}/80")
        return subprocess.run(connect, cwd=ROOT, stderr=subprocess.DEVNULL, check=False).returncode == 0

    def address(self) -> str:
        """Of the Service, port 80: where records go."""
        return str(self.get("service", "crm-contacts")["spec"]["clusterIP"])

    def dispatcher(self) -> str:
        """The image of the dispatcher in every Pod of the runner; empty while there are Pods of two versions."""
        listed = self.get("pods", "-l", "xkit.dev/destination=crm-contacts")["items"]
        containers = [one for pod in listed for one in pod["spec"]["containers"] if one["name"] == "dispatcher"]
        images = {str(one["image"]) for one in containers}
        return images.pop() if len(images) == 1 else ""

    def program(self, name: str, *arguments: str) -> list[str]:
        """The command that runs a program of this folder inside the cluster's network; wants ROOT as its folder."""
        return self._inside(sys.executable, str(ROOT / "tests/e2e" / f"{name}.py"), *arguments)

    def _inside(self, *command: str) -> list[str]:
        return [sys.executable, "-m", "dev.cluster", "exec", "--name", self.cluster.name, "--", *command]

    def _url(self) -> str:
        return f"http://{self.address()}/v1/records"

    def _in_cluster(self, *arguments: str, stdin: str) -> str:
        done = subprocess.run(
            self.program("sender", *arguments),
            cwd=ROOT,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def sample(name: str) -> dict[str, Any]:
    """A record of the example."""
    found: dict[str, Any] = json.loads((EXAMPLE / "samples" / f"{name}.json").read_text())
    return found
