"""A function image, as a registry has it, on another runtime."""

import gzip
import json

import pytest

from xkit_operator.image.blob import Blob
from xkit_operator.image.function import function_image, source_hash, stack
from xkit_operator.image.layer import Entry, Layer, pack
from xkit_operator.image.manifest import Image, Process, canonical, image
from xkit_operator.image.rebase import Stored, rebased
from xkit_operator.image.runtime import Runtime

FUNCTIONS = {"upsert": "module.exports = async () => 'ä'"}
LABELS = {"org.opencontainers.image.title": "crm", "dev.xkit.name": "crm"}


@pytest.fixture
def newer(runtime: Runtime) -> Runtime:
    """Another Node.js at another place, and a layer more."""
    process = Process(entrypoint=["/opt/newer/bin/node", "/app/executor/host.js"], environment={"TZ": "Etc/UTC"})
    layers = [*runtime.image.layers[1:], pack([Entry.file("opt/newer/bin/node", b"newer", 0o755)]), pack([])]
    return Runtime(
        name=runtime.name,
        image=image(layers, process),
        process=process,
        node=runtime.node,
        check_script=runtime.check_script,
    )


def deployed(runtime: Runtime) -> Image:
    """An image whose functions layer was compressed by another zlib than ours."""
    ours = function_image(runtime, FUNCTIONS, {"upsert": "commonjs"}, labels=LABELS)
    functions = ours.layers[-1]
    other = gzip.compress(gzip.decompress(functions.blob.read()), 1, mtime=0)
    assert other != functions.blob.read()
    layer = Layer(blob=Blob.of(other), diff_id=functions.diff_id)
    return stack(runtime, layer, labels=LABELS, source=source_hash(runtime.digest, FUNCTIONS))


def put_on(newer: Runtime, old: Image) -> Image:
    found = rebased(old.config.read(), old.layers[-1].blob.read(), newer, source=source_hash(newer.digest, FUNCTIONS))
    assert found is not None
    return found


def test_the_functions_layer_is_the_same_byte_for_byte_whatever_zlib_made_it(runtime: Runtime, newer: Runtime) -> None:
    old = deployed(runtime)
    new = put_on(newer, old)
    assert new.layers[-1] == old.layers[-1]
    assert new.layers[:-1] == newer.image.layers
    assert json.loads(new.manifest.read())["layers"][-1] == json.loads(old.manifest.read())["layers"][-1]
    assert json.loads(new.config.read())["rootfs"]["diff_ids"][-1] == old.layers[-1].diff_id


def test_it_is_the_image_that_a_build_on_the_new_runtime_would_give(runtime: Runtime, newer: Runtime) -> None:
    built = [
        function_image(one, FUNCTIONS, {"upsert": "commonjs"}, labels=LABELS, declared={}) for one in (runtime, newer)
    ]
    assert put_on(newer, built[0]) == built[1]


def test_it_starts_as_the_new_runtime_says_and_tells_so(runtime: Runtime, newer: Runtime) -> None:
    config = json.loads(put_on(newer, deployed(runtime)).config.read())["config"]
    assert config["Entrypoint"] == ["/opt/newer/bin/node", "/app/executor/host.js"]
    assert config["Env"] == ["TZ=Etc/UTC"]
    assert config["Labels"]["org.opencontainers.image.base.digest"] == newer.digest
    assert config["Labels"]["dev.xkit.source-hash"] == source_hash(newer.digest, FUNCTIONS)
    assert config["Labels"].items() >= LABELS.items()


def test_there_and_back_again_is_the_image_that_was(runtime: Runtime, newer: Runtime) -> None:
    old = deployed(runtime)
    back = rebased(
        put_on(newer, old).config.read(),
        old.layers[-1].blob.read(),
        runtime,
        source=source_hash(runtime.digest, FUNCTIONS),
    )
    assert back == old


def test_a_manifest_names_its_runtime_and_its_parts(runtime: Runtime) -> None:
    old = deployed(runtime)
    assert Stored.read(old.manifest.read()) == Stored(
        base=runtime.digest, config=old.config.digest, functions=old.layers[-1].blob.digest
    )


@pytest.mark.parametrize("document", [b"", b"no JSON", b"[]", b"{}", canonical({"annotations": None})])
def test_what_is_no_function_image_is_told_apart(runtime: Runtime, document: bytes) -> None:
    assert Stored.read(document) is None
    assert rebased(document, b"", runtime, source="0" * 64) is None
