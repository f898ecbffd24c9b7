"""The examples beside the one that `make up` applies: `xkit render` brings each into a cluster, and all get ready."""

import json
import os
import re
import subprocess
import sys
from typing import Any

from tests.e2e.product import ROOT
from tests.waiting import until

NAMES = ("orders", "search-index", "tickets", "users", "webhook-relay")
_SECRET = re.compile(r"secretKeyRef: \{name: ([\w-]+), key: ([\w-]+)\}")


def test_every_example_gets_ready_with_both_of_its_sources(story: str, cluster: Any, namespace: str) -> None:
    folders = [str(ROOT / "examples" / name) for name in NAMES]
    rendered = subprocess.run(
        [sys.executable, "-m", "xkit_operator.cli", "render", *folders],
        env={**os.environ, "PYTHONPATH": str(ROOT / "operator")}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for folder in folders:
        for secret, key in _SECRET.findall((ROOT / folder / "destination.yaml").read_text()):
            cluster.kubectl("-n", namespace, "create", "secret", "generic", secret, f"--from-literal={key}=test")
    cluster.kubectl("-n", namespace, "apply", "--server-side", "-f", "-", input=rendered)

    def states() -> dict[str, str]:
        done = cluster.run(sys.executable, "-m", "xkit_operator.cli", "status", "-n", namespace, "-o", "json")
        found = json.loads(done.stdout)["destinations"]
        return {
            one["name"]: f"{one['ready']} {one['reason']}, {sum(each['ready'] == 'True' for each in one['mappings'])}"
            for one in found
        }

    wanted = dict.fromkeys(NAMES, "True Ready, 2")
    try:
        until("all examples are ready", lambda: states() == wanted)
    except AssertionError as error:
        raise AssertionError(f"{error}; they are {states()}") from None
