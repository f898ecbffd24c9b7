"""`xkit check` on real files and the real parser: all findings at once, each at its place."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Xkit

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(xkit: Xkit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh project in the current folder."""
    monkeypatch.chdir(tmp_path)
    assert xkit("init", "crm").exit_code == 0
    monkeypatch.chdir(tmp_path / "crm")
    return tmp_path / "crm"


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_a_fresh_project_is_clean(xkit: Xkit, project: Path) -> None:
    done = xkit("check")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "2 objects in 3 files: nothing to mend\n"


def test_the_examples_are_clean(xkit: Xkit) -> None:
    assert xkit("check", ROOT / "examples").exit_code == 0


def test_all_findings_come_at_once_sorted_by_place(xkit: Xkit, project: Path) -> None:
    edit(project / "destination.yaml", "name: score, type: integer", "name: score, type: int")
    edit(project / "functions" / "upsert.js", "const response = await", "const response = = await")
    edit(
        project / "mappings" / "hubspot.yaml", "destinationRef: {name: crm}", "destinationRef: {name: crm}\n  sorce: {}"
    )
    done = xkit("check")
    assert done.exit_code == 1
    assert [line.split(": ")[:2] for line in done.stdout.splitlines()] == [
        ["destination.yaml:16:21", "InvalidSpec"],
        ["functions/upsert.js:6:20", "FunctionSyntaxError"],
        ["mappings/hubspot.yaml:8:3", "UnknownField"],
    ]
    assert "did you mean source?" in done.stdout
    assert done.stderr == "2 objects in 3 files: 3 errors\n"


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("name: email, direct", "name: mail, direct", "UnknownInput: input mail is not declared"),
        ("{pointer: /id}", "{pointer: '#id'}", "InvalidPointer: "),
        ("name: id, direct: {pointer: /id}", "name: id, static: {value: 5}", "InvalidStaticValue: "),
        ("name: id, direct: {pointer: /id}", "name: id, empty: {}", "RequiredInputEmpty: "),
        ("{pointer: /properties/email}", "{pointer: properties/email}", "warning: OddPointer: "),
        ("{name: crm}", "{name: erp}", "warning: DestinationNotFound: there is no Destination erp here"),
        ("    - {name: score, direct: {pointer: /properties/hubspotscore}}\n", "", "note: UnmappedInput: input score"),
    ],
    ids=lambda text: text.strip(" -{"),
)
def test_a_mapping_is_judged_against_its_destination(
    xkit: Xkit, project: Path, before: str, after: str, says: str
) -> None:
    edit(project / "mappings" / "hubspot.yaml", before, after)
    assert says in xkit("check").stdout


def test_a_warning_alone_is_no_failure(xkit: Xkit, project: Path) -> None:
    edit(project / "mappings" / "hubspot.yaml", "{pointer: /properties/email}", "{pointer: properties/email}")
    done = xkit("check")
    assert done.exit_code == 0
    assert done.stderr == "2 objects in 3 files: 1 warning\n"


def test_two_mappings_for_one_source_are_a_conflict_that_names_the_other(xkit: Xkit, project: Path) -> None:
    copy = project / "mappings" / "other.yaml"
    shutil.copy(project / "mappings" / "hubspot.yaml", copy)
    edit(copy, "crm-hubspot", "crm-other")
    (line,) = xkit("check").stdout.splitlines()
    assert line.startswith(
        "mappings/other.yaml:8:3: SourceConflict: SourceMapping crm-hubspot (mappings/hubspot.yaml:2:1)"
    )


def test_an_object_that_stands_twice_is_named_with_the_place_of_the_other(xkit: Xkit, project: Path) -> None:
    shutil.copy(project / "destination.yaml", project / "again.yaml")
    assert "destination.yaml:5:3: DuplicateObject: Destination crm stands at again.yaml:2:1" in xkit("check").stdout


