"""Builds the product's own images and pushes them to where the nodes pull from.

Unchanged ones cost a look: the builder skips what it has built, and the push is one HEAD.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from dev.up.commands import stream
from dev.up.target import Target
from dev.up.terminal import Terminal

LAYOUTS = Path("build/oci")
NAMES = ("operator", "dispatcher", "registry")


def build(terminal: Terminal, environment: Mapping[str, str]) -> None:
    """Build the images as OCI layouts below build/oci."""
    _builder(["build", "--out", str(LAYOUTS)], environment, terminal)


def push(terminal: Terminal, target: Target) -> dict[str, str]:
    """Push each image. Returns the references by digest, by name."""
    references = {}
    for name in NAMES:
        if name == "registry" and not target.registry["enabled"]:
            continue
        repository = f"{target.images}/{name}"
        flags = ["--plain-http"] if target.plain_http else []
        _builder(["push", str(LAYOUTS / name), f"{repository}:latest", *flags], target.environment, terminal)
        references[name] = f"{repository}@{digest(LAYOUTS / name)}"
    return references


def digest(layout: Path) -> str:
    """The digest of the one image in an OCI layout."""
    index = json.loads((layout / "index.json").read_text())
    (manifest,) = index["manifests"]
    return str(manifest["digest"])


def _builder(arguments: list[str], environment: Mapping[str, str], terminal: Terminal) -> None:
    command = [sys.executable, "-m", "xkit_operator.image", *arguments]
    stream(command, environment=dict(environment) | {"PYTHONPATH": "operator"}, say=terminal.say)
