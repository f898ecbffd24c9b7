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


@dataclass
class Statements:
    """Each status that was written while it was watched, oldest first."""

    world: World
    name: str
    log: Path

    @property
    def statuses(self) -> list[dict[str, Any]]:
        decoder, text, found = json.JSONDecoder(), self.log.read_text(), []
        while text := text.lstrip():
            try:
                obj, end = decoder.raw_decode(text)
            except ValueError:
                break  # the last one is still being written
            found.append(obj.get("status", {}))
            text = text[end:]
        return found

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
        wanted = self.world.get("destination", self.name)["status"]
        until("the watch is up to date", lambda: self.statuses and self.statuses[-1] == wanted)

    def _of(self, kind: str) -> Iterator[dict[str, Any]]:
        for status in self.statuses:
            yield from (one for one in status.get("conditions", ()) if one["type"] == kind)


@contextmanager
def watched(world: World, folder: Path, name: str = "crm") -> Iterator[Statements]:
    """Watch a Destination from now on, whether or not it exists yet."""
    log = folder / f"{name}.statements"
    command = [f"{world.cluster.info['bin']}/kubectl", "--kubeconfig", world.cluster.kubeconfig]
    command += ["--namespace", world.namespace, "get", "destination", "--watch", "-o", "json"]
    command += ["--field-selector", f"metadata.name={name}"]
    with log.open("w") as out, subprocess.Popen(command, stdout=out) as watch:
        try:
            yield Statements(world, name, log)
        finally:
            watch.terminate()
