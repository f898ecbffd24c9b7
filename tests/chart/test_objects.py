"""What the chart installs: the CRDs as generated and kept, the operator's settings, the registry's addresses."""

import json
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.chart.conftest import BUNDLED, CHART, REQUIRED, Render
from xkit_operator.settings import Settings

CRDS = CHART.parents[1] / "crds"


def settings(objects: dict[tuple[str, str], dict[str, Any]]) -> dict[str, str]:
    (container,) = objects["Deployment", "xkit-system/xo"]["spec"]["template"]["spec"]["containers"]
    return {entry["name"]: entry["value"] for entry in container["env"] if "value" in entry}


class Watched(dict[str, str]):
    """An environment that remembers which variables were read."""

    def __init__(self, variables: dict[str, str]) -> None:
        super().__init__(variables)
        self.read: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.read.add(name)
        return super().get(name, default)


def test_the_operator_reads_every_setting_that_the_chart_gives(render: Render) -> None:
    (container,) = render(BUNDLED)["Deployment", "xkit-system/xo"]["spec"]["template"]["spec"]["containers"]
    environment = Watched({entry["name"]: entry.get("value", "from-the-field") for entry in container["env"]})
    Settings.from_environment(environment)
    assert set(environment) <= environment.read


def test_login_and_authorities_of_a_registry_are_files_that_the_operator_reads(render: Render) -> None:
    names = {"push": "registry.example.com", "credentialsSecret": "registry-login", "caConfigMap": "company-ca"}
    objects = render(REQUIRED | {"registry": names})
    pod = objects["Deployment", "xkit-system/xo"]["spec"]["template"]["spec"]
    found = Settings.from_environment({**settings(objects), "POD_NAME": "xo-1", "POD_NAMESPACE": "xkit-system"})
    mounts = {mount["mountPath"]: mount["name"] for mount in pod["containers"][0]["volumeMounts"]}
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    assert found.registry_credentials is not None
    assert found.registry_authorities is not None
    assert volumes[mounts[str(found.registry_credentials.parent)]]["secret"] == {"secretName": "registry-login"}
    assert volumes[mounts[str(found.registry_authorities.parent)]]["configMap"] == {"name": "company-ca"}
    assert not found.registry_plain_http_login


