"""`make up` on the tests' cluster, once; and the example in a namespace of its own for each test that asks."""

import subprocess
import sys

import pytest

from tests.e2e.product import ROOT, SYSTEM, Crm


@pytest.fixture(scope="session")
def story(cluster) -> str:
    """What `make up` printed."""
    done = subprocess.run(
        [sys.executable, "-m", "dev.up", "--cluster", cluster.name],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture
def crm(story: str, cluster, namespace: str) -> Crm:
    example = Crm(cluster, namespace)
    deployment = cluster.get("--namespace", SYSTEM, "deployment", "xkit-operator")
    environment = {
        one["name"]: one.get("value") for one in deployment["spec"]["template"]["spec"]["containers"][0]["env"]
    }
    example.install(str(environment["XKIT_DISPATCHER_IMAGE"]))
    return example
