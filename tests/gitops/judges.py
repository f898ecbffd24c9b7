"""Argo CD and kstatus as judges of an object's status: both in one program, dev/tools/health."""

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.gotool import go_tool

CHECKS = Path(__file__).parents[2] / "helm" / "xkit-operator" / "argocd" / "argocd-cm.yaml"


@dataclass(frozen=True)
class Verdict:
    """The one word of each, and what Argo CD shows beside its own."""

    argocd: str
    kstatus: str
    message: str = ""

    @property
    def words(self) -> tuple[str, str]:
        """Without the message."""
        return (self.argocd, self.kstatus)


def judge(objects: Iterable[dict[str, Any]]) -> list[Verdict]:
    """What they say of each of `objects`, in the same order."""
    lines = "".join(f"{json.dumps(obj)}\n" for obj in objects)
    command = [go_tool("health", "."), CHECKS]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return [
        Verdict(one["argocd"]["status"], one["kstatus"]["status"], one["argocd"].get("message", "")) for one in answers
    ]
