"""Argo CD installs the operator of its chart, as examples/gitops/argocd/operator.yaml says."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT, Cluster
from tests.e2e.product import SYSTEM, Crm, sample
from tests.ecosystem.argocd import NAMESPACE, compare
from tests.ecosystem.delivery import EXAMPLE
from tests.ecosystem.repository import GitHost
from tests.waiting import until

RELEASE = "xkit-operator"
CHART = ROOT / "helm" / RELEASE

pytestmark = [pytest.mark.usefixtures("argocd"), pytest.mark.timeout(600)]


@pytest.fixture
def values(crm: Crm) -> Iterator[dict[str, Any]]:
    """Those of the installation by Helm, which is taken away meanwhile; the example goes on without an operator."""
    helm = ("--namespace", SYSTEM)
    found: dict[str, Any] = json.loads(crm.cluster.run("helm", "get", "values", RELEASE, *helm, "-o", "json").stdout)
    crm.cluster.run("helm", "uninstall", RELEASE, *helm, "--wait")
    yield found
    application = ("--namespace", NAMESPACE, "application", RELEASE, "--ignore-not-found", "--timeout=120s")
    crm.cluster.kubectl("delete", *application)  # of a test that failed
    install = ("helm", "upgrade", "--install", RELEASE, str(CHART), *helm, "--wait", "--values", "-")
    crm.cluster.run(*install, stdin=json.dumps(found))


def applied(cluster: Cluster, url: str, values: dict[str, Any]) -> None:
    application = yaml.safe_load((EXAMPLE / "argocd" / "operator.yaml").read_text())
    application["spec"]["source"] |= {"repoURL": url, "helm": {"valuesObject": values}}
    cluster.kubectl("apply", "-f", "-", input=json.dumps(application))


def test_the_operator_comes_from_git_and_leaves_the_kinds_when_it_goes(
    crm: Crm, values: dict[str, Any], git_host: GitHost
) -> None:
    cluster = crm.cluster
    repository = git_host.repository(RELEASE)
    repository.copy(CHART, to=f"helm/{RELEASE}")
    repository.copy(ROOT / "crds", to="crds")  # a link of the chart leads there
    repository.commit("Add the chart")
    applied(cluster, repository.url, values)

    def status() -> dict[str, Any]:
        found: dict[str, Any] = cluster.get("application", RELEASE, "--namespace", NAMESPACE).get("status", {})
        return found

    def well() -> bool:
        now = status()
        said = (now.get("sync", {}).get("status"), now.get("health", {}).get("status"))
        return said == ("Synced", "Healthy")

    until("Argo CD says that the operator is there", well, seconds=240)
    assert cluster.get("deployment", RELEASE, "--namespace", SYSTEM)["status"]["readyReplicas"] == 1
    crm.patch("destination", "crm-contacts", {"spec": {"limits": {"timeout": "14s"}}})
    crm.wait_ready()

    synced = status()["operationState"]["finishedAt"]
    compare(cluster, RELEASE)
    assert well()
    assert status()["operationState"]["finishedAt"] == synced, "nothing had to be undone"

    cluster.kubectl("delete", "application", RELEASE, "--namespace", NAMESPACE, "--timeout=120s")
    assert cluster.get("deployments", "--namespace", SYSTEM)["items"] == []
    assert crm.get("destinations")["items"], "the kinds are still there, and so is what is of them"
    assert crm.send(sample("1-hubspot-upsert")).status == 200
