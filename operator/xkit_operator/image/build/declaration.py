"""What a runtime is made of, as its folder declares it: `runtimes/<name>/runtime.yaml`.

Paths in it are relative to that folder.
"""

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from xkit_operator.errors import BuildFailed


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DebianPart(_Part):
    """The Debian release, all packages of the lowest layer, and the lock with their versions."""

    release: str
    lock: Path
    packages: tuple[str, ...]


class NodePart(_Part):
    """The npm package that carries the Node binary; npm's own checksum of it."""

    package: str
    version: str
    integrity: str


class Declaration(_Part):
    """The whole of a runtime.yaml: `packages` is the npm lock, `executor` the folder of its code."""

    name: str
    debian: DebianPart
    node: NodePart
    packages: Path
    executor: Path
    licence: Path


def read_declaration(folder: Path) -> Declaration:
    """The declaration of the runtime in `folder`. Raises BuildFailed that names what is wrong in it."""
    path = folder / "runtime.yaml"
    try:
        return Declaration.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise BuildFailed(f"{path} declares no runtime: {error}") from error
