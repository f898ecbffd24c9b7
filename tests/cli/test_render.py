"""`xkit render`: the manifests as they are applied."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import Xkit
from xkit_operator.api.destination import Destination
from xkit_operator.local.project import load

CONFIG_MAP = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: crm-functions}\ndata: {upsert.js: '1', delete.js: '2'}\n"
)
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: crm-api}\nstringData: {token: hush}\n"


@pytest.fixture
def project(xkit: Xkit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    xkit("init", "crm")
    return tmp_path / "crm"


def destination(text: str) -> dict[str, Any]:
    (found,) = [one for one in yaml.safe_load_all(text) if one["kind"] == "Destination"]
    return dict(found)


def test_functions_from_files_stand_in_the_manifest(xkit: Xkit, project: Path) -> None:
    functions = destination(xkit("render", "crm").stdout)["spec"]["functions"]
    assert functions["upsert"] == {"source": (project / "functions" / "upsert.js").read_text()}
    assert functions["delete"] == {"inputs": ["id"], "source": (project / "functions" / "delete.js").read_text()}


def test_a_function_whose_config_map_is_there_stays_where_it_is(xkit: Xkit, project: Path) -> None:
    (project / "functions.yaml").write_text(CONFIG_MAP)
    shown = xkit("render", "crm").stdout
    assert "sourceFrom" in destination(shown)["spec"]["functions"]["upsert"]
    assert [one["kind"] for one in yaml.safe_load_all(shown)] == ["Destination", "ConfigMap", "SourceMapping"]


def test_secrets_are_left_out_and_that_is_said(xkit: Xkit, project: Path) -> None:
    (project / "secret.yaml").write_text(SECRET)
    done = xkit("render", "crm")
    assert "hush" not in done.output
    assert done.stderr == "left out: Secret crm-api (crm/secret.yaml:1:1)\n"


def test_nothing_but_the_functions_changes_and_texts_stay_texts(xkit: Xkit, project: Path) -> None:
    odd = [
        "y",
        "no",
        "2021-04-05",
        "1e3",
        "0x1f",
        "null",
        "",
        " a",
        "12:30",
        "a: b",
        "# c",
        "é",
        "two\nlines",
        "017",
        "~",
    ]
    text = (project / "destination.yaml").read_text()
    path = project / "destination.yaml"
    path.write_text(text.replace("value: https://api.example.com", f"value: {json.dumps(odd)}"))
    (project / "rendered.yaml").write_text(xkit("render", "crm/destination.yaml").stdout)
    (before,) = load([path]).manifests
    (after,) = load([project / "rendered.yaml"]).manifests
    assert after.value["spec"]["variables"] == before.value["spec"]["variables"]
    assert Destination.parse(after.value).spec.variables[0].value == odd


def test_json_is_one_list(xkit: Xkit, project: Path) -> None:
    found = json.loads(xkit("render", "crm", "-o", "json").stdout)
    assert (found["kind"], [one["kind"] for one in found["items"]]) == ("List", ["Destination", "SourceMapping"])


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("functions/upsert.js", None, "destination.yaml:21:7: functions.upsert: neither a ConfigMap"),
        ("mappings/hubspot.yaml", "a:\n\tb", "a tab cannot indent YAML"),
    ],
    ids=["a function that is nowhere", "a file that is no YAML"],
)
def test_what_is_not_whole_is_not_rendered(xkit: Xkit, project: Path, file: str, text: str | None, says: str) -> None:
    (project / file).unlink() if text is None else (project / file).write_text(text)
    done = xkit("render", "crm")
    assert (done.exit_code, done.stdout) == (1, "")
    assert says in done.stderr
