"""`xkit map`: each input of one record, or everything that keeps the function from being called."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Xkit

EXAMPLE = Path(__file__).parents[2] / "examples" / "crm-contacts"
SAMPLES = EXAMPLE / "samples"
HUBSPOT = SAMPLES / "1-hubspot-upsert.json"


def test_every_input_is_shown_with_its_type_value_and_origin(xkit: Xkit) -> None:
    done = xkit("map", EXAMPLE, "--record", HUBSPOT)
    rows = [line.split(maxsplit=3) for line in done.stdout.splitlines()]
    assert (done.exit_code, done.stderr) == (0, "")
    assert rows[0] == ["INPUT", "TYPE", "VALUE", "FROM"]
    assert ["score", "integer", "87", "/properties/hubspotscore (direct)"] in rows
    assert ["origin", "string", '"hubspot"', "the mapping (static)"] in rows
    assert ["address", "object", "null", "left empty"] in rows


def test_all_errors_of_a_record_are_listed_and_the_exit_code_is_1(xkit: Xkit) -> None:
    done = xkit("map", EXAMPLE, "--record", SAMPLES / "rejected.json")
    codes = [line.split(":")[0] for line in done.stderr.splitlines()]
    assert done.exit_code == 1
    assert codes == ["RequiredInputMissing", "NotADate", "NotCoercible", "NotCoercible"]


def test_json_is_what_a_dry_run_of_the_runner_answers(xkit: Xkit) -> None:
    found = json.loads(xkit("map", EXAMPLE, "--record", HUBSPOT, "-o", "json").stdout)
    assert found["mapping"] == "crm-contacts-hubspot"
    assert found["inputs"][0] == {
        "input": "id", "type": "string", "transformation": "direct", "origin": "Record", "value": "512",
        "pointer": "/id", "errors": [], "nulled": [], "seen": None,
    }  # fmt: skip


def test_a_delete_shows_the_inputs_that_it_needs_and_no_others(xkit: Xkit) -> None:
    shown = xkit("map", EXAMPLE, "--record", HUBSPOT, "--operation", "delete").stdout
    assert [line.split()[0] for line in shown.splitlines()] == ["INPUT", "id", "origin"]


def test_a_bare_record_needs_a_source(xkit: Xkit) -> None:
    record = json.dumps({"id": "1", "updatedAt": 0, "properties": {}})
    done = xkit("map", EXAMPLE, "--record", "-", text=record)
    assert done.exit_code == 2
    assert "say with --source" in done.stderr
    assert (
        xkit("map", EXAMPLE, "--record", "-", "--source", "hubspot", "--object", "contact", text=record).exit_code == 0
    )


@pytest.mark.parametrize(
    ("arguments", "text", "says"),
    [
        (["--source", "pipedrive"], "{}", "is for pipedrive; there is hubspot, salesforce"),
        (
            ["--source", "hubspot"],
            "{}",
            "is for hubspot; of this app there is object contact: say which kind of record it is",
        ),
        (["--source", "hubspot"], "[]", "holds no record: that is an object of JSON"),
        (["--source", "hubspot"], "{", "is no JSON"),
        (
            ["--destination", "erp", "--source", "hubspot"],
            "{}",
            "there is no Destination erp here; there is crm-contacts",
        ),
    ],
    ids=["another source", "no object", "an array", "no JSON", "another Destination"],
)
def test_what_cannot_be_mapped_is_said(xkit: Xkit, arguments: list[str], text: str, says: str) -> None:
    done = xkit("map", EXAMPLE, "--record", "-", *arguments, text=text)
    assert done.exit_code == 1
    assert says in done.stderr


def test_a_mapping_that_does_not_serve_says_why(xkit: Xkit, tmp_path: Path) -> None:
    for file in ("destination.yaml", "hubspot.yaml"):
        text = (EXAMPLE / file).read_text().replace("{value: hubspot}", "{value: 5}")
        (tmp_path / file).write_text(text)
    done = xkit("map", tmp_path, "--record", HUBSPOT)
    assert done.exit_code == 1
    assert "SourceMapping crm-contacts-hubspot does not serve: input origin: the static value must be" in done.stderr


def test_find_tells_what_it_saw_where_nothing_matched(xkit: Xkit, tmp_path: Path) -> None:
    (tmp_path / "destination.yaml").write_text((EXAMPLE / "destination.yaml").read_text())
    find = "{name: email, find: {pointer: /emails, where: {property: type, equals: home}, extract: /address}}"
    text = (EXAMPLE / "hubspot.yaml").read_text().replace("{name: email, direct: {pointer: /properties/email}}", find)
    (tmp_path / "hubspot.yaml").write_text(text)
    record = json.dumps({"id": "1", "updatedAt": 0, "emails": [{"type": "work", "address": "a@example.com"}]})
    done = xkit("map", tmp_path, "--record", "-", "--source", "hubspot", "--object", "contact", text=record)
    assert 'input email: find saw "work"' in done.stderr
