"""A reader of a how-to page, who types its commands on the tests' cluster, with that one's registry for the page's."""

import os
import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.e2e.product import ROOT, SYSTEM
from tests.pages import commands

REGISTRY = "registry.example.com/team"
"""Where the pages have images and chart."""


class Reader:
    """Types what `page` says in `folder`, in which there is a values.yaml that says which registry functions go to.

    With a `namespace`, what the page does in that of the example, or in all of them, is done there.
    """

    def __init__(self, page: Path, cluster: Any, folder: Path, *, namespace: str = "") -> None:
        self.cluster = cluster
        self.page = page
        self.folder = folder
        self._namespace = namespace
        release = cluster.run("helm", "get", "values", "xkit-operator", "--namespace", SYSTEM, "-o", "yaml").stdout
        self.values: dict[str, Any] = yaml.safe_load(release)
        self.keep_functions_in(self.values["registry"])

    def keep_functions_in(self, registry: dict[str, Any]) -> None:
        """Write values.yaml."""
        (self.folder / "values.yaml").write_text(yaml.safe_dump({"registry": registry}))

    def publish(self) -> None:
        """What install.md says about it, in the folder of the repository."""
        (command,) = commands(ROOT / "docs" / "how-to" / "install.md", "Publish it")
        self._type(command, ROOT, insecure="")

    def follow(self, heading: str, *, block: int = 0) -> str:
        """Type one of the blocks below the heading; what it printed."""
        return self._type(commands(self.page, heading)[block], self.folder, insecure=" --plain-http")

    def _type(self, command: str, folder: Path, *, insecure: str) -> str:
        registry = f"{self.cluster.info['registry']}/team"
        typed = command.replace(f"oci://{REGISTRY}/xkit-operator", f"oci://{registry}/xkit-operator{insecure}")
        typed = typed.replace(REGISTRY, registry)
        if self._namespace:
            typed = typed.replace("kubectl -n crm ", f"kubectl -n {self._namespace} ")
            typed = typed.replace("--all-namespaces", f"--namespace {self._namespace}")
        environment = os.environ | {
            "KUBECONFIG": self.cluster.kubeconfig,
            "PATH": f"{self.cluster.info['bin']}:{os.environ['PATH']}",
            "REGISTRY_PLAIN_HTTP": "true",
        }
        shell = ["bash", "-euo", "pipefail", "-c", typed]
        done = subprocess.run(shell, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{typed}\n{done.stdout}{done.stderr}"
        return done.stdout
