"""`python -m dev.chart`, from the root of the repository: the chart as a file in build/chart, and in a registry.

With --push HOST/PREFIX the images that `make image` has built are pushed there, their references are put into the
chart, and the chart is pushed beside them as HOST/PREFIX/xkit-operator: who installs it needs no reference.
"""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import yaml

from dev.cluster.build import build, cache_directory
from dev.up import images
from dev.up.commands import capture
from dev.up.failure import StepFailed
from dev.up.target import plain_http
from dev.up.terminal import Terminal

CHART = Path("helm/xkit-operator")
OUT = Path("build/chart")


def package(references: Mapping[str, str], environment: Mapping[str, str]) -> Path:
    """The chart as an archive, which names `references` as its images, by name. Raises StepFailed."""
    content = OUT / CHART.name
    shutil.rmtree(OUT, ignore_errors=True)
    shutil.copytree(CHART, content)  # the CRDs are a link in the repository, and files in the archive
    if references:
        (content / "files" / "images.yaml").write_text(yaml.safe_dump(dict(references)))
    capture([_helm(), "package", str(content), "--destination", str(OUT)], environment=environment)
    (archive,) = OUT.glob("*.tgz")
    return archive


def publish(prefix: str, environment: Mapping[str, str], terminal: Terminal) -> str:
    """Push images and chart below `prefix`, host[:port]/path. Returns what helm calls the chart. Raises StepFailed."""
    insecure = plain_http(environment)
    references = images.push(terminal, environment, names=images.NAMES, prefix=prefix, insecure=insecure)
    archive = package(references, environment)
    flags = ["--plain-http"] if insecure else []
    capture([_helm(), "push", str(archive), f"oci://{prefix}", *flags], environment=environment)
    return f"oci://{prefix}/{CHART.name}"


def _helm() -> str:
    return shutil.which("helm") or str(build(cache_directory()) / "helm")


def main() -> int:
    """Package, push where told, and say what to type next."""
    parser = argparse.ArgumentParser(prog="python -m dev.chart")
    parser.add_argument("--push", default="", metavar="HOST/PREFIX", help="where images and chart go")
    prefix = parser.parse_args().push.rstrip("/")
    terminal = Terminal(sys.stdout, clock=time.monotonic, steps=1)
    try:
        if prefix:
            terminal.show([f"helm upgrade --install xkit-operator {publish(prefix, os.environ, terminal)}"])
        else:
            terminal.show([str(package({}, os.environ))])
    except StepFailed as failure:
        terminal.fail(failure)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
