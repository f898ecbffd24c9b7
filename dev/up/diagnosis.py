"""What to show when something does not become ready: the Pods, their warnings, the operator's last lines.

Best effort: a command that fails here says so in its place, and hides nothing of the failure that led here.
"""

from collections.abc import Sequence

from dev.up.commands import capture
from dev.up.failure import StepFailed
from dev.up.target import Target


def of_release(target: Target, namespace: str, release: str) -> list[str]:
    """The Pods of the operator's namespace, the warnings there, and the operator's log."""
    return [
        *of_namespace(target, namespace),
        *_asked(target, ["logs", f"deployment/{release}", "--tail=20"], namespace),
    ]


def of_namespace(target: Target, namespace: str) -> list[str]:
    """The Pods of a namespace, and its last warnings."""
    warnings = ["get", "events", "--field-selector=type=Warning", "--sort-by=.lastTimestamp"]
    columns = ["-o=custom-columns=OBJECT:.involvedObject.name,REASON:.reason,MESSAGE:.message"]
    return [
        *_asked(target, ["get", "pods", "-o=wide"], namespace),
        *_asked(target, [*warnings, *columns], namespace)[-15:],
    ]


def _asked(target: Target, arguments: Sequence[str], namespace: str) -> list[str]:
    command = ["kubectl", "--namespace", namespace, *arguments]
    heading = f"$ {' '.join(command)}"
    try:
        return [heading, *capture(command, environment=target.environment, timeout=20).splitlines()]
    except StepFailed as failure:
        return [heading, failure.what, *failure.evidence]
