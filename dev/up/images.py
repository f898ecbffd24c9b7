"""Builds the product's own images and pushes them to where the nodes pull from.

Unchanged ones cost a look: the builder skips what it has built, and the push is one HEAD. `make image PUSH=host/prefix`
runs this module alone and prints the references that the chart wants.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from dev.up.commands import stream
from dev.up.failure import StepFailed
from dev.up.target import plain_http
from dev.up.terminal import Terminal

LAYOUTS = Path("build/oci")
NAMES = ("operator", "dispatcher", "registry")


def build(terminal: Terminal, environment: Mapping[str, str]) -> None:
    """Build the images as OCI layouts below build/oci."""
    _builder(["build", "--out", str(LAYOUTS)], environment, terminal)


def push(
    terminal: Terminal, environment: Mapping[str, str], *, names: Sequence[str], prefix: str, insecure: bool
) -> dict[str, str]:
    """Push the named images to repositories below `prefix`. Returns their references by digest, by name."""
    flags = ["--plain-http"] if insecure else []
    references = {}
    for name in names:
        _builder(["push", str(LAYOUTS / name), f"{prefix}/{name}:latest", *flags], environment, terminal)
        references[name] = f"{prefix}/{name}@{digest(LAYOUTS / name)}"
    return references


def digest(layout: Path) -> str:
    """The digest of the one image in an OCI layout."""
    index = json.loads((layout / "index.json").read_text())
    (manifest,) = index["manifests"]
    return str(manifest["digest"])


def _builder(arguments: list[str], environment: Mapping[str, str], terminal: Terminal) -> None:
    command = [sys.executable, "-m", "xkit_operator.image", *arguments]
    stream(command, environment=dict(environment) | {"PYTHONPATH": "operator"}, say=terminal.say)


def main() -> None:
    """Push what is built, and print one --set argument of helm a line."""
    parser = argparse.ArgumentParser(prog="python -m dev.up.images")
    parser.add_argument("--push", required=True, metavar="HOST/PREFIX", help="where the images go")
    prefix = parser.parse_args().push.rstrip("/")
    terminal = Terminal(sys.stdout, clock=time.monotonic, steps=1)
    insecure = plain_http(os.environ)
    try:
        references = push(terminal, os.environ, names=NAMES, prefix=prefix, insecure=insecure)
    except StepFailed as failure:
        terminal.fail(failure)
        sys.exit(1)
    terminal.show(f"--set image.{name}={reference}" for name, reference in references.items())


if __name__ == "__main__":
    main()
