"""`edit-to-serving`: from an edit of a function to the first record that the new one answers, on a real cluster.

In turn with a plain Deployment that changes to an image which is ready in the registry; neither image is on the node.
The product is installed as `make up` does it. Both edits are one request to the API server.
"""

import json
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import requests

from tests.bench import plain_deployment
from tests.bench.breakdown import Details
from tests.bench.ours import runtime_in
from tests.bench.result import Result, ratio
from tests.bench.timeline import STEPS, Object, Timeline
from tests.conftest import Cluster, dev_cluster
from tests.executor.pod import Runtime
from tests.operator.world import destination, mapping
from tests.waiting import until
from xkit_operator.objects.labels import DESTINATION

ROOT = Path(__file__).parents[2]
ROUNDS = 10
NAMESPACE = "bench-edit"
RECORD = {"id": "1", "operation": "upsert", "source": {"slug": "hubspot"}, "record": {"id": "1"}}
_ANSWER_SECONDS = 120.0


def edit_to_serving(_: Runtime) -> list[Result]:
    """The ratio of ours to the plain Deployment's seconds."""
    with _cluster() as cluster, TemporaryDirectory() as folder, _proxy(cluster) as api:
        versions = [f"v{number}" for number in range(ROUNDS + 2)]
        images = plain_deployment.push_versions(runtime_in(Path(folder)), cluster.info["registry"], versions)
        _begin(cluster, images[versions[0]])
        timeline = Timeline(api, NAMESPACE, _whose)
        with Watch(cluster, timeline) as watch:
            watch.wait("plain", versions[0])
            watch.wait("ours", versions[0])
            ours, plain = [], []
            for number, version in enumerate(versions[1:], 1):
                print(f"  round {number} of {len(versions) - 1}", file=sys.stderr, flush=True)
                source = {"spec": {"functions": {"upsert": {"source": _function(version)}}}}
                ours.append(watch.change("ours", version, api, "apis/xkit.dev/v1alpha1", "destinations/crm", source))
                _settle(cluster, "crm")
                to = plain_deployment.change(images[version])
                plain.append(
                    watch.change("plain", version, api, "apis/apps/v1", "deployments/plain", to, strategic=True)
                )
                _settle(cluster, "plain")
    whole = [[one["first answer"] for one in rounds[1:]] for rounds in (ours, plain)]
    result = ratio("edit-to-serving", "s", *whole)
    return [replace(result, details=_steps("ours", ours[1:]) | _steps("plain", plain[1:]))]


def _steps(name: str, rounds: list[dict[str, float]]) -> Details:
    """The median of when each step was reached, in seconds since the edit."""
    found = {step: [one[step] for one in rounds if step in one] for step in STEPS}
    return {f"{name}: {step}, s": median(seconds) for step, seconds in found.items() if seconds}


def _whose(found: Object) -> str | None:
    labels = found["metadata"].get("labels", {})
    return "ours" if labels.get(DESTINATION) == "crm" else labels.get("app")


class Watch:
    """What each server answers, and since when; a process in the cluster's network asks all the time."""

    def __init__(self, cluster: Cluster, timeline: Timeline) -> None:
        self._timeline = timeline
        record = json.dumps(RECORD)
        asked = [f"{name}=http://{_address(cluster, service)}{path}={record}" for name, service, path in _SERVED]
        inside = [sys.executable, "-m", "dev.cluster", "exec", "--name", cluster.name, "--"]
        self._process = subprocess.Popen(
            [*inside, sys.executable, str(ROOT / "tests/bench/first_answer.py"), *asked],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._first: dict[tuple[str, str], float] = {}
        self._news = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> "Watch":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def change(
        self,
        name: str,
        version: str,
        api: str,
        group: str,
        path: str,
        patch: dict[str, Any],
        *,
        strategic: bool = False,
    ) -> dict[str, float]:
        """Seconds from the request with `patch` to each step of the rollout and the first answer of `version`."""
        kind = "strategic-merge" if strategic else "merge"
        url, headers = (
            f"{api}/{group}/namespaces/{NAMESPACE}/{path}",
            {"content-type": f"application/{kind}-patch+json"},
        )
        self._timeline.begin(name)
        since = time.monotonic()
        requests.patch(url, data=json.dumps(patch), headers=headers, timeout=30).raise_for_status()
        return self._timeline.steps(name, since, self.wait(name, version))

    def wait(self, name: str, version: str) -> float:
        """When `version` answered for the first time. Raises TimeoutError when it does not."""
        with self._news:
            if not self._news.wait_for(lambda: (name, version) in self._first, timeout=_ANSWER_SECONDS):
                raise TimeoutError(f"{name} has never answered as {version}")
            return self._first[name, version]

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            name, when, said = line.rstrip("\n").split(" ", 2)
            with self._news:
                self._first.setdefault((name, _version(said)), float(when))
                self._news.notify_all()


_SERVED = (("ours", "crm", "/v1/records"), ("plain", "plain", "/"))


@contextmanager
def _cluster() -> Iterator[Cluster]:
    name = f"bench-{uuid.uuid4().hex[:6]}"
    try:
        dev_cluster("up", "--name", name)
        subprocess.run([sys.executable, "-m", "dev.up", "--cluster", name], cwd=ROOT, check=True, stdout=sys.stderr)
        yield Cluster(name, json.loads(dev_cluster("info", "--name", name)))
    finally:
        dev_cluster("down", "--purge", "--name", name)


@contextmanager
def _proxy(cluster: Cluster) -> Iterator[str]:
    """The address at which the API server needs no login."""
    command = [f"{cluster.info['bin']}/kubectl", "--kubeconfig", cluster.kubeconfig, "proxy", "--port=0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as proxy:
        assert proxy.stdout is not None
        yield "http://" + proxy.stdout.readline().split()[-1]
        proxy.kill()


def _begin(cluster: Cluster, image: str) -> None:
    cluster.kubectl("create", "namespace", NAMESPACE)
    items = [destination(upsert=_function("v0")), mapping(), *plain_deployment.objects(image)]
    listed = {"apiVersion": "v1", "kind": "List", "items": items}
    cluster.kubectl("--namespace", NAMESPACE, "apply", "--server-side", "-f", "-", input=json.dumps(listed))
    cluster.kubectl("--namespace", NAMESPACE, "wait", "--for=condition=Ready", "destination/crm", "--timeout=120s")
    _settle(cluster, "plain")


def _settle(cluster: Cluster, deployment: str) -> None:
    """Wait until its rollout is over and no old Pod is left: the other one is measured undisturbed."""

    def done() -> bool:
        found = cluster.get("--namespace", NAMESPACE, "deployment", deployment)
        status = found.get("status", {})
        counts = [status.get(count) for count in ("replicas", "updatedReplicas", "availableReplicas")]
        pods = cluster.get("--namespace", NAMESPACE, "pods")["items"]
        return counts == [1, 1, 1] and len(pods) == 2

    until(f"{deployment} is settled", done)


def _address(cluster: Cluster, service: str) -> str:
    return str(cluster.get("--namespace", NAMESPACE, "service", service)["spec"]["clusterIP"])


def _function(version: str) -> str:
    return f"module.exports = async () => '{version}'"


def _version(said: str) -> str:
    """What the plain server says is its version; ours has it in the answer to a record."""
    return str(json.loads(said).get("result")) if said.startswith("{") else said
