"""One namespace with the operator at work in it, and what tests do there."""

import json
import re
import subprocess
import sys
from typing import Any

from tests.operator.gate import Gate
from tests.operator.process import ROOT, Operator
from tests.waiting import until

UPSERT = "module.exports = async ({ inputs }) => inputs.id"


class World:
    """`api` and `registry` are gates between the operator and the two servers."""

    def __init__(self, cluster: Any, namespace: str, *, operator: Operator, api: Gate, registry: Gate) -> None:
        self.cluster = cluster
        self.namespace = namespace
        self.operator = operator
        self.api = api
        self.registry = registry

    def kubectl(self, *arguments: str, **options: Any) -> str:
        return str(self.cluster.kubectl("--namespace", self.namespace, *arguments, **options).stdout)

    def apply(self, *objects: dict[str, Any]) -> None:
        listed = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
        self.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", input=json.dumps(listed))

    def patch(self, kind: str, name: str, change: dict[str, Any]) -> None:
        self.kubectl("patch", kind, name, "--type=merge", "-p", json.dumps(change))

    def get(self, kind: str, name: str) -> dict[str, Any]:
        """The object; empty when it is absent."""
        found = self.kubectl("get", kind, name, "-o", "json", "--ignore-not-found")
        return dict(json.loads(found)) if found else {}

    def list(self, kinds: str) -> list[str]:
        """Names of what is managed by the operator, as KIND/NAME."""
        labels = "app.kubernetes.io/managed-by=xkit-operator"
        return sorted(self.kubectl("get", kinds, "-l", labels, "-o", "name").split())

    def condition(self, kind: str, name: str, wanted: str = "Ready") -> dict[str, Any]:
        """The condition, if it speaks about the present spec; else an empty one."""
        obj = self.get(kind, name)
        status = obj.get("status", {})
        if status.get("observedGeneration", -1) < obj.get("metadata", {}).get("generation", 0):
            return {}
        return next((one for one in status.get("conditions", ()) if one["type"] == wanted), {})

    def says(self, status: str, reason: str, *, kind: str = "destination", name: str = "crm") -> str:
        """Wait until Ready has this status and reason; its message."""
        last: dict[str, Any] = {}

        def said() -> bool:
            nonlocal last
            last = self.condition(kind, name)
            return (last.get("status"), last.get("reason")) == (status, reason)

        try:
            until(f"{kind} {name}: Ready={status}, {reason}", said)
        except AssertionError as error:
            raise AssertionError(f"{error}: {last}\n{self.operator.log.read_text()[-3000:]}") from None
        return str(last["message"])

    @property
    def looks(self) -> int:
        """How many reconciles its operator has ended, since it was started."""
        said = self.operator.ask("/metrics")[1]
        counts: list[str] = re.findall(r"^xkit_operator_reconciles_total\{.*\} (.*)$", said, re.MULTILINE)
        return int(sum(map(float, counts)))

    def ready(self, name: str = "crm") -> None:
        self.says("True", "Ready", name=name)

    def send(self, record: dict[str, Any], name: str = "crm") -> Any:
        """The answer of the runner to a record, sent to the Service from inside the cluster's network."""
        url = f"http://{self.get('service', name)['spec']['clusterIP']}/v1/records"
        inside = [sys.executable, "-m", "dev.cluster", "exec", "--name", self.cluster.name, "--", sys.executable]
        command = [*inside, str(ROOT / "tests/e2e/sender.py"), "send", url]
        done = subprocess.run(command, cwd=ROOT, input=json.dumps(record), capture_output=True, text=True, check=True)
        return json.loads(done.stdout)["body"]

    def answers(self, record: dict[str, Any], result: Any, name: str = "crm") -> None:
        """Wait for this result: the Service leads to new Pods, and to no old ones, a moment after they are ready."""

        def answer() -> Any:
            try:
                return self.send(record, name).get("result")
            except subprocess.CalledProcessError as error:  # it leads nowhere yet
                return error.stderr

        until(f"the answer is {result}", lambda: answer() == result)


def destination(name: str = "crm", *, upsert: str = UPSERT, **spec: Any) -> dict[str, Any]:
    """A Destination with one function and one input; `spec` adds to it."""
    base = {"inputs": [{"name": "id", "type": "string"}], "functions": {"upsert": {"source": upsert}}}
    return {"apiVersion": "xkit.dev/v1alpha1", "kind": "Destination", "metadata": {"name": name}, "spec": base | spec}


def mapping(name: str = "crm-hubspot", *, to: str = "crm", slug: str = "hubspot", entry: str = "id") -> dict[str, Any]:
    """A SourceMapping that takes the input from /id."""
    spec = {
        "destinationRef": {"name": to},
        "source": {"slug": slug},
        "inputs": [{"name": entry, "direct": {"pointer": "/id"}}],
    }
    return {"apiVersion": "xkit.dev/v1alpha1", "kind": "SourceMapping", "metadata": {"name": name}, "spec": spec}


def variable(name: str, kind: str, *, of: str, key: str) -> dict[str, Any]:
    """A variable from a Secret (`secretKeyRef`) or a ConfigMap (`configMapKeyRef`)."""
    return {"name": name, "valueFrom": {kind: {"name": of, "key": key}}}
