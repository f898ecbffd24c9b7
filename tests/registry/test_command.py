"""`python -m xkit_operator.image push`, as a developer types it."""

import os
import subprocess
import sys
from pathlib import Path

from tests.registry.destinations import Destinations
from tests.registry.server import Server
from xkit_operator.image import layout

OPERATOR = Path(__file__).parents[2] / "operator"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xkit_operator.image", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(OPERATOR)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_push_tells_each_blob_and_the_digest_and_a_second_one_has_nothing_to_do(
    destinations: Destinations, server: Server, tmp_path: Path
) -> None:
    image = destinations.image()
    layout.write(image, tmp_path / "layout")
    arguments = ("push", tmp_path / "layout", f"{server.host}/team/crm:1", "--plain-http")
    first = run(*arguments)
    assert first.returncode == 0
    assert first.stdout.count("uploaded") == len(image.layers) + 1
    assert f"team/crm:1 is {image.manifest.digest}" in first.stdout
    assert "team/crm:1 is there already" in run(*arguments).stdout


def test_a_failure_is_one_line_with_its_code(destinations: Destinations, server: Server, tmp_path: Path) -> None:
    layout.write(destinations.image(), tmp_path / "layout")
    server.stop()
    done = run("push", tmp_path / "layout", f"{server.host}/team/crm:1", "--plain-http")
    assert done.returncode == 1
    assert done.stderr.startswith("RegistryUnreachable: registry ")
    assert "Traceback" not in done.stderr


def test_a_reference_without_a_tag_is_a_usage_error(tmp_path: Path) -> None:
    done = run("push", tmp_path, "localhost:5000/crm")
    assert done.returncode == 2
    assert "HOST[:PORT]/REPOSITORY:TAG" in done.stderr


def test_an_unknown_image_is_a_usage_error_that_names_the_known_ones(tmp_path: Path) -> None:
    done = run("build", "--out", tmp_path, "kitchen")
    assert done.returncode == 2
    assert "'kitchen' is none of runtime, operator, dispatcher, registry" in done.stderr
