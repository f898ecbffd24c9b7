"""docs/how-to/gitops.md, typed where both Flux and Argo CD run."""

from pathlib import Path

import pytest

from tests.conftest import Cluster
from tests.ecosystem.delivery import INTEGRATIONS
from tests.ecosystem.repository import AUTHOR, GitHost
from tests.pages import DOCS, play


@pytest.mark.usefixtures("story", "flux", "argocd")
@pytest.mark.timeout(900)
def test_what_the_page_says_happens(cluster: Cluster, git_host: GitHost, tmp_path: Path) -> None:
    environment = AUTHOR | {
        "KUBECONFIG": cluster.kubeconfig,
        "PATH": f"{cluster.info['bin']}:/usr/local/bin:/usr/bin:/bin",
        "REPOSITORY": git_host.url("integrations"),
    }
    assert play(DOCS / "how-to" / "gitops.md", tmp_path, environment, seconds=600) == []
    cluster.kubectl("delete", "namespace", INTEGRATIONS, "--timeout=120s")
