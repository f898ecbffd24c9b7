"""docs/how-to/install.md, typed on a cluster under a steady stream of records: no step loses one."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.product import ROOT, SYSTEM, Crm, sample
from tests.e2e.reader import Reader
from tests.pages import DOCS
from tests.waiting import until

PAGE = DOCS / "how-to" / "install.md"
CHART = ROOT / "helm" / "xkit-operator"
ADDED = "revisionHistoryLimit"
"""The field that the release before did not know, for this test."""


def release_before(reader: Reader) -> None:
    """Bring the release to a chart that lacks a field of the newer one, as the release before."""
    chart = reader.folder / "before"
    shutil.copytree(CHART, chart)
    crd = chart / "files" / "crds" / "destinations.yaml"
    kind = yaml.safe_load(crd.read_text())
    del kind["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"][ADDED]
    crd.write_text(yaml.safe_dump(kind))
    values = reader.folder / "before.yaml"
    values.write_text(yaml.safe_dump(reader.values))
    to = ("--namespace", SYSTEM, "--values", str(values), "--wait")
    reader.cluster.run("helm", "upgrade", "xkit-operator", str(chart), *to)


def known(cluster: Any) -> bool:
    """Whether the API server has the field in its schema."""
    return bool(cluster.kubectl("explain", f"destination.spec.{ADDED}", check=False).returncode == 0)


@pytest.fixture
def reader(as_before: None, cluster: Any, tmp_path: Path) -> Reader:
    return Reader(PAGE, cluster, tmp_path)


def test_upgrading_rolling_back_and_installing_again_loses_no_record(reader: Reader, crm: Crm, cluster: Any) -> None:
    before = crm.dispatcher()
    reader.publish()
    release_before(reader)
    until("the kind lacks the field", lambda: not known(cluster))
    with crm.stream(sample("1-hubspot-upsert"), rate=20) as ended:
        reader.follow("Upgrade")
        until("the kind has the field", lambda: known(cluster))
        until("the runner is of the new release", lambda: "/team/dispatcher@" in crm.dispatcher())
        crm.wait_ready()
        reader.follow("Roll back")
        until("the kind lacks the field again", lambda: not known(cluster))
        until("the runner is of the old release", lambda: crm.dispatcher() == before)
        crm.wait_ready()
        reader.follow("Uninstall")
        assert crm.send(sample("1-hubspot-upsert")).status == 200
        reader.follow("Install")
        until("the runner is of the new release", lambda: "/team/dispatcher@" in crm.dispatcher())
        crm.wait_ready()
        summary = ended()
    assert summary["lost"] == {}
    assert len(summary["delivered"]) == summary["sent"]
    until("all that was delivered has arrived", lambda: set(summary["delivered"]) <= set(crm.call_counts()))


def test_what_the_page_says_leaves_nothing_behind(reader: Reader, crm: Crm, cluster: Any) -> None:
    ours = "xkit.dev/destination"
    kinds = "deployments,services,configmaps,serviceaccounts,pods"
    assert cluster.get(kinds, "-A", "-l", ours)["items"]
    reader.follow("Uninstall", block=1)
    until("the kind is unknown", lambda: not known(cluster))
    until("nothing of ours is left", lambda: not cluster.get(kinds, "-A", "-l", ours)["items"])
    assert cluster.kubectl("get", "namespace", SYSTEM, check=False).returncode != 0
    assert cluster.get("clusterroles,clusterrolebindings", "-l", "app.kubernetes.io/name=xkit-operator")["items"] == []
