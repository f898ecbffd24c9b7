"""`xkit status`, `xkit logs` and `xkit version` on the cluster that `make up` has made, as their user types them."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.product import ROOT, SYSTEM, Crm, sample
from tests.waiting import until
from xkit_operator import __version__

XKIT = (sys.executable, "-m", "xkit_operator.cli")


def environment(kubeconfig: str | Path) -> dict[str, str]:
    return {**os.environ, "KUBECONFIG": str(kubeconfig), "PYTHONPATH": str(ROOT / "operator"), "PYTHONUNBUFFERED": "1"}


def xkit(kubeconfig: str | Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*XKIT, *arguments], env=environment(kubeconfig), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture
def viewer(cluster: Any, namespace: str, tmp_path: Path) -> Path:
    """The kubeconfig of somebody who has the role view in `namespace`, and nothing else."""
    cluster.kubectl("--namespace", namespace, "create", "serviceaccount", "viewer")
    cluster.kubectl(
        "--namespace", namespace, "create", "rolebinding", "viewer", "--clusterrole=view",
        f"--serviceaccount={namespace}:viewer",
    )  # fmt: skip
    asked = ("auth", "can-i", "list", "destinations.xkit.dev", f"--as=system:serviceaccount:{namespace}:viewer")
    until("the role is known", lambda: cluster.kubectl("-n", namespace, *asked, check=False).returncode == 0)
    token = cluster.kubectl("--namespace", namespace, "create", "token", "viewer").stdout.strip()
    content = yaml.safe_load(Path(cluster.kubeconfig).read_text())
    content["users"] = [{"name": one["name"], "user": {"token": token}} for one in content["users"]]
    for one in content["contexts"]:
        one["context"]["namespace"] = namespace
    file = tmp_path / "viewer"
    file.write_text(yaml.safe_dump(content))
    return file


def test_status_joins_what_kubectl_shows_apart(story: str, cluster: Any) -> None:
    shown = xkit(cluster.kubeconfig, "status", "-n", "crm").stdout
    assert "crm-contacts  True   Ready   hubspot, salesforce  1/1" in shown
    assert "crm-contacts-hubspot" in shown
    (found,) = json.loads(xkit(cluster.kubeconfig, "status", "crm-contacts", "-n", "crm", "-o", "json").stdout)[
        "destinations"
    ]
    serving = [one["ready"] for one in found["pods"] if one["state"] == "Running"]  # others may be about to end
    assert (found["ready"], serving) == ("True", ["2/2"])
    assert found["status"]["image"].partition("@")[2].startswith("sha256:")


def test_kubectl_finds_the_command_as_its_plugin(story: str, cluster: Any, tmp_path: Path) -> None:
    plugin = tmp_path / "kubectl-xkit"
    plugin.write_text(f"#!{sys.executable}\nfrom xkit_operator.cli import main\nmain()\n")
    plugin.chmod(0o755)
    environment = {
        "PATH": f"{tmp_path}:{cluster.info['bin']}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "operator"),
    }
    for arguments in (["status", "crm-contacts", "-n", "crm"], ["logs", "crm-contacts", "-n", "crm"], ["version"]):
        done = cluster.run(
            "env", *(f"{name}={value}" for name, value in environment.items()), "kubectl", "xkit", *arguments
        )
        assert "crm-contacts" in done.stdout or "xkit-system" in done.stdout


def test_versions_of_operator_and_runners_are_told(story: str, cluster: Any) -> None:
    found = json.loads(xkit(cluster.kubeconfig, "version", "-o", "json").stdout)
    assert {"namespace": SYSTEM, "version": __version__} in found["operators"]
    assert {one["version"] for one in found["runners"]} == {__version__}


def test_who_may_view_a_namespace_sees_it_and_is_told_why_nothing_else(
    story: str, cluster: Any, viewer: Path, namespace: str
) -> None:
    assert f"no Destinations in namespace {namespace}" in xkit(viewer, "status").stderr
    for refused in (["status", "-A"], ["logs", "crm-contacts", "-n", "crm"]):
        assert "ask for one of them in the namespace" in xkit(viewer, *refused, code=1).stderr
    assert xkit(viewer, "version").stderr == ""


def test_logs_follow_a_rollout_and_status_tells_of_a_mistake(crm: Crm, tmp_path: Path) -> None:
    kubeconfig, where = crm.cluster.kubeconfig, ("-n", crm.namespace)
    output = tmp_path / "output"
    with (
        output.open("w") as file,
        subprocess.Popen(
            [*XKIT, "logs", "crm-contacts", *where, "-f"],
            stdout=file,
            stderr=subprocess.STDOUT,
            env=environment(kubeconfig),
        ) as logs,
    ):
        try:
            _follow_a_rollout(crm, output)
            logs.send_signal(signal.SIGINT)
            assert logs.wait(60) == 130
        finally:
            logs.kill()
    assert "Traceback" not in output.read_text()
    crm.send({**sample("rejected"), "id": "wrong again"})

    def rejected() -> list[str]:
        filtered = ("--outcome", "rejected", "--since", "10m", "-o", "json")
        lines = xkit(kubeconfig, "logs", "crm-contacts", *where, *filtered).stdout.splitlines()
        return [json.loads(line)["id"] for line in lines]

    # the kubelet gives a line some time after it was written
    ids = until(
        "the line of the last one is there", lambda: found if (found := rejected())[-1:] == ["wrong again"] else []
    )
    assert set(ids) <= {"wrong", "wrong again"}  # the first went to a Pod of the version before, which may be there yet
    crm.patch("destination", "crm-contacts", {"spec": {"functions": {"upsert": {"source": "let a = ;\n"}}}})
    crm.wait_for("False", "FunctionSyntaxError")
    shown = xkit(kubeconfig, "status", "crm-contacts", *where).stdout
    assert "False, FunctionSyntaxError: functions.upsert: line 1" in shown
    assert "next: mend" in shown


def _follow_a_rollout(crm: Crm, output: Path) -> None:
    def until_shown(text: str) -> None:
        until(f"xkit logs prints {text}", lambda: text in output.read_text())

    record = sample("1-hubspot-upsert")
    crm.send({**record, "id": "before"})
    until_shown("before | the CRM has hubspot 512: 200")
    crm.send({**sample("rejected"), "id": "wrong"})
    until_shown("wrong | upsert hubspot rejected")
    crm.patch("destination", "crm-contacts", {"spec": {"limits": {"concurrency": 21}}})
    crm.wait_ready()
    crm.send({**record, "id": "after"})
    until_shown("after | the CRM has hubspot 512: 200")
    until_shown(": function has gone")
    assert output.read_text().count("before | the CRM") == 1
