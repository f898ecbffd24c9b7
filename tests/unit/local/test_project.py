"""What the loader takes out of files and folders."""

from pathlib import Path

import pytest

from xkit_operator.errors import InvalidProject
from xkit_operator.local.choice import choose
from xkit_operator.local.finding import Finding
from xkit_operator.local.functions import FunctionSource, functions_of
from xkit_operator.local.project import Project, load

DESTINATION = """\
apiVersion: xkit.dev/v1alpha1
kind: Destination
metadata: {name: crm}
spec:
  inputs: [{name: id, type: string}]
  functions: {upsert: {sourceFrom: {configMapKeyRef: {name: crm-functions, key: upsert.js}}}}
"""
MAPPING = """\
apiVersion: xkit.dev/v1alpha1
kind: SourceMapping
metadata: {name: crm-hubspot}
spec:
  destinationRef: {name: crm}
  source: {slug: hubspot}
  inputs: [{name: id, direct: {pointer: /id}}]
"""
CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: crm-functions}
data:
  upsert.js: |
    // from the ConfigMap
"""


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def names(project: Project) -> list[str]:
    return [f"{one.kind}/{one.name}" for one in project.manifests]


def test_a_folder_is_read_with_the_folders_in_it_and_each_file_once(tmp_path: Path) -> None:
    write(tmp_path, destination_yaml=DESTINATION, mappings__hubspot_yml=MAPPING)
    project = load([tmp_path, tmp_path / "destination.yaml"])
    assert names(project) == ["Destination/crm", "SourceMapping/crm-hubspot"]


def test_hidden_folders_packages_and_templates_of_charts_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, destination_yaml=DESTINATION, chart__Chart_yaml="name: a")
    for folder in (".git", "node_modules"):
        write(tmp_path / folder, a_yaml=": no yaml [")
    write(tmp_path, chart__templates__a_yaml="{{ if }}")
    assert names(load([tmp_path])) == ["Destination/crm"]
    assert load([tmp_path]).findings == ()


def test_other_objects_lists_and_values_are_passed_over_without_a_word(tmp_path: Path) -> None:
    others = "apiVersion: apps/v1\nkind: Deployment\n---\n- a list\n---\nreplicas: 1\n---\na text\n"
    write(tmp_path, all_yaml=f"{DESTINATION}---\n{others}")
    project = load([tmp_path])
    assert names(project) == ["Destination/crm"]
    assert project.findings == ()


def test_the_items_of_a_list_are_read_with_their_places(tmp_path: Path) -> None:
    item = '{"apiVersion": "xkit.dev/v1alpha1",\n   "kind": "Destination", "metadata": {"name": "crm"}}'
    write(tmp_path, all_yaml=f'{{"apiVersion": "v1", "kind": "List",\n "items": [\n  {item}]}}')
    (manifest,) = load([tmp_path]).manifests
    assert manifest.place(("metadata", "name")).line == 4


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("apiVersion: xkit.dev/v1alpha1\nkind: Destinaton\n", "2:1: UnknownKind: "),
        ("apiVersion: xkit.dev/v1\nkind: Destination\n", "1:1: UnknownKind: this release knows xkit.dev/v1alpha1"),
        ("kind: Destination\n", "1:1: InvalidManifest: apiVersion is missing"),
    ],
    ids=["wrong kind", "wrong version", "no version"],
)
def test_what_tried_to_be_one_of_ours_is_a_finding(tmp_path: Path, text: str, says: str) -> None:
    write(tmp_path, a_yaml=text)
    (finding,) = load([tmp_path]).findings
    assert says in str(finding)


@pytest.mark.parametrize(
    ("files", "says"), [({}, "there is no file of YAML"), ({"a_yaml": "a: 1"}, "its YAML holds none")], ids=str
)
def test_a_folder_without_any_of_ours_is_refused_with_what_to_do(
    tmp_path: Path, files: dict[str, str], says: str
) -> None:
    write(tmp_path, **files)
    with pytest.raises(InvalidProject, match=says) as refusal:
        load([tmp_path])
    assert "xkit init NAME" in str(refusal.value)


def test_a_function_is_read_from_the_folder_beside_the_manifest(tmp_path: Path) -> None:
    write(tmp_path, crm__destination_yaml=DESTINATION, crm__functions__upsert_js="// from the file\n")
    (function,), findings = read_functions(tmp_path)
    assert (function.text, findings) == ("// from the file\n", [])
    assert str(function.place(1, 4)) == f"{tmp_path}/crm/functions/upsert.js:1:4"


def test_a_config_map_among_the_files_comes_before_the_folder(tmp_path: Path) -> None:
    write(tmp_path, destination_yaml=DESTINATION, functions__upsert_js="// from the file\n", map_yaml=CONFIG_MAP)
    (function,), _ = read_functions(tmp_path)
    assert function.text == "// from the ConfigMap\n"
    assert str(function.place(1, 4)) == f"{tmp_path}/map.yaml:6:8"


def test_a_function_that_is_nowhere_is_a_warning_that_says_where_it_was_looked_for(tmp_path: Path) -> None:
    write(tmp_path, destination_yaml=DESTINATION)
    functions, (finding,) = read_functions(tmp_path)
    assert functions == []
    assert (finding.level, finding.code) == ("warning", "ConfigMapNotFound")
    assert "functions/upsert.js" in finding.message


@pytest.mark.parametrize(("key", "code"), [("delete.js", "ConfigMapKeyNotFound"), ("upsert.js", "InvalidSpec")])
def test_a_config_map_that_is_there_must_have_the_function(tmp_path: Path, key: str, code: str) -> None:
    text = CONFIG_MAP.replace("upsert.js: |\n    // from the ConfigMap\n", f'{key}: ""\n')
    write(tmp_path, destination_yaml=DESTINATION, map_yaml=text)
    _, (finding,) = read_functions(tmp_path)
    assert (finding.level, finding.code) == ("error", code)


def test_the_only_destination_needs_no_name(tmp_path: Path) -> None:
    write(
        tmp_path,
        destination_yaml=DESTINATION,
        mapping_yaml=MAPPING,
        other_yaml=MAPPING.replace("name: crm}", "name: x}"),
    )
    chosen = choose(load([tmp_path]))
    assert chosen.destination.metadata.name == "crm"
    assert [one.metadata.name for one in chosen.mappings] == ["crm-hubspot"]


def test_of_several_destinations_one_must_be_named(tmp_path: Path) -> None:
    write(tmp_path, a_yaml=DESTINATION, b_yaml=DESTINATION.replace("crm}", "erp}"))
    with pytest.raises(
        InvalidProject, match=r"several Destinations here \(crm, erp\): say which one with --destination"
    ):
        choose(load([tmp_path]))
    assert choose(load([tmp_path]), "erp").destination.metadata.name == "erp"
    with pytest.raises(InvalidProject, match="there is no Destination shop here; there is crm, erp"):
        choose(load([tmp_path]), "shop")


def read_functions(folder: Path) -> tuple[list[FunctionSource], list[Finding]]:
    project = load([folder])
    chosen = choose(project)
    return functions_of(project, chosen.manifest, chosen.destination.spec.functions)
