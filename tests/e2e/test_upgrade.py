"""docs/how-to/install.md, typed on a cluster under a steady stream of records: no step loses one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.product import ROOT, SYSTEM, Crm, sample
from tests.pages import DOCS, commands
from tests.waiting import until

PAGE = DOCS / "how-to" / "install.md"
CHART = ROOT / "helm" / "xkit-operator"
OURS = "registry.example.com/team"
ADDED = "revisionHistoryLimit"
"""The field that the release before did not know, for this test."""


class Reader:
    """Types what the page says, with a registry of the cluster in the place of the one that the page names."""

    def __init__(self, cluster: Any, folder: Path) -> None:
        self.cluster = cluster
        self._folder = folder
        release = cluster.run("helm", "get", "values", "xkit-operator", "--namespace", SYSTEM, "-o", "yaml").stdout
        self.values = yaml.safe_load(release)
        (folder / "values.yaml").write_text(yaml.safe_dump({"registry": self.values["registry"]}))

    def publish(self) -> None:
        """As told, in the folder of the repository."""
        (command,) = commands(PAGE, "Publish it")
        self._type(command, ROOT, "")

    def follow(self, heading: str, *, block: int = 0) -> None:
        """One of the blocks below the heading, in a folder with values.yaml."""
        self._type(commands(PAGE, heading)[block], self._folder, " --plain-http")

    def release_before(self) -> None:
        """Bring the release to a chart that lacks a field of the newer one, as the release before."""
        chart = self._folder / "before"
        shutil.copytree(CHART, chart)
        crd = chart / "files" / "crds" / "destinations.yaml"
        kind = yaml.safe_load(crd.read_text())
        del kind["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"][ADDED]
        crd.write_text(yaml.safe_dump(kind))
        values = self._folder / "before.yaml"
        values.write_text(yaml.safe_dump(self.values))
        to = ("--namespace", SYSTEM, "--values", str(values), "--wait")
        self.cluster.run("helm", "upgrade", "xkit-operator", str(chart), *to)

    def knows(self, field: str) -> bool:
        """Whether the API server has the field in its schema."""
        explain = ("explain", f"destination.spec.{field}")
        return self.cluster.kubectl(*explain, check=False).returncode == 0

    def _type(self, command: str, folder: Path, insecure: str) -> None:
        registry = f"{self.cluster.info['registry']}/team"
        typed = command.replace(f"oci://{OURS}/xkit-operator", f"oci://{registry}/xkit-operator{insecure}")
        environment = os.environ | {
            "KUBECONFIG": self.cluster.kubeconfig,
            "PATH": f"{self.cluster.info['bin']}:{os.environ['PATH']}",
            "REGISTRY_PLAIN_HTTP": "true",
        }
        shell = ["bash", "-euo", "pipefail", "-c", typed.replace(OURS, registry)]
        done = subprocess.run(shell, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{typed}\n{done.stdout}{done.stderr}"


@pytest.fixture
def reader(story: str, cluster: Any, tmp_path: Path) -> Iterator[Reader]:
    """The release is afterwards as the other tests need it."""
    yield Reader(cluster, tmp_path)
    again = [sys.executable, "-m", "dev.up", "--cluster", cluster.name]
    done = subprocess.run(again, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def dispatcher(crm: Crm) -> str:
    """The image of the dispatcher in every Pod of the runner; empty while Pods of two versions run."""
    listed = crm.get("pods", "-l", "xkit.dev/destination=crm-contacts")["items"]
    containers = [one for pod in listed for one in pod["spec"]["containers"] if one["name"] == "dispatcher"]
    images = {str(one["image"]) for one in containers}
    return images.pop() if len(images) == 1 else ""


def test_upgrading_rolling_back_and_installing_again_loses_no_record(reader: Reader, crm: Crm) -> None:
    before = dispatcher(crm)
    reader.publish()
    reader.release_before()
    until("the kind lacks the field", lambda: not reader.knows(ADDED))
    with crm.stream(sample("1-hubspot-upsert"), rate=20) as ended:
        reader.follow("Upgrade")
        until("the kind has the field", lambda: reader.knows(ADDED))
        until("the runner is of the new release", lambda: "/team/dispatcher@" in dispatcher(crm))
        crm.wait_ready()
        reader.follow("Roll back")
        until("the kind lacks the field again", lambda: not reader.knows(ADDED))
        until("the runner is of the old release", lambda: dispatcher(crm) == before)
        crm.wait_ready()
        reader.follow("Uninstall")
        assert crm.send(sample("1-hubspot-upsert")).status == 200
        reader.follow("Install")
        until("the runner is of the new release", lambda: "/team/dispatcher@" in dispatcher(crm))
        crm.wait_ready()
        summary = ended()
    assert summary["lost"] == {}
    assert len(summary["delivered"]) == summary["sent"]
    assert set(summary["delivered"]) <= set(crm.call_counts())


def test_what_the_page_says_leaves_nothing_behind(reader: Reader, crm: Crm, cluster: Any) -> None:
    ours = "xkit.dev/destination"
    kinds = "deployments,services,configmaps,serviceaccounts,pods"
    assert cluster.get(kinds, "-A", "-l", ours)["items"]
    reader.follow("Uninstall", block=1)
    assert not reader.knows(ADDED)
    until("nothing of ours is left", lambda: not cluster.get(kinds, "-A", "-l", ours)["items"])
    assert cluster.kubectl("get", "namespace", SYSTEM, check=False).returncode != 0
    assert cluster.get("clusterroles,clusterrolebindings", "-l", "app.kubernetes.io/name=xkit-operator")["items"] == []
