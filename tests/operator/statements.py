"""What Ready of an object has said, one after the other, as somebody sees it who watches."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.operator.world import World
from tests.waiting import until
from xkit_operator.api.group import API_VERSION


@dataclass
class Statements:
    """Each status that was written while it was watched, oldest first."""

    world: World
    name: str
    before: list[dict[str, Any]]
    log: Path

    @property
    def statuses(self) -> list[dict[str, Any]]:
        *events, _ = self.log.read_text().split("\n")  # the last one may still be written
        return [one.get("status", {}) for one in (*self.before, *(json.loads(event)["object"] for event in events))]

    @property
    def ready(self) -> list[str]:
        """Its statuses, each time that it has changed."""
        return [status for status, _ in groupby(one["status"] for one in self._of("Ready"))]

    @property
    def reasons(self) -> list[str]:
        """Its reasons, each time that it has changed."""
        return [reason for reason, _ in groupby(one["reason"] for one in self._of("Ready"))]

    @property
    def abnormal(self) -> list[str]:
        """Which of Reconciling and Stalled was said, each time that it has changed."""
        said = ({one["type"] for one in status.get("conditions", ())} for status in self.statuses)
        return [kinds for kinds, _ in groupby("".join(one & {"Reconciling", "Stalled"}) for one in said) if kinds]

    def complete(self) -> None:
        """Wait until the last status has been seen."""
        until(
            "the watch is up to date",
            lambda: self.statuses[-1:] == [self.world.get("destination", self.name)["status"]],
        )

    def _of(self, kind: str) -> Iterator[dict[str, Any]]:
        for status in self.statuses:
            yield from (one for one in status.get("conditions", ()) if one["type"] == kind)


@contextmanager
def watched(world: World, folder: Path, name: str = "crm") -> Iterator[Statements]:
    """Watch a Destination from now on, whether or not it exists yet, and however late the watch comes about."""
    log = folder / f"{name}.statements"
    path = f"/apis/{API_VERSION}/namespaces/{world.namespace}/destinations?fieldSelector=metadata.name%3D{name}"
    now = json.loads(world.kubectl("get", "--raw", path))
    since = f"&watch=true&resourceVersion={now['metadata']['resourceVersion']}"
    command = [f"{world.cluster.info['bin']}/kubectl", "--kubeconfig", world.cluster.kubeconfig, "get", "--raw"]
    with log.open("w") as out, subprocess.Popen([*command, path + since], stdout=out) as watch:
        try:
            yield Statements(world, name, now["items"], log)
        finally:
            watch.terminate()
