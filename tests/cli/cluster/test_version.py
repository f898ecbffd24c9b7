"""`xkit version` asks the cluster, too, where one answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.cluster.api_server import ApiServer
from tests.cli.cluster.conftest import Ask
from xkit_operator import __version__

NODE = {"nodejs14": "14.21.3"}


def deployment(name: str, namespace: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": namespace, **more}}


@pytest.fixture
def installed(api: ApiServer, monkeypatch: pytest.MonkeyPatch) -> ApiServer:
    """An operator of this release, and a Destination that still has the runner of the one before."""
    operator = deployment("xkit-operator", "xkit-system", labels={"app.kubernetes.io/version": "0.2.0"})
    runner = deployment("crm", "team", annotations={"xkit.dev/release": "0.1.9"})

    def answer(path: str) -> tuple[int, dict[str, Any]]:
        chosen = operator if "component%3Doperator" in api.asked[-1] else runner
        everywhere = "/namespaces/" not in path
        if everywhere and api.refused:
            return 403, {"message": "forbidden"}
        inside = everywhere or f"/{chosen['metadata']['namespace']}/" in path
        return 200, {"metadata": {}, "items": [chosen] if inside else []}

    monkeypatch.setattr(api, "answer", answer)
    return api


def test_operator_and_runners_are_told(installed: ApiServer, ask: Ask) -> None:
    assert ask("version").stdout.splitlines()[2:] == [
        "operator: 0.2.0 (namespace xkit-system)",
        "runner: 0.1.9 (1 Destination)",
    ]


def test_machines_get_the_same(installed: ApiServer, ask: Ask) -> None:
    assert json.loads(ask("version", "-o", "json").stdout) == {
        "cli": __version__,
        "runtimes": NODE,
        "operators": [{"namespace": "xkit-system", "version": "0.2.0"}],
        "runners": [{"version": "0.1.9", "destinations": 1}],
    }


def test_who_sees_one_namespace_is_told_of_that_one(installed: ApiServer, ask: Ask) -> None:
    installed.refused["/deployments"] = (403, "forbidden")
    assert ask("version").stdout.splitlines()[2:] == [
        "operator: none that you may see",
        "runner: 0.1.9 (1 Destination)",
    ]


def test_the_cluster_is_left_alone_where_that_is_wanted(api: ApiServer, ask: Ask) -> None:
    assert json.loads(ask("version", "--client", "-o", "json").stdout) == {"cli": __version__, "runtimes": NODE}
    assert api.asked == []


@pytest.mark.parametrize("trouble", ["nobody there", "no kubeconfig", "forbidden"])
def test_a_cluster_that_does_not_answer_is_no_failure(
    api: ApiServer, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    api.refused["/deployments"] = (403, "forbidden")
    if trouble == "nobody there":
        monkeypatch.setattr(api, "port", 1)
        api.kubeconfig(tmp_path)
    if trouble == "no kubeconfig":
        monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    done = ask("version")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"xkit {__version__}\nnodejs14: Node.js 14.21.3\n"