@pytest.mark.parametrize("plural", ["destinations", "sourcemappings"])
def test_a_crd_is_the_generated_one_and_survives_an_uninstall(render: Render, plural: str) -> None:
    generated = yaml.safe_load((CRDS / f"{plural}.yaml").read_text())
    crd = render(REQUIRED)["CustomResourceDefinition", f"{plural}.xkit.dev"]
    assert crd["spec"] == generated["spec"]
    assert crd["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"


def test_both_kinds_are_installed_unless_switched_off(render: Render) -> None:
    assert len([kind for kind, _ in render(REQUIRED) if kind == "CustomResourceDefinition"]) == 2
    without = render(REQUIRED | {"crds": {"install": False}})
    assert [kind for kind, _ in without if kind == "CustomResourceDefinition"] == []


def test_a_packaged_chart_carries_the_crds_behind_the_link(helm: str, tmp_path: Path) -> None:
    subprocess.run([helm, "package", str(CHART), "--destination", str(tmp_path)], check=True, capture_output=True)
    (package,) = tmp_path.iterdir()
    with tarfile.open(package) as archive:
        packed = {member.name.rpartition("/")[2]: member for member in archive if "/files/crds/" in member.name}
        assert set(packed) == {path.name for path in CRDS.glob("*.yaml")}
        assert all(member.isreg() for member in packed.values())


def test_the_chart_passes_helm_lint(helm: str) -> None:
    command = [helm, "lint", str(CHART), "--strict", "--values", "-"]
    done = subprocess.run(command, input=json.dumps(BUNDLED), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_an_own_registry_is_pushed_to_and_pulled_from_as_told(render: Render) -> None:
    objects = render(REQUIRED)
    told = settings(objects)
    assert told["XKIT_REGISTRY_PUSH"] == told["XKIT_REGISTRY_PULL"] == "r.example:5000"
    assert told["XKIT_REGISTRY_PLAIN_HTTP"] == "false"
    assert not [name for _, name in objects if name.endswith("-registry")]


def test_the_bundled_registry_is_pushed_to_by_name_and_pulled_from_on_every_node(render: Render) -> None:
    objects = render(BUNDLED)
    told = settings(objects)
    assert told["XKIT_REGISTRY_PUSH"] == "xo-registry.xkit-system.svc:5000"
    assert told["XKIT_REGISTRY_PULL"] == "localhost:30005"
    assert told["XKIT_REGISTRY_PLAIN_HTTP"] == "true"
    (port,) = objects["Service", "xkit-system/xo-registry"]["spec"]["ports"]
    assert (port["port"], port["nodePort"]) == (5000, 30005)


def test_the_naming_of_repositories_reaches_the_operator(render: Render) -> None:
    assert settings(render(REQUIRED))["XKIT_REGISTRY_NAMING"] == "nested"
    flat = render(REQUIRED | {"registry": {"push": "docker.io", "prefix": "company", "naming": "flat"}})
    assert settings(flat)["XKIT_REGISTRY_NAMING"] == "flat"
    assert settings(flat)["XKIT_REGISTRY_PULL"] == "docker.io"


def test_without_persistence_the_registry_claims_no_volume(render: Render) -> None:
    assert ("PersistentVolumeClaim", "xkit-system/xo-registry") in render(BUNDLED)
    values = {"image": BUNDLED["image"], "registry": {"enabled": True, "persistence": {"enabled": False}}}
    assert ("PersistentVolumeClaim", "xkit-system/xo-registry") not in render(values)


def test_the_namespaces_reach_the_operator(render: Render) -> None:
    assert settings(render(REQUIRED))["XKIT_NAMESPACES"] == ""
    assert settings(render(REQUIRED | {"namespaces": ["team-a", "team-b"]}))["XKIT_NAMESPACES"] == "team-a,team-b"


@pytest.mark.parametrize(
    ("values", "cleanup", "finalizer"),
    [
        ({}, "false", "false"),
        ({"images": {"cleanup": True}}, "true", "true"),
        ({"images": {"cleanup": True}, "namespaces": ["team-a"]}, "true", "false"),
    ],
)
def test_images_are_cleaned_up_when_told_and_a_finalizer_never_outlives_the_role(
    render: Render, values: dict[str, Any], cleanup: str, finalizer: str
) -> None:
    told = settings(render(REQUIRED | values))
    assert (told["XKIT_IMAGES_CLEANUP"], told["XKIT_IMAGES_FINALIZER"]) == (cleanup, finalizer)


def test_the_operator_takes_part_in_the_election_for_the_lease_of_its_release(render: Render) -> None:
    objects = render(REQUIRED)
    found = Settings.from_environment({**settings(objects), "POD_NAME": "xo-1", "POD_NAMESPACE": "xkit-system"})
    assert (found.lease_namespace, found.lease_name) == ("xkit-system", "xo")


def test_one_replica_ends_before_the_next_one_starts(render: Render) -> None:
    objects = render(REQUIRED)
    spec = objects["Deployment", "xkit-system/xo"]["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})
    assert ("PodDisruptionBudget", "xkit-system/xo") not in objects


def test_a_standby_is_spread_kept_through_drains_and_replaced_one_by_one(render: Render) -> None:
    objects = render(REQUIRED | {"replicas": 2})
    spec = objects["Deployment", "xkit-system/xo"]["spec"]
    assert spec["replicas"] == 2
    assert spec["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
    selector = spec["selector"]
    (spread,) = spec["template"]["spec"]["topologySpreadConstraints"]
    assert spread["labelSelector"] == selector
    assert objects["PodDisruptionBudget", "xkit-system/xo"]["spec"] == {"maxUnavailable": 1, "selector": selector}
