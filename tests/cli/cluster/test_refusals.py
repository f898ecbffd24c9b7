"""What keeps a command from its cluster is a sentence that says who can do something about it, and exit code 1."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.cluster.api_server import ApiServer
from tests.cli.cluster.conftest import Ask

COMMANDS = [["status"], ["status", "crm"], ["logs", "crm"]]
CLUSTER = {"name": "here", "cluster": {"server": "http://127.0.0.1:1"}}
CONTEXT = {"name": "test", "context": {"cluster": "here"}}


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ((404, "page not found"), "xkit-operator is not installed"),
        ((403, 'User "ada" cannot list resource'), "roles view, edit and admin"),
        ((401, "Unauthorized"), "the cluster does not know you"),
        ((503, "etcd is away"), "the cluster does not answer (context test, http://127.0.0.1:"),
    ],
    ids=["no such kind", "forbidden", "not logged in", "not available"],
)
def test_a_refusal_says_what_to_do(
    api: ApiServer, ask: Ask, arguments: list[str], refusal: tuple[int, str], words: str
) -> None:
    api.refused["/destinations"] = refusal
    done = ask(*arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"current-context": "test", "contexts": [CONTEXT], "clusters": [CLUSTER]}, "the cluster does not answer"),
        ({"current-context": "gone", "contexts": [CONTEXT], "clusters": [CLUSTER]}, "has no context gone; it has test"),
        ({"contexts": [CONTEXT], "clusters": [CLUSTER]}, "choose one of test with --context"),
        ({"current-context": "test", "contexts": [CONTEXT], "clusters": []}, "context test cannot be used"),
        ({}, "has no contexts"),
        (["a list"], "is YAML, but no kubeconfig"),
        ("", "is YAML, but no kubeconfig"),
        ("{", "cannot be read as a kubeconfig"),
    ],
    ids=["nobody there", "stale current", "no current", "no cluster", "empty mapping", "a list", "empty", "no YAML"],
)
def test_a_kubeconfig_that_leads_nowhere_is_named(ask: Ask, tmp_path: Path, content: Any, words: str) -> None:
    file = tmp_path / "other"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    done = ask("status", "--kubeconfig", file)
    assert done.exit_code == 1
    assert words in done.stderr


def test_without_a_kubeconfig_it_is_said_where_one_is_looked_for(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    done = ask("status")
    assert done.exit_code == 1
    assert f"there is no kubeconfig ({tmp_path}/none is not there)" in done.stderr
    assert "--kubeconfig or $KUBECONFIG" in done.stderr


def test_a_context_that_is_none_is_answered_with_those_that_are(ask: Ask) -> None:
    assert "has no context prod; it has test" in ask("status", "--context", "prod").stderr


def test_a_kubeconfig_that_is_not_there_is_wrong_usage(ask: Ask) -> None:
    assert ask("status", "--kubeconfig", "/nowhere").exit_code == 2
