"""A world whose operator cleans up images, and what its registry holds."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.error import HTTPError

import pytest

from tests.operator.conftest import StartWorld
from tests.operator.world import World, destination
from tests.waiting import until

CLEANING = {"XKIT_IMAGES_CLEANUP": "true", "XKIT_IMAGES_FINALIZER": "true", "XKIT_RESYNC_SECONDS": "10"}
FINALIZER = "xkit.dev/images"
StartCleaning = Callable[..., World]


@pytest.fixture
def start_cleaning(start_world: StartWorld) -> Iterator[StartCleaning]:
    """Starts an operator that cleans up; afterwards no finalizer holds the namespace up."""
    worlds: list[World] = []

    def start(**settings: str) -> World:
        worlds.append(start_world(**(CLEANING | settings)))
        return worlds[-1]

    yield start
    for world in worlds:
        for name in world.kubectl("get", "destinations", "-o", "name", check=False).split():
            world.kubectl("annotate", name, "xkit.dev/keep-images=true", "--overwrite", check=False)
            world.kubectl("patch", name, "--type=merge", "-p", '{"metadata": {"finalizers": null}}', check=False)


@pytest.fixture
def cleaning(start_cleaning: StartCleaning) -> World:
    return start_cleaning()


def version(number: int, **spec: Any) -> dict[str, Any]:
    """The Destination crm with a function that no other number has; one earlier version is kept."""
    return destination(upsert=f"module.exports = async () => 'version {number}'", revisionHistoryLimit=1, **spec)


def deploy(world: World, obj: dict[str, Any]) -> str:
    """Apply it and wait until it is ready; the digest of its image."""
    world.apply(obj)
    name = obj["metadata"]["name"]
    world.ready(name)
    image: str = world.get("destination", name)["status"]["image"]
    return image.rpartition("@")[2]


def finalizers(world: World, name: str = "crm") -> list[str]:
    found: list[str] = world.get("destination", name)["metadata"].get("finalizers", [])
    return found


def pullable(world: World, digest: str, name: str = "crm") -> bool:
    """Whether the registry still has an image of a Destination of this namespace."""
    registry = world.cluster.info["registry"]
    url = f"http://{registry}/v2/xkit-tests/{world.namespace}/{name}/manifests/{digest}"
    accept = {"Accept": "application/vnd.oci.image.manifest.v1+json"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=accept, method="HEAD"), timeout=10):
            return True
    except HTTPError as error:
        if error.code != 404:
            raise
        return False


def tags(world: World, name: str = "crm") -> list[str]:
    """All that the registry has in the repository of a Destination of this namespace."""
    where = f"{world.cluster.info['registry']}/v2/xkit-tests/{world.namespace}/{name}/tags/list"
    try:
        with urllib.request.urlopen(f"http://{where}", timeout=10) as answer:
            return list(json.load(answer)["tags"] or ())
    except HTTPError as error:
        if error.code != 404:
            raise
        return []


def gone(world: World, *digests: str, name: str = "crm") -> None:
    """Wait until the registry has none of them."""
    until("the images are gone", lambda: not [one for one in digests if pullable(world, one, name)])


def history(world: World, name: str = "crm") -> list[str]:
    found: list[str] = world.get("destination", name)["status"].get("imageHistory", [])
    return found


def events(world: World, reason: str) -> list[dict[str, Any]]:
    found = world.kubectl("get", "events.events.k8s.io", "--field-selector", f"reason={reason}", "-o", "json")
    listed: list[dict[str, Any]] = json.loads(found)["items"]
    return listed
