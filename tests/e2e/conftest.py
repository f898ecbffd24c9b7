"""`make up` on the tests' cluster, once; and the example in a namespace of its own for each test that asks."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.conftest import Cluster
from tests.e2e.product import ROOT, SYSTEM, Crm


def make_up(cluster: Cluster) -> str:
    """Bring the release and the example to what `make up` leaves behind; what it printed."""
    command = [sys.executable, "-m", "dev.up", "--cluster", cluster.name]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="session")
def story(cluster: Cluster) -> str:
    """What `make up` printed."""
    return make_up(cluster)


@pytest.fixture
def as_before(story: str, cluster: Cluster) -> Iterator[None]:
    """The release is afterwards as the other tests need it."""
    yield
    make_up(cluster)


@pytest.fixture
def crm(story: str, cluster, namespace: str) -> Crm:
    example = Crm(cluster, namespace)
    deployment = cluster.get("--namespace", SYSTEM, "deployment", "xkit-operator")
    environment = {
        one["name"]: one.get("value") for one in deployment["spec"]["template"]["spec"]["containers"][0]["env"]
    }
    example.install(str(environment["XKIT_DISPATCHER_IMAGE"]))
    return example
