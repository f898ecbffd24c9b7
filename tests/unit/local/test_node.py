"""Where Node.js and the default packages come from, and what is said when they do not come.

npm is played by a script: the real one is asked by every test that runs a function.
"""

import json
from pathlib import Path

import pytest

from xkit_operator.errors import NodeNotFound, PackagesNotFound
from xkit_operator.local.node import find_node
from xkit_operator.local.packages import default_packages
from xkit_operator.local.shipped import declaration

PART = declaration().node


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and a PATH without npm."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path}/bin")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    return tmp_path / "cache" / "xkit-operator"


def executable(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def npm(folder: Path, *, integrity: str) -> None:
    """An npm that installs the Node.js package with a checksum."""
    lock = json.dumps({"packages": {f"node_modules/{PART.package}": {"integrity": integrity}}})
    modules = '"$3"/node_modules'
    executable(
        folder / "bin" / "npm",
        f"/bin/mkdir -p {modules}/{PART.package}/bin\necho '{lock}' > {modules}/.package-lock.json\n"
        f"/bin/cp {folder}/bin/npm {modules}/{PART.package}/bin/node",
    )


def fake_node(folder: Path, version: str) -> Path:
    return executable(folder / "node", f"echo v{version}")


def test_the_option_comes_before_the_variable_and_both_before_the_cache(cache: Path, tmp_path: Path) -> None:
    option, variable = fake_node(tmp_path / "a", "14.21.3"), fake_node(tmp_path / "b", "14.0.0")
    assert find_node(option, {"XKIT_NODE": str(variable)}, print) == option
    assert find_node(None, {"XKIT_NODE": str(variable)}, print) == variable


@pytest.mark.parametrize("said_by", ["--node", "$XKIT_NODE"])
def test_another_version_is_refused_with_who_said_it(cache: Path, tmp_path: Path, said_by: str) -> None:
    node = fake_node(tmp_path, "20.1.0")
    given = (node, {}) if said_by == "--node" else (None, {"XKIT_NODE": str(node)})
    with pytest.raises(NodeNotFound, match=r"which is Node\.js 20\.1\.0; functions run on 14") as refusal:
        find_node(*given, print)
    assert str(refusal.value).startswith(said_by)


def test_what_does_not_run_is_no_node(cache: Path, tmp_path: Path) -> None:
    with pytest.raises(NodeNotFound, match="does not run"):
        find_node(executable(tmp_path / "node", "exit 1"), {}, print)


def test_node_is_fetched_once_and_that_is_said(cache: Path, tmp_path: Path) -> None:
    npm(tmp_path, integrity=PART.integrity)
    said: list[str] = []
    node = find_node(None, {}, said.append)
    assert node == cache / "node" / PART.version / "node_modules" / PART.package / "bin" / "node"
    assert find_node(None, {}, said.append) == node
    assert said == [f"fetching Node.js {PART.version} (some 30 MB, once)"]


def test_a_node_that_is_not_the_declared_one_is_not_kept(cache: Path, tmp_path: Path) -> None:
    npm(tmp_path, integrity="sha512-other")
    with pytest.raises(NodeNotFound, match="has the checksum sha512-other"):
        find_node(None, {}, print)
    assert list((cache / "node").iterdir()) == []


def test_without_npm_it_is_said_how_to_get_node(cache: Path) -> None:
    with pytest.raises(NodeNotFound) as refusal:
        find_node(None, {}, print)
    for what in ("npm is not installed", "--node", "$XKIT_NODE", str(cache / "node" / PART.version)):
        assert what in str(refusal.value)


def test_offline_the_words_of_npm_are_passed_on(cache: Path, tmp_path: Path) -> None:
    executable(tmp_path / "bin" / "npm", "echo 'npm error code ENOTFOUND\nnpm error no network here' >&2; exit 1")
    with pytest.raises(NodeNotFound, match="could not be fetched: no network here"):
        find_node(None, {}, print)
    with pytest.raises(PackagesNotFound, match="could not be fetched: no network here"):
        default_packages(print)
    assert [one for one in cache.rglob("*") if one.is_file()] == []
