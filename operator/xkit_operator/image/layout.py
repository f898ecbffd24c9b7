"""Images on disk: an OCI layout directory with one image, as skopeo and every other tool reads it.

The build writes them; the operator reads the layouts of the runtimes; a push reads what a build wrote.
"""

import json
import os
import shutil
from pathlib import Path

from xkit_operator.errors import BuildFailed
from xkit_operator.image.blob import Blob
from xkit_operator.image.layer import Layer
from xkit_operator.image.manifest import MANIFEST_TYPE, Image, canonical


def write(image: Image, directory: Path) -> None:
    """Make `directory` the layout of `image`. Blobs that it has stay, others go; the index comes after the blobs."""
    blobs = directory / "blobs" / "sha256"
    blobs.mkdir(parents=True, exist_ok=True)
    wanted = [image.manifest, image.config, *(layer.blob for layer in image.layers)]
    for blob in wanted:
        _write_blob(blob, blobs / _hex(blob.digest))
    index = {
        "schemaVersion": 2,
        "manifests": [{"mediaType": MANIFEST_TYPE, "digest": image.manifest.digest, "size": image.manifest.size}],
    }
    _replace(directory / "oci-layout", canonical({"imageLayoutVersion": "1.0.0"}))
    _replace(directory / "index.json", canonical(index))
    for path in blobs.iterdir():
        if path.name not in {_hex(blob.digest) for blob in wanted}:
            path.unlink()


def read(directory: Path) -> Image:
    """The image of the layout in `directory`; its layers stay in their files. Raises BuildFailed for a damaged one."""
    try:
        (entry,) = json.loads((directory / "index.json").read_bytes())["manifests"]
        manifest = _blob(directory, entry["digest"])
        document = json.loads(manifest.read())
        config = _blob(directory, document["config"]["digest"])
        diff_ids = json.loads(config.read())["rootfs"]["diff_ids"]
        layers = [
            Layer(blob=_blob(directory, layer["digest"]), diff_id=diff_id)
            for layer, diff_id in zip(document["layers"], diff_ids, strict=True)
        ]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BuildFailed(f"{directory} holds no OCI layout of one image ({error}): build it again") from error
    return Image(manifest=manifest, config=config, layers=tuple(layers))


def _hex(digest: str) -> str:
    return digest.removeprefix("sha256:")


def _blob(directory: Path, digest: str) -> Blob:
    path = directory / "blobs" / "sha256" / _hex(digest)
    return Blob(digest=digest, size=path.stat().st_size, content=path)


def _write_blob(blob: Blob, path: Path) -> None:
    if path.exists() and path.stat().st_size == blob.size:
        return
    part = path.with_suffix(".part")
    with blob.open() as source, part.open("wb") as target:
        shutil.copyfileobj(source, target)
    os.replace(part, path)


def _replace(path: Path, data: bytes) -> None:
    part = path.with_suffix(".part")
    part.write_bytes(data)
    os.replace(part, path)
