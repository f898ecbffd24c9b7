"""`xkit test`: what functions send is answered and compared, whatever client they use, and never leaves the process."""

import asyncio
import json
import signal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from tests.cli.running.conftest import Xkit, start_xkit
from tests.cli.running.golden_project import CLIENTS, DIFFERENCES, FAILING, write_project
from tests.cli.running.runner import save

EXAMPLES = Path(__file__).parents[3] / "examples"


async def test_requests_of_every_client_are_answered_and_compared(xkit: Xkit, tmp_path: Path) -> None:
    write_project(tmp_path, CLIENTS)
    done = await xkit("test", tmp_path, "-o", "json", "-j", 2)
    assert done.stdout, done.stderr
    told = {one["name"]: one for one in json.loads(done.stdout)}
    assert {name: one["differences"] for name, one in told.items()} == {one["name"]: [] for one in CLIENTS}
    assert done.code == 0


async def test_what_differs_is_told_field_by_field(xkit: Xkit, tmp_path: Path) -> None:
    write_project(tmp_path, FAILING)
    junit = tmp_path / "junit.xml"
    done = await xkit("test", tmp_path, "-o", "json", "--junit", junit)
    assert done.code == 1
    told = {
        one["name"]: {tuple(different.values()) for different in one["differences"]} for one in json.loads(done.stdout)
    }
    for name, expected in DIFFERENCES.items():
        assert told[name] >= set(expected), told[name]
    suite = ElementTree.fromstring(junit.read_text()).find("testsuite")  # noqa: S314 - our own file
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == (str(len(FAILING)), str(len(FAILING)))
    failure = suite.find("testcase[@name='another body']/failure")
    assert failure is not None
    assert failure.get("message") == "requests[0].body.a[0]: expected 2, actual 1"


async def test_people_see_each_difference_and_what_the_function_printed(xkit: Xkit, tmp_path: Path) -> None:
    write_project(tmp_path, FAILING)
    done = await xkit("test", tmp_path, "-k", "another body")
    assert done.code == 1
    assert "  requests[0].body.a[0]\n    - expected: 2\n    + actual:   1\n" in done.stdout
    assert "console | client axios" in done.stdout
    assert f"1 failed, {len(FAILING) - 1} left out" in done.stdout


async def test_update_writes_what_came_and_keeps_what_the_author_wrote(xkit: Xkit, tmp_path: Path) -> None:
    write_project(tmp_path, [])
    file = tmp_path / "tests" / "clients.yaml"
    head = "# Comments stay.\n- name: first\n  source: {slug: app}\n  record: {client: 'http.get'} # and this one\n"
    middle = "\n# About the second.\n- name: second\n  source: {slug: app}\n  record: {client: none, score: high}\n"
    file.write_text(head + "  expect: {result: [200, 1]}\n" + middle)
    assert (await xkit("test", tmp_path)).code == 1
    updated = await xkit("test", tmp_path, "--update")
    assert updated.code == 0, updated.stderr
    text = file.read_text()
    assert text.startswith(head)
    assert middle in text
    first, second = yaml.safe_load(text)
    assert first["expect"] == {
        "inputs": {"client": "http.get", "score": None},
        "requests": [{"method": "GET", "url": "http://api.example.com/x?q=1", "respond": {"status": 200, "body": {}}}],
        "outcome": "succeeded",
        "result": [200, {}],
    }
    assert second["expect"]["error"] == {
        "code": "MappingFailed", "errors": [{"input": "score", "code": "NotCoercible"}]
    }  # fmt: skip
    assert (await xkit("test", tmp_path)).code == 0
    again = await xkit("test", tmp_path, "--update")
    assert (again.stdout.count("written"), file.read_text()) == (0, text)


async def test_a_test_that_says_nothing_sensible_is_told_with_its_place(xkit: Xkit, tmp_path: Path) -> None:
    write_project(tmp_path, [])
    (tmp_path / "tests" / "clients.yaml").write_text(
        "- name: typo\n  record: {}\n  expects: {}\n- name: no file\n  record: {file: samples/none.json}\n"
    )
    done = await xkit("test", tmp_path)
    assert done.code == 1
    assert "tests/clients.yaml:3:3: InvalidTest: " in done.stderr
    assert "tests/clients.yaml:5:3: InvalidTest: there is no file" in done.stderr


async def test_a_function_that_does_not_load_fails_the_run_with_its_words(xkit: Xkit, tmp_path: Path) -> None:
    write_project(tmp_path, CLIENTS[:1])
    (tmp_path / "functions" / "upsert.js").write_text("throw new Error('at the top')\n")
    done = await xkit("test", tmp_path)
    assert done.code == 1
    assert "at the top" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("folder", sorted(path.parent for path in EXAMPLES.rglob("tests")), ids=lambda path: path.name)
async def test_an_example_passes_its_golden_tests_and_checks(xkit: Xkit, folder: Path) -> None:
    done = await xkit("test", folder)
    assert done.code == 0, done.stdout + done.stderr
    assert len(_sources(folder)) >= 2, "an example shows how sources differ"
    checked = await xkit("check", folder)
    assert checked.code == 0, checked.stdout


def _sources(folder: Path) -> set[str]:
    documents: list[Any] = [one for file in folder.glob("*.yaml") for one in yaml.safe_load_all(file.read_text())]
    return {one["spec"]["source"]["slug"] for one in documents if one and one.get("kind") == "SourceMapping"}


async def test_watching_runs_again_when_a_function_changes_and_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    write_project(tmp_path / "project", [CLIENTS[11]])
    (tmp_path / "scratch").mkdir()
    process = await start_xkit("test", tmp_path / "project", "--watch", env={"TMPDIR": str(tmp_path / "scratch")})
    assert process.stdout is not None
    await asyncio.wait_for(process.stdout.readuntil(b"waiting for a change"), 60)
    file = tmp_path / "project" / "functions" / "upsert.js"
    save(tmp_path / "project", "functions/upsert.js", file.read_text().replace("'nothing'", "'something'"))
    await asyncio.wait_for(process.stdout.readuntil(b'+ actual:   "something"'), 60)
    process.send_signal(signal.SIGINT)
    await asyncio.wait_for(process.communicate(), 60)
    assert list((tmp_path / "scratch").iterdir()) == []


async def test_the_tests_of_a_new_project_pass(xkit: Xkit, tmp_path: Path) -> None:
    await xkit("init", "crm-contacts", cwd=tmp_path)
    done = await xkit("test", tmp_path / "crm-contacts")
    assert (done.code, "3 passed" in done.stdout) == (0, True), done.stdout + done.stderr
