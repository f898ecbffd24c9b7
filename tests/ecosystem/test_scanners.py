"""What scanners find in the chart and in a runner is what the threat model explains, and nothing else."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Cluster
from tests.e2e.product import ROOT, Crm
from tests.ecosystem import scanners
from tests.pages import DOCS

PAGE = DOCS / "explanation" / "threat-model.md"
NAMES = {
    "operator": "xkit-operator",
    "bundled registry": "xkit-operator-registry",
    "`helm test`": "xkit-operator-test",
    "runner": "crm-contacts",
}
"""What the page calls an object, and its name."""


def explained() -> set[tuple[str, str]]:
    """Check and object, as the table of the page has them."""
    rows = re.findall(r"^\| `([\w-]+)` \| ([^|]+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    return {
        (check, name)
        for check, told in rows
        for name in (NAMES.values() if told == "all" else (NAMES[one] for one in told.split(", ")))
    }


@pytest.fixture
def everything(cluster: Cluster, crm: Crm, tmp_path: Path) -> str:
    """Manifests of a release with all that makes it safer, and of what runs for a Destination."""
    values = tmp_path / "values.yaml"
    values.write_text(json.dumps(scanners.VALUES))
    chart = str(ROOT / "helm" / "xkit-operator")
    release = cluster.run("helm", "template", "xkit-operator", chart, "-n", "xkit-system", "-f", str(values)).stdout
    runner = crm.kubectl("get", "deployments,services", "-l", "xkit.dev/destination=crm-contacts", "-o", "yaml")
    return f"{release}\n---\n{runner}"


def test_kube_score_finds_what_the_page_explains(everything: str) -> None:
    command = [str(scanners.kube_score()), "score", "--output-format", "json", "-"]
    done = subprocess.run(command, input=everything, capture_output=True, text=True, check=False)
    findings = {
        (check["check"]["id"], scored["object_name"].rpartition("/")[2])
        for scored in json.loads(done.stdout)
        for check in scored["checks"]
        if not check["skipped"] and check["grade"] < scanners.CLEAN
    }
    assert findings == explained()
