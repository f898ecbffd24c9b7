"""The real KEDA on the tests' cluster: its operator and adapter as Pods, its manifests as they are in its module.

Only where images come from differs: they are made here, of programs that Go builds.
"""

import contextlib
import platform
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from dev.cluster.images import image_archive
from tests.conftest import Cluster, dev_cluster
from tests.gotool import go_tool, module_sources
from tests.waiting import until

MODULE = "github.com/kedacore/keda/v2"
ZONE = "Europe/Berlin"
SERVED = "v1beta1.external.metrics.k8s.io"
# the name of a program in its image, as the manifests call it, and the package that makes it
PROGRAMS = {"keda": f"{MODULE}/cmd/operator", "keda-adapter": f"{MODULE}/cmd/adapter"}


def programs() -> dict[str, Path]:
    """KEDA's programs, built if the cache lacks them: minutes, the first time."""
    return {name: go_tool(name, package, module="keda") for name, package in PROGRAMS.items()}


@contextlib.contextmanager
def installed(cluster: Cluster, directory: Path) -> Iterator[None]:
    """Install KEDA, and take it away at the end."""
    _load_images(cluster, directory)
    objects = [_fitted(one) for one in _manifests(cluster)]
    text = yaml.safe_dump_all(objects)
    cluster.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", input=text)
    try:
        until("KEDA's metrics are served", lambda: _available(cluster), seconds=180)
        yield
    finally:
        # First: while nobody answers for it, no namespace of the cluster can be deleted.
        cluster.kubectl("delete", "apiservice", SERVED)
        cluster.kubectl("delete", "--ignore-not-found", "--wait=false", "-f", "-", input=text)


def _available(cluster: Cluster) -> bool:
    conditions = cluster.get("apiservice", SERVED).get("status", {}).get("conditions", ())
    return any(one["type"] == "Available" and one["status"] == "True" for one in conditions)


def _load_images(cluster: Cluster, directory: Path) -> None:
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
    for name, program in programs().items():
        files = {name: program.read_bytes(), f"usr/share/zoneinfo/{ZONE}": _zone()}
        archive = directory / f"{name}.tar"
        archive.write_bytes(image_archive(_image(name), files, {"User": "65532:65532"}, architecture))
        dev_cluster("load", "--name", cluster.name, str(archive))
        archive.unlink()


def _image(name: str) -> str:
    return f"xkit.local/{name}:1"


def _zone() -> bytes:
    """The rules of the time zone, which KEDA's own image has from Debian."""
    candidates = [Path(directory) / ZONE for directory in zoneinfo.TZPATH]
    found = next((one for one in candidates if one.exists()), None)
    assert found, "the machine has no time zones: apt-get install tzdata"
    return found.read_bytes()


def _manifests(cluster: Cluster) -> list[dict[str, Any]]:
    source = module_sources(MODULE, of="keda")
    return list(yaml.safe_load_all(cluster.kubectl("kustomize", f"{source}/config/minimal").stdout))


def _fitted(manifest: dict[str, Any]) -> dict[str, Any]:
    """With the images made here; and a Pod is ready when it says so, not 20 s later."""
    if manifest["kind"] == "Deployment":
        for container in manifest["spec"]["template"]["spec"]["containers"]:
            container["image"] = _image(container["command"][0].removeprefix("/"))
            container["imagePullPolicy"] = "Never"
            container["readinessProbe"] |= {"initialDelaySeconds": 0, "periodSeconds": 1}
    return manifest
