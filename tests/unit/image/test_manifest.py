"""Images: what the two documents say, and that nothing else can change a digest."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.image.layer import Entry, pack
from xkit_operator.image.manifest import Image, Process, canonical, image

LOWER, UPPER = pack([Entry.file("lower", b"1")]), pack([Entry.file("upper", b"2")])
PROCESS = Process(entrypoint=["/bin/x"], arguments=["serve"], environment={"B": "2", "A": "1"}, labels={"l": "v"})
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def documents(one: Image) -> tuple[dict[str, Any], dict[str, Any]]:
    return json.loads(one.manifest.read()), json.loads(one.config.read())


def test_manifest_and_configuration_list_the_layers_in_the_same_order() -> None:
    manifest, config = documents(image([LOWER, UPPER], PROCESS))
    assert [layer["digest"] for layer in manifest["layers"]] == [LOWER.blob.digest, UPPER.blob.digest]
    assert [layer["size"] for layer in manifest["layers"]] == [LOWER.blob.size, UPPER.blob.size]
    assert config["rootfs"]["diff_ids"] == [LOWER.diff_id, UPPER.diff_id]


def test_the_manifest_names_its_configuration_by_digest_and_size() -> None:
    one = image([LOWER], PROCESS)
    named = documents(one)[0]["config"]
    assert (named["digest"], named["size"]) == (one.config.digest, len(one.config.read()))


def test_a_container_runs_as_nobody_in_app_with_the_process_given() -> None:
    config = documents(image([LOWER], PROCESS))[1]["config"]
    assert config["User"] == "65532:65532"
    assert config["WorkingDir"] == "/app"
    assert (config["Entrypoint"], config["Cmd"]) == (["/bin/x"], ["serve"])
    assert config["Env"] == ["A=1", "B=2"]
    assert "ExposedPorts" not in config


def test_labels_are_in_the_configuration_and_in_the_manifest() -> None:
    manifest, config = documents(image([LOWER], PROCESS))
    assert manifest["annotations"] == config["config"]["Labels"] == {"l": "v"}


def test_an_image_was_made_at_no_time() -> None:
    assert documents(image([LOWER], PROCESS))[1]["created"] == "1970-01-01T00:00:00Z"


def test_the_order_of_layers_is_part_of_the_digest() -> None:
    assert image([LOWER, UPPER], PROCESS).manifest.digest != image([UPPER, LOWER], PROCESS).manifest.digest


@given(st.dictionaries(TEXT, TEXT))
def test_canonical_json_has_one_spelling_and_keeps_the_value(document: dict[str, str]) -> None:
    backwards = dict(reversed(document.items()))
    assert canonical(document) == canonical(backwards)
    assert json.loads(canonical(document)) == document
