"""Flux and Argo CD as their user sees them: an object that says what it made of which commit.

Both are set up by the manifests in examples/gitops, with the address of the tests' repository in them.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from tests.conftest import ROOT, Cluster
from tests.ecosystem import argocd
from tests.ecosystem.repository import Repository
from tests.waiting import until

EXAMPLE = ROOT / "examples" / "gitops"
SHOWN_URL = "https://git.example.com/team/integrations.git"
INTEGRATIONS = "integrations"
"""The namespace that the example is delivered to."""

Verdict = Literal["waits", "well", "failed"]


@dataclass(frozen=True)
class Said:
    """What a tool makes of a commit, in one word, with its own words."""

    verdict: Verdict
    message: str = ""


def verdicts(said: Iterable[Said]) -> list[Verdict]:
    """One after the other, each as long as it lasted."""
    return [verdict for verdict, _ in groupby(one.verdict for one in said)]


class Delivery(ABC):
    """One tool, delivering the folder `subscribers` of a repository."""

    kind: str
    namespace: str
    manifests: Path

    def __init__(self, cluster: Cluster, repository: Repository) -> None:
        self.cluster = cluster
        self.repository = repository

    def begin(self) -> None:
        manifests = self.manifests.read_text().replace(SHOWN_URL, self.repository.url)
        self.cluster.kubectl("apply", "-f", "-", input=manifests)

    def end(self) -> None:
        """Delete the object, which takes along what it delivered."""
        self.cluster.kubectl("delete", *self._named, "--ignore-not-found", "--timeout=90s")

    def look(self) -> dict[str, Any]:
        """The object as it is."""
        return self.cluster.get(*self._named)

    def deliver(self, commit: str) -> None:
        """Have it fetch `commit`, and wait until it is well."""
        said = self.moments(commit)
        assert said[-1].verdict == "well", said

    def moments(self, commit: str, *, seconds: float = 240) -> list[Said]:
        """Have it fetch `commit`; all that it says from then on, until it waits no longer."""
        self.fetch()
        said: list[Said] = []
        deadline = time.monotonic() + seconds
        while not said or said[-1].verdict == "waits":
            assert time.monotonic() < deadline, (said, self.look().get("status"))
            latest = self.said(self.look(), commit)
            if [latest] != said[-1:]:
                said.append(latest)
            time.sleep(0.3)
        return said

    @abstractmethod
    def fetch(self) -> None:
        """Do not let it wait for its interval; a webhook of the host of Git does the same."""

    @abstractmethod
    def compare(self) -> None:
        """Have it compare the cluster with Git once more, and undo what differs."""

    @abstractmethod
    def said(self, obj: dict[str, Any], commit: str) -> Said:
        """What the object says about `commit`."""

    @abstractmethod
    def blame(self, ready: dict[str, Any]) -> str:
        """Its words for the Destination whose condition Ready, False, is `ready`."""

    @property
    def _named(self) -> tuple[str, ...]:
        return ("--namespace", self.namespace, self.kind, "subscribers")


class FluxDelivery(Delivery):
    kind = "kustomization.kustomize.toolkit.fluxcd.io"
    namespace = "flux-system"
    manifests = EXAMPLE / "flux" / "subscribers.yaml"

    def end(self) -> None:
        super().end()
        self.cluster.kubectl("delete", *self._source, "--ignore-not-found", "--timeout=90s")

    def fetch(self) -> None:
        now = f"reconcile.fluxcd.io/requestedAt={time.time()}"
        self.cluster.kubectl("annotate", *self._source, "--overwrite", now)

    def compare(self) -> None:
        now = str(time.time())
        self.cluster.kubectl("annotate", *self._named, "--overwrite", f"reconcile.fluxcd.io/requestedAt={now}")
        until("Flux has compared", lambda: self.look()["status"].get("lastHandledReconcileAt") == now)

    def said(self, obj: dict[str, Any], commit: str) -> Said:
        status = obj.get("status", {})
        ready = next((one for one in status.get("conditions", ()) if one["type"] == "Ready"), None)
        if ready is None or commit not in status.get("lastAttemptedRevision", "") or ready["status"] == "Unknown":
            return Said("waits")
        return Said("well" if ready["status"] == "True" else "failed", f"{ready['reason']}: {ready['message']}")

    def blame(self, ready: dict[str, Any]) -> str:
        """The object only, not what the object says."""
        return f"Destination/{INTEGRATIONS}/subscribers status: 'Failed'"

    @property
    def _source(self) -> tuple[str, ...]:
        return ("--namespace", self.namespace, "gitrepository", "integrations")


class ArgoDelivery(Delivery):
    kind = "application.argoproj.io"
    namespace = "argocd"
    manifests = EXAMPLE / "argocd" / "subscribers.yaml"

    def fetch(self) -> None:
        self.cluster.kubectl("annotate", *self._named, "--overwrite", f"{argocd.REFRESH}=normal")

    def compare(self) -> None:
        argocd.compare(self.cluster, self._named[-1])

    def said(self, obj: dict[str, Any], commit: str) -> Said:
        status = obj.get("status", {})
        sync, health = status.get("sync", {}), status.get("health", {}).get("status")
        if sync.get("revision") != commit or sync.get("status") != "Synced":
            return Said("waits")
        messages = (one.get("health", {}).get("message", "") for one in status.get("resources", ()))
        verdicts: dict[str, Verdict] = {"Healthy": "well", "Degraded": "failed"}
        return Said(verdicts.get(health, "waits"), "; ".join(filter(None, messages)))

    def blame(self, ready: dict[str, Any]) -> str:
        return f"{ready['reason']}: {ready['message']}"
