"""Function images: what decides that one must be built anew, and what is in it."""

import io
import json
import tarfile

import pytest

from xkit_operator.image.function import function_image, source_hash, tag_of
from xkit_operator.image.manifest import Image
from xkit_operator.image.runtime import Runtime

FUNCTIONS = {"upsert": "module.exports = async () => 'ä'", "delete": "export default async () => {}"}
KINDS = {"upsert": "commonjs", "delete": "module"}
RUNTIME = "sha256:" + "0" * 64


def build(runtime: Runtime, functions: dict[str, str]) -> Image:
    kinds = {operation: kind for operation, kind in KINDS.items() if operation in functions}
    return function_image(runtime, functions, kinds, labels={"dev.xkit.name": "crm"})  # type: ignore[arg-type]


def files(image: Image) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(image.layers[-1].blob.read()), mode="r:gz") as archive:
        found = {member.name: archive.extractfile(member) for member in archive.getmembers() if member.isfile()}
        return {name: file.read() for name, file in found.items() if file is not None}


@pytest.mark.parametrize(
    ("runtime", "functions"),
    [
        pytest.param("sha256:" + "1" * 64, FUNCTIONS, id="another runtime"),
        pytest.param(RUNTIME, {**FUNCTIONS, "upsert": FUNCTIONS["upsert"] + " "}, id="another source"),
        pytest.param(RUNTIME, {"upsert": FUNCTIONS["upsert"]}, id="a function less"),
        pytest.param(RUNTIME, {"delete": FUNCTIONS["upsert"], "upsert": FUNCTIONS["delete"]}, id="functions swapped"),
    ],
)
def test_the_source_hash_changes_with(runtime: str, functions: dict[str, str]) -> None:
    assert source_hash(runtime, functions) != source_hash(RUNTIME, FUNCTIONS)


def test_the_source_hash_is_blind_to_the_order_of_functions() -> None:
    assert source_hash(RUNTIME, dict(reversed(FUNCTIONS.items()))) == source_hash(RUNTIME, FUNCTIONS)


def test_the_source_hash_never_changes_by_itself() -> None:
    """A release that computed another one would rebuild and restart every runner in the world."""
    assert source_hash(RUNTIME, {"upsert": "x"}) == "efe7a33d5d29772b465359e242ec64894df088c2a44d9c48e1988c417e67d7df"


def test_a_declared_module_kind_changes_the_source_hash() -> None:
    hashes = {
        source_hash(RUNTIME, FUNCTIONS, declared) for declared in ({}, {"upsert": "commonjs"}, {"upsert": "module"})
    }
    assert len(hashes) == 3


def test_the_image_carries_the_hash_that_the_declared_kind_gives(runtime: Runtime) -> None:
    image = function_image(
        runtime, FUNCTIONS, {"upsert": "module", "delete": "module"}, labels={}, declared={"upsert": "module"}
    )
    labels = json.loads(image.config.read())["config"]["Labels"]
    assert labels["dev.xkit.source-hash"] == source_hash(runtime.digest, FUNCTIONS, {"upsert": "module"})
    assert files(image)["app/functions/upsert.mjs"].decode() == FUNCTIONS["upsert"]


def test_the_tag_is_short_and_says_what_it_is() -> None:
    assert tag_of("0123456789abcdef") == "src-0123456789ab"


def test_the_layers_of_the_runtime_lie_below_the_functions(runtime: Runtime) -> None:
    image = build(runtime, FUNCTIONS)
    assert image.layers[:-1] == runtime.image.layers


def test_each_function_is_a_file_whose_extension_tells_its_module_kind(runtime: Runtime) -> None:
    found = files(build(runtime, FUNCTIONS))
    assert found["app/functions/upsert.cjs"].decode() == FUNCTIONS["upsert"]
    assert found["app/functions/delete.mjs"].decode() == FUNCTIONS["delete"]
    assert json.loads(found["app/functions/manifest.json"]) == {
        "version": 1,
        "functions": {"upsert": {"file": "upsert.cjs"}, "delete": {"file": "delete.mjs"}},
    }


def test_an_operation_without_a_function_is_not_in_the_image(runtime: Runtime) -> None:
    assert set(files(build(runtime, {"delete": FUNCTIONS["delete"]}))) == {
        "app/functions/delete.mjs",
        "app/functions/manifest.json",
    }


def test_the_container_starts_as_the_runtime_says(runtime: Runtime) -> None:
    config = json.loads(build(runtime, FUNCTIONS).config.read())["config"]
    assert config["Entrypoint"] == ["/opt/nodejs14/bin/node", "/app/executor/host.js"]
    assert config["Env"] == ["NODE_OPTIONS=--a=b", "PATH=/opt/nodejs14/bin", "TZ=UTC"]


def test_labels_say_whose_it_is_and_what_it_is_made_of(runtime: Runtime) -> None:
    labels = json.loads(build(runtime, FUNCTIONS).config.read())["config"]["Labels"]
    source = source_hash(runtime.digest, FUNCTIONS)
    assert labels["dev.xkit.name"] == "crm"
    assert labels["dev.xkit.source-hash"] == source
    assert labels["org.opencontainers.image.base.digest"] == runtime.digest
    assert labels["org.opencontainers.image.version"] == tag_of(source)
