"""Deleting images: ours alone, by digest, and whatever else shares their layers stays whole."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.registry.destinations import SOURCE, Destinations
from tests.registry.server import Server
from tests.registry.test_judges import skopeo
from tests.registry.wire import Wire
from xkit_operator.errors import RegistryRefused, RegistryUnauthorized
from xkit_operator.image import layout
from xkit_operator.image.blob import Blob
from xkit_operator.image.deletion import Deletion, ImageDeleter
from xkit_operator.image.registry.client import Registry

NEW = "module.exports = async () => 'new'"


class Cleaning:
    """Deletes images of the Destination crm, or of another one."""

    def __init__(self, destinations: Destinations, registry: Registry) -> None:
        self._deleter = ImageDeleter(registry, destinations.pusher.repository)

    async def delete(self, *digests: str, name: str = "crm", in_use: frozenset[str] = frozenset()) -> Deletion:
        return await self._deleter.delete(digests, namespace="team-a", name=name, in_use=in_use)


@pytest.fixture
def cleaning(destinations: Destinations, registry: Registry) -> Cleaning:
    return Cleaning(destinations, registry)


def collect_garbage(server: Server) -> None:
    """The registry's own, while it is stopped: deletes the blobs that no manifest names, and untagged manifests not."""
    server.stop()
    command = ["docker-registry", "garbage-collect", server.configuration]
    subprocess.run(command, check=True, capture_output=True)
    server.start()


def pull(server: Server, repository: str, reference: str, target: Path) -> Any:
    """The image as skopeo copies it, each digest verified."""
    source = f"docker://{server.host}/{repository}{'@' if ':' in reference else ':'}{reference}"
    skopeo("copy", "--src-tls-verify=false", "--preserve-digests", source, f"oci:{target}:latest")
    return layout.read(target)


async def test_a_deleted_image_is_found_neither_by_digest_nor_by_tag(
    destinations: Destinations, registry: Registry, cleaning: Cleaning, wire: Wire
) -> None:
    pushed = await destinations.push("crm")
    wire.requests.clear()
    assert await cleaning.delete(pushed.digest) == Deletion(gone=[pushed.digest], foreign=[])
    assert wire.methods() == ["GET", "GET", "DELETE"]
    repository = destinations.repository("crm")
    assert await registry.head_manifest(repository, pushed.digest) is None
    assert await registry.list_tags(repository) == []


async def test_what_is_gone_already_is_said_to_be(cleaning: Cleaning, destinations: Destinations) -> None:
    assert await cleaning.delete("sha256:" + "0" * 64) == Deletion(gone=["sha256:" + "0" * 64], foreign=[])
    pushed = await destinations.push("crm")
    for _ in range(2):
        assert (await cleaning.delete(pushed.digest)).gone == [pushed.digest]


async def test_a_deleted_image_that_is_wanted_again_is_pushed_again(
    destinations: Destinations, server: Server, cleaning: Cleaning, tmp_path: Path
) -> None:
    pushed = await destinations.push("crm")
    await cleaning.delete(pushed.digest)
    assert (await destinations.push("crm")).digest == pushed.digest
    await cleaning.delete(pushed.digest)
    collect_garbage(server)
    assert (await destinations.push("crm")).digest == pushed.digest
    assert pull(server, destinations.repository("crm"), pushed.digest, tmp_path).manifest.digest == pushed.digest


async def test_a_garbage_collection_after_a_deletion_leaves_every_other_image_whole(
    destinations: Destinations, registry: Registry, server: Server, cleaning: Cleaning, tmp_path: Path
) -> None:
    old, new = await destinations.push("crm"), await destinations.push("crm", NEW)
    twin = await destinations.push("erp")  # the functions layer of the old one, too
    layers = [layer.blob.digest for layer in destinations.image().layers]
    assert layers == [layer.blob.digest for layer in destinations.image(name="erp").layers]
    await cleaning.delete(old.digest)
    collect_garbage(server)
    assert not await registry.has_blob(destinations.repository("crm"), destinations.image().config.digest)
    assert pull(server, destinations.repository("crm"), new.digest, tmp_path / "new").manifest.digest == new.digest
    copied = pull(server, destinations.repository("erp"), twin.digest, tmp_path / "twin")
    assert [layer.blob.digest for layer in copied.layers] == layers
    base = pull(server, "xkit/runtime-small", destinations.runtime.digest, tmp_path / "runtime")
    assert base.manifest.digest == destinations.runtime.digest


async def test_the_last_image_of_a_destination_goes_and_the_runtime_and_the_others_stay(
    destinations: Destinations, server: Server, cleaning: Cleaning, tmp_path: Path
) -> None:
    only, other = await destinations.push("crm"), await destinations.push("erp", NEW)
    await cleaning.delete(only.digest)
    collect_garbage(server)
    pull(server, destinations.repository("erp"), other.digest, tmp_path / "other")
    pull(server, "xkit/runtime-small", destinations.runtime.digest, tmp_path / "runtime")
    again = await destinations.push("crm")
    pull(server, destinations.repository("crm"), again.digest, tmp_path / "again")


