"""Where the time of a rollout goes: when the API server told of each step of it, by Deployment.

Watches Deployments and Pods of one namespace through a proxy that needs no login. Times are seconds of the monotonic
clock, as in `first_answer`.
"""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import requests

STEPS = ("Deployment changed", "Pod created", "Pod scheduled", "containers run", "Pod ready", "first answer")
Object = Mapping[str, Any]


class Timeline:
    """The steps of the rollout that was begun last, by the label that tells whose a Pod is."""

    def __init__(self, api: str, namespace: str, whose: Callable[[Object], str | None]) -> None:
        """`whose` names the rollout that a Deployment or a Pod belongs to."""
        self._whose = whose
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._seen: dict[str, dict[str, float]] = {}
        for path, note in (
            (f"{api}/apis/apps/v1/namespaces/{namespace}/deployments", self._note_deployment),
            (f"{api}/api/v1/namespaces/{namespace}/pods", self._note_pod),
        ):
            threading.Thread(target=_follow, args=(path, note), daemon=True).start()

    def begin(self, name: str) -> None:
        """Forget the steps of the last rollout of `name`; Pods that are there already are not of the next one."""
        with self._lock:
            self._seen[name] = {}

    def steps(self, name: str, since: float, answered: float) -> dict[str, float]:
        """Seconds from `since` to each step; a step that nobody told of is not in it."""
        with self._lock:
            times = {**self._seen[name], "first answer": answered}
        return {step: times[step] - since for step in STEPS if step in times}

    def _note_deployment(self, kind: str, found: Object) -> None:
        if kind == "MODIFIED" and found["metadata"]["generation"] != found.get("status", {}).get("observedGeneration"):
            self._note(found, "Deployment changed")

    def _note_pod(self, kind: str, found: Object) -> None:
        uid = found["metadata"]["uid"]
        if kind == "ADDED":
            self._note(found, "Pod created", new=True)
        conditions = {one["type"]: one["status"] for one in found.get("status", {}).get("conditions", [])}
        statuses = found.get("status", {}).get("containerStatuses", [])
        with self._lock:
            new = uid in self._known
        if not new or found["metadata"].get("deletionTimestamp"):
            return
        if conditions.get("PodScheduled") == "True":
            self._note(found, "Pod scheduled")
        if statuses and all("running" in one["state"] for one in statuses):
            self._note(found, "containers run")
        if conditions.get("Ready") == "True":
            self._note(found, "Pod ready")

    def _note(self, found: Object, step: str, *, new: bool = False) -> None:
        name = self._whose(found)
        with self._lock:
            if name in self._seen:
                self._seen[name].setdefault(step, time.monotonic())
                if new:
                    self._known.add(found["metadata"]["uid"])


def _follow(url: str, note: Callable[[str, Object], None]) -> None:
    with contextlib.suppress(requests.RequestException):  # the cluster has gone
        for kind, found in _events(url):
            note(kind, found)


def _events(url: str) -> Iterator[tuple[str, Object]]:
    with requests.get(url, params={"watch": "1"}, stream=True, timeout=(10, None)) as answer:
        for line in answer.iter_lines():
            event = json.loads(line)
            yield event["type"], event["object"]
