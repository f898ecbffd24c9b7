"""What kube-score finds in the chart and in a runner is what the threat model explains, and nothing else."""

import json
import subprocess

import pytest

from tests.conftest import Cluster
from tests.e2e.product import Crm
from tests.ecosystem import scanners
from tests.ecosystem.explained import explained


@pytest.fixture
def everything(cluster: Cluster, crm: Crm) -> str:
    """Manifests of a release with all that makes it safer, and of what runs for a Destination."""
    runner = crm.kubectl("get", "deployments,services", "-l", "xkit.dev/destination=crm-contacts", "-o", "yaml")
    return f"{scanners.release(cluster, scanners.VALUES)}\n---\n{runner}"


def test_kube_score_finds_what_the_page_explains(everything: str) -> None:
    command = [str(scanners.kube_score()), "score", "--output-format", "json", "-"]
    done = subprocess.run(command, input=everything, capture_output=True, text=True, check=False)
    findings = {
        (check["check"]["id"], scored["object_name"].rpartition("/")[2])
        for scored in json.loads(done.stdout)
        for check in scored["checks"]
        if not check["skipped"] and check["grade"] < scanners.CLEAN
    }
    assert findings == explained("kube-score")