async def test_an_image_that_somebody_gave_a_tag_is_left_to_them(
    destinations: Destinations, registry: Registry, cleaning: Cleaning
) -> None:
    pushed = await destinations.push("crm")
    await registry.put_manifest(destinations.repository("crm"), "released", destinations.image().manifest)
    assert await cleaning.delete(pushed.digest) == Deletion(gone=[], foreign=[pushed.digest])
    assert await registry.head_manifest(destinations.repository("crm"), "released") == pushed.digest


async def test_an_image_that_is_part_of_somebodys_index_is_left_to_them(
    destinations: Destinations, registry: Registry, cleaning: Cleaning
) -> None:
    pushed, image = await destinations.push("crm"), destinations.image()
    kind = "application/vnd.oci.image.index.v1+json"
    part = {"mediaType": json.loads(image.manifest.read())["mediaType"], "digest": pushed.digest}
    index = {"schemaVersion": 2, "mediaType": kind, "manifests": [part | {"size": image.manifest.size}]}
    await registry.put_manifest(destinations.repository("crm"), "released", Blob.of(json.dumps(index).encode()))
    assert (await cleaning.delete(pushed.digest)).foreign == [pushed.digest]


async def test_an_image_with_two_tags_of_ours_goes_with_both(
    destinations: Destinations, registry: Registry, cleaning: Cleaning
) -> None:
    pushed = await destinations.push("crm")
    await registry.put_manifest(destinations.repository("crm"), "src-0123456789ab", destinations.image().manifest)
    assert (await cleaning.delete(pushed.digest)).gone == [pushed.digest]
    assert await registry.list_tags(destinations.repository("crm")) == []


async def test_an_image_that_was_not_built_for_this_destination_is_left(
    destinations: Destinations, registry: Registry, cleaning: Cleaning
) -> None:
    await destinations.push("crm", NEW)
    await destinations.push("erp")
    copied = destinations.image(name="erp")
    for blob in (copied.config, copied.layers[-1].blob):
        await registry.upload_blob(destinations.repository("crm"), blob)
    await registry.put_manifest(destinations.repository("crm"), destinations.tag(), copied.manifest)
    assert (await cleaning.delete(copied.manifest.digest)).foreign == [copied.manifest.digest]


async def test_an_image_whose_tag_is_in_use_stays(
    destinations: Destinations, registry: Registry, cleaning: Cleaning
) -> None:
    pushed = await destinations.push("crm")
    assert await cleaning.delete(pushed.digest, in_use=frozenset({destinations.tag()})) == Deletion(gone=[], foreign=[])
    assert await registry.head_manifest(destinations.repository("crm"), pushed.digest) == pushed.digest


async def test_tags_are_read_to_the_last_page(destinations: Destinations, registry: Registry, wire: Wire) -> None:
    def pages(request: web.Request) -> web.Response | None:
        if not request.path.endswith("/tags/list"):
            return None
        if "last" in request.query:
            return web.json_response({"name": "n", "tags": ["b"]})
        link = f'<{request.path}?last=a&n=1>; rel="next"'
        return web.json_response({"name": "n", "tags": ["a"]}, headers={"Link": link})

    wire.fault = pages
    assert await registry.list_tags(destinations.repository("crm")) == ["a", "b"]


async def test_a_registry_that_deletes_nothing_says_so_and_keeps_the_image(
    server: Server, destinations: Destinations, registry: Registry, cleaning: Cleaning
) -> None:
    pushed = await destinations.push("crm")
    server.stop()
    server.settings = {"storage": {"filesystem": {"rootdirectory": str(server.data)}}}
    server.start()
    with pytest.raises(RegistryRefused, match="it answered 405"):
        await cleaning.delete(pushed.digest)
    assert await registry.head_manifest(destinations.repository("crm"), pushed.digest) == pushed.digest


async def test_a_registry_that_forbids_it_says_so(destinations: Destinations, cleaning: Cleaning, wire: Wire) -> None:
    pushed = await destinations.push("crm", SOURCE)
    wire.fault = lambda request: web.Response(status=403) if request.method == "DELETE" else None
    with pytest.raises(RegistryUnauthorized, match=f"could not delete {pushed.digest}"):
        await cleaning.delete(pushed.digest)


async def test_with_a_destination_goes_also_what_was_built_for_it_and_never_remembered(
    destinations: Destinations, registry: Registry
) -> None:
    remembered, forgotten = await destinations.push("crm"), await destinations.push("crm", NEW)
    other = await destinations.push("erp", NEW)
    deleter = ImageDeleter(registry, destinations.pusher.repository)
    done = await deleter.delete_all([remembered.digest], namespace="team-a", name="crm")
    assert (sorted(done.gone), done.foreign) == (sorted([remembered.digest, forgotten.digest]), [])
    assert await registry.list_tags(destinations.repository("crm")) == []
    assert await registry.head_manifest(destinations.repository("erp"), other.digest) is not None
