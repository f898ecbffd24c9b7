"""The product and the example as in tests/e2e, and KEDA beside them, installed once."""

from collections.abc import Iterator

import pytest

from tests.conftest import Cluster
from tests.e2e.conftest import crm, story
from tests.ecosystem import keda as installation

__all__ = ["crm", "story"]


@pytest.fixture(scope="session")
def keda(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """KEDA's operator and its metrics adapter, installed from its own manifests."""
    with installation.installed(cluster, tmp_path_factory.mktemp("keda")):
        yield
