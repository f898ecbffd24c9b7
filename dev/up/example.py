"""Applies examples/crm-contacts to a namespace and waits, telling each change, until all of it is Ready."""

import json
import time
from typing import Any

from dev.up import diagnosis, readiness
from dev.up.commands import capture
from dev.up.failure import StepFailed
from dev.up.install import NAMESPACE as OPERATOR_NAMESPACE
from dev.up.install import RELEASE
from dev.up.target import Target
from dev.up.terminal import Terminal

DIRECTORY = "examples/crm-contacts"
NAMESPACE = "crm"
RUNNER = "deployment/crm-contacts"
SINK_IMAGE = "image: xkit-dispatcher"
"""The line in sink/deployment.yaml that stands for the dispatcher's image of the release."""
TIMEOUT = 180.0
PATIENCE = 60.0
"""Seconds for which an object may be stalled: what was mended just now (a Secret, say) is noticed a little later."""


def kubectl(target: Target, *arguments: str, given: str | None = None) -> str:
    """kubectl in the example's namespace."""
    return capture(["kubectl", "--namespace", NAMESPACE, *arguments], environment=target.environment, given=given)


def apply(terminal: Terminal, target: Target, *, dispatcher: str) -> None:
    """Apply the namespace, the sink and the example itself."""
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    kubectl(target, "apply", "-f", "-", given=json.dumps(namespace))
    terminal.say(f"kubectl apply -n {NAMESPACE} -f {DIRECTORY}")
    terminal.show(kubectl(target, "apply", "-f", DIRECTORY).splitlines())
    sink = kubectl(target, "kustomize", f"{DIRECTORY}/sink").replace(SINK_IMAGE, f"image: {dispatcher}")
    terminal.show(kubectl(target, "apply", "-f", "-", given=sink).splitlines())


def wait(terminal: Terminal, target: Target, *, dispatcher: str) -> None:
    """Return when every Destination and SourceMapping is Ready, and runner and sink serve, of this release.

    What an upgraded operator finds is Ready as it was before, until it has rolled its `dispatcher` out. Raises
    StepFailed when an object has waited for somebody to act through PATIENCE, or after TIMEOUT.
    """
    deadline = time.monotonic() + TIMEOUT
    end_of_patience = deadline
    told: set[str] = set()
    while True:
        objects = _objects(target)
        for line in map(readiness.says, objects):
            if line not in told:
                told.add(line)
                terminal.say(line)
        if all(map(readiness.is_ready, objects)) and dispatcher in _images(target):
            break
        now = time.monotonic()
        end_of_patience = min(end_of_patience, now + PATIENCE) if readiness.stalled(objects) else deadline
        if now > min(deadline, end_of_patience):
            raise _not_ready(target, objects)
        time.sleep(0.3)
    for deployment in (RUNNER, "deployment/crm-sink"):
        kubectl(target, "rollout", "status", deployment, "--timeout=50s")
        terminal.say(f"{deployment}: rolled out")


def _images(target: Target) -> list[str]:
    """Of the runner's containers, by its Deployment."""
    path = "jsonpath={.spec.template.spec.containers[*].image}"
    return kubectl(target, "get", RUNNER, "--ignore-not-found", "-o", path).split()


def _objects(target: Target) -> list[dict[str, Any]]:
    objects: list[dict[str, Any]] = json.loads(kubectl(target, "get", "destinations,sourcemappings", "-o=json"))[
        "items"
    ]
    return objects


def _not_ready(target: Target, objects: list[dict[str, Any]]) -> StepFailed:
    return StepFailed(
        "The example does not become Ready",
        remedy="The reasons are explained in docs/reference/conditions.md.",
        evidence=[
            *(readiness.says(obj) for obj in objects if not readiness.is_ready(obj)),
            *diagnosis.of_namespace(target, NAMESPACE),
            *diagnosis.of_release(target, OPERATOR_NAMESPACE, RELEASE),
        ],
    )
