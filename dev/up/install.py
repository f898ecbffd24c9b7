"""Installs or upgrades the operator by Helm, as a user would."""

import json
from collections.abc import Mapping

from dev.up import diagnosis
from dev.up.commands import capture
from dev.up.failure import StepFailed
from dev.up.target import Target
from dev.up.terminal import Terminal

RELEASE = "xkit-operator"
NAMESPACE = "xkit-system"
CHART = "helm/xkit-operator"
TIMEOUT = 180.0
"""Seconds until every Pod of the release must be ready; the images are pulled in this time."""


def install(terminal: Terminal, target: Target, references: Mapping[str, str]) -> None:
    """Bring the release to the given images. Raises StepFailed with what the operator said."""
    values = {"image": dict(references), "registry": dict(target.registry)}
    command = ["helm", "upgrade", "--install", RELEASE, CHART, "--namespace", NAMESPACE, "--create-namespace"]
    command += ["--values", "-", "--wait", "--timeout", f"{TIMEOUT:.0f}s"]
    terminal.say(f"helm upgrade --install {RELEASE} {CHART} --namespace {NAMESPACE}")
    try:
        capture(command, environment=target.environment, given=json.dumps(values), timeout=TIMEOUT + 30)
    except StepFailed as failure:
        raise StepFailed(
            "The operator could not be installed",
            remedy="Read below what Helm and the Pods say, mend it, and run `make up` again.",
            evidence=[failure.what, *failure.evidence, *diagnosis.of_release(target, NAMESPACE, RELEASE)],
        ) from failure
    terminal.show(_lines(target, ["get", "deployments,services"]))


def _lines(target: Target, arguments: list[str]) -> list[str]:
    command = ["kubectl", "--namespace", NAMESPACE, *arguments]
    return capture(command, environment=target.environment).splitlines()
