"""The product and the example as in tests/e2e, and the programs of others beside them, each installed once."""

from collections.abc import Iterator

import pytest

from tests.conftest import Cluster
from tests.e2e.conftest import crm, story
from tests.ecosystem import argocd as argocd_installation
from tests.ecosystem import flux as flux_installation
from tests.ecosystem import keda as keda_installation
from tests.ecosystem import repository

__all__ = ["crm", "story"]


@pytest.fixture(scope="session")
def keda(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """KEDA's operator and its metrics adapter, installed from its own manifests."""
    with keda_installation.installed(cluster, tmp_path_factory.mktemp("keda")):
        yield


@pytest.fixture(scope="session")
def flux(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Flux's controllers for repositories and Kustomizations."""
    with flux_installation.installed(cluster, tmp_path_factory.mktemp("flux")):
        yield


@pytest.fixture(scope="session")
def argocd(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Argo CD, which knows the health of our kinds."""
    with argocd_installation.installed(cluster, tmp_path_factory.mktemp("argocd")):
        yield


@pytest.fixture(scope="session")
def git_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[repository.GitHost]:
    """Where the tests' repositories are."""
    with repository.git_host(tmp_path_factory.mktemp("git")) as host:
        yield host
