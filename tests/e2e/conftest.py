"""`make up` on the tests' cluster, once; and the example in a namespace of its own for each test that asks."""

import subprocess
import sys

import pytest

from tests.e2e.product import EXAMPLE, ROOT, SYSTEM, Crm
from tests.waiting import until


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
    sink = example.kubectl("kustomize", str(EXAMPLE / "sink"))
    image = environment["XKIT_DISPATCHER_IMAGE"]
    example.kubectl("apply", "-f", "-", input=sink.replace("image: xkit-dispatcher", f"image: {image}"))
    example.kubectl("apply", "-f", str(EXAMPLE))
    example.wait_ready()
    for mapping in ("crm-contacts-hubspot", "crm-contacts-salesforce"):
        example.wait_for("True", "Ready", kind="sourcemapping", name=mapping)
    until("the sink is ready", lambda: example.get("deployment", "crm-sink")["status"].get("readyReplicas"))
    return example