@pytest.mark.parametrize(
    ("kind", "code"), [("ConfigMap", "ConfigMapKeyNotFound"), ("Secret", "SecretKeyNotFound")], ids=str
)
def test_a_variable_needs_the_key_of_what_is_there(xkit: Xkit, project: Path, kind: str, code: str) -> None:
    reference = "configMapKeyRef" if kind == "ConfigMap" else "secretKeyRef"
    edit(project / "destination.yaml", "{secretKeyRef: {name: crm-api", f"{{{reference}: {{name: crm-api")
    manifest = f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: crm-api}}\ndata: {{KEY: dGVzdA==}}\n"
    (project / "beside.yaml").write_text(manifest.replace("KEY", "token"))
    assert xkit("check").exit_code == 0
    (project / "beside.yaml").write_text(manifest.replace("KEY", "other"))
    assert f"destination.yaml:11:7: {code}: {kind} crm-api (beside.yaml:1:1) has no key token" in xkit("check").stdout


def test_an_unknown_runtime_is_named_with_those_that_there_are(xkit: Xkit, project: Path) -> None:
    edit(project / "destination.yaml", "spec:\n", "spec:\n  runtime: nodejs18\n")
    assert "destination.yaml:7:3: UnknownRuntime: " in (said := xkit("check").stdout)
    assert "choose one of: nodejs14" in said


def test_a_function_in_the_manifest_has_its_fault_in_the_line_of_the_file(xkit: Xkit, project: Path) -> None:
    (project / "rendered.yaml").write_text(xkit("render").stdout)
    edit(project / "rendered.yaml", "const { id, ...contact } = inputs", "const { id, ...contact = inputs")
    line = next(
        n for n, text in enumerate((project / "rendered.yaml").read_text().splitlines(), 1) if "= inputs" in text
    )
    assert f"rendered.yaml:{line}:" in xkit("check", "rendered.yaml").stdout


def test_a_module_type_that_is_wrong_is_said(xkit: Xkit, project: Path) -> None:
    edit(project / "destination.yaml", "    upsert:\n", "    upsert:\n      moduleType: CommonJS\n")
    (project / "functions" / "upsert.js").write_text("export default async () => {}\n")
    assert "functions/upsert.js:1:1: FunctionSyntaxError: " in (said := xkit("check").stdout)
    assert "the source is ESModule: say that, or Auto" in said


def test_json_has_the_same_facts(xkit: Xkit, project: Path) -> None:
    edit(project / "destination.yaml", "name: score, type: integer", "name: score, type: int")
    done = xkit("check", "-o", "json")
    found = json.loads(done.stdout)
    (finding,) = found["findings"]
    assert (done.exit_code, done.stderr, found["files"], found["objects"]) == (1, "", 3, 2)
    message = finding.pop("message")
    assert "spec.inputs[3].type" in message
    assert finding == {"file": "destination.yaml", "line": 16, "column": 21, "level": "error", "code": "InvalidSpec"}


def test_sarif_has_a_rule_and_a_result_for_code_hosts(xkit: Xkit, project: Path) -> None:
    edit(project / "mappings" / "hubspot.yaml", "{pointer: /properties/email}", "{pointer: properties/email}")
    document = json.loads(xkit("check", project, "-o", "sarif").stdout)
    (run,) = document["runs"]
    (result,) = run["results"]
    assert document["version"] == "2.1.0"
    assert run["tool"]["driver"]["rules"] == [{"id": "OddPointer"}]
    assert (result["ruleId"], result["level"]) == ("OddPointer", "warning")
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "mappings/hubspot.yaml"
    assert location["region"]["startLine"] == 11


def test_what_is_piped_in_is_checked_like_a_file(xkit: Xkit, project: Path) -> None:
    assert xkit("check", "-", text=xkit("render").stdout).exit_code == 0
    assert "-:2:1: UnknownKind: " in xkit("check", "-", text="apiVersion: xkit.dev/v1alpha1\nkind: D\n").stdout


def test_a_node_that_is_missing_hides_nothing_else(xkit: Xkit, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(project / "mappings" / "hubspot.yaml", "{pointer: /id}", "{pointer: '#id'}")
    monkeypatch.setenv("XKIT_NODE", "/nowhere/node")
    done = xkit("check")
    assert done.exit_code == 1
    assert "InvalidPointer" in done.stdout
    assert "NodeNotFound: functions are not parsed: $XKIT_NODE names /nowhere/node" in done.stdout
    assert "NodeNotFound" not in xkit("check", "--no-syntax").stdout
