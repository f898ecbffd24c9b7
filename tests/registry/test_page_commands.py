"""The commands of docs/how-to/registry.md, as somebody types them, on the real tools."""

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dev.cluster.build import build, cache_directory
from tests.pages import blocks
from tests.registry.destinations import Destinations
from tests.registry.server import Server
from xkit_operator.image import layout
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.registry.credentials import Credentials, Login

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "registry.md"
COMMANDS = [block.text for block in blocks(PAGE) if block.language == "sh" and not block.left_out]
MANIFESTS: list[dict[str, Any]] = [
    one
    for text in re.findall(r"^```yaml\n# manifests\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    for one in yaml.safe_load_all(text)
]
NAMES = {"registry.example.com": "registry.example.com", "https://index.docker.io/v1/": "docker.io"}


def run(text: str, folder: Path, **environment: str) -> str:
    tools = f"{Path(sys.executable).parent}:{build(cache_directory())}:{os.environ['PATH']}"
    variables = {**os.environ, "PATH": tools, "PYTHONPATH": str(ROOT / "operator"), **environment}
    done = subprocess.run(
        ["bash", "-euc", text], cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def without_cluster(command: str) -> str:
    return command.rstrip() + " --dry-run=client --output=json\n"


def starting(words: str) -> list[str]:
    return [command for command in COMMANDS if command.startswith(words)]


def test_each_command_is_of_a_kind_that_is_run_here() -> None:
    kinds = ("kubectl create secret", "kubectl create configmap", "python -m xkit_operator.image push")
    assert sorted(COMMANDS) == sorted(command for kind in kinds for command in starting(kind))


@pytest.mark.parametrize("command", starting("kubectl create secret"))
def test_the_operator_finds_its_login_in_the_secret_that_kubectl_makes(command: str, tmp_path: Path) -> None:
    secret = json.loads(run(without_cluster(command), tmp_path, PASSWORD="the-passw0rd"))
    assert (secret["metadata"]["namespace"], secret["metadata"]["name"]) == ("xkit-system", "registry-login")
    file = tmp_path / "login"
    file.write_bytes(base64.b64decode(secret["data"][".dockerconfigjson"]))
    [host] = [host for name, host in NAMES.items() if name in command]
    login = Credentials(file).find(host, "company/sales.crm")
    assert isinstance(login, Login)
    assert login.password == "the-passw0rd"


def test_the_certificates_are_where_the_chart_expects_them(tmp_path: Path) -> None:
    (tmp_path / "ca.crt").write_text("certificates")
    [command] = starting("kubectl create configmap")
    made = json.loads(run(without_cluster(command), tmp_path))
    assert made["metadata"]["name"] == "company-ca"
    assert made["data"] == {"ca.crt": "certificates"}


def test_the_cron_job_makes_a_login_that_the_operator_finds(tmp_path: Path) -> None:
    """With two stand-ins: a cloud's command line that prints a password, and kubectl, which keeps what it is told."""
    [job] = [one for one in MANIFESTS if one["kind"] == "CronJob"]
    [container] = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    stand_ins = tmp_path / "bin"
    stand_ins.mkdir()
    (stand_ins / "aws").write_text("#!/bin/sh\nprintf '%0900d' 7\n")
    (stand_ins / "kubectl").write_text(f'#!/bin/sh\nprintf %s "$*" >{tmp_path}/told\n')
    for file in stand_ins.iterdir():
        file.chmod(0o755)
    variables = {one["name"]: one["value"] for one in container["env"]}
    environment = {**variables, "PATH": f"{stand_ins}:{os.environ['PATH']}"}
    subprocess.run([*container["command"], *container["args"]], env=environment, check=True)
    words, _, patch = (tmp_path / "told").read_text().partition(" --patch ")
    assert words == "patch secret registry-login"
    (tmp_path / "login").write_bytes(base64.b64decode(json.loads(patch)["data"][".dockerconfigjson"]))
    found = Credentials(tmp_path / "login").find(variables["REGISTRY"], "xkit/sales/crm")
    assert found == Login("AWS", "7".zfill(900))


def test_the_cron_job_may_do_what_it_does_and_no_more() -> None:
    role, binding = (next(one for one in MANIFESTS if one["kind"] == kind) for kind in ("Role", "RoleBinding"))
    job = next(one for one in MANIFESTS if one["kind"] == "CronJob")
    [rule] = role["rules"]
    assert (rule["resources"], rule["resourceNames"]) == (["secrets"], ["registry-login"])
    account = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["serviceAccountName"]
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": account, "namespace": "xkit-system"}]


async def test_a_layout_is_pushed_by_our_command_and_by_skopeo(
    destinations: Destinations, server: Server, tmp_path: Path
) -> None:
    image = destinations.image()
    layout.write(image, tmp_path / "oci" / "operator")
    [command] = starting("python -m xkit_operator.image push")
    ours, theirs = command.splitlines()
    policy = theirs.replace("skopeo ", "skopeo --insecure-policy ")  # of this machine, not of the page
    async with Registry(server.host, Access(plain_http=True)) as registry:
        run(ours, tmp_path, REGISTRY=server.host)
        assert await registry.head_manifest("xkit/operator", "1") == image.manifest.digest
        server.lose_everything()
        run(policy, tmp_path, REGISTRY=server.host)
        assert await registry.head_manifest("xkit/operator", "1") == image.manifest.digest
