"""How large the images are, as one table: each layer once, with the images that share it, then each image."""

import struct
from collections.abc import Callable, Iterator, Mapping
from io import SEEK_END

from xkit_operator.image.layer import Layer
from xkit_operator.image.manifest import Image


def table(images: Mapping[str, Image], name_of: Callable[[Layer], str]) -> Iterator[str]:
    """The lines of the table; `name_of` says what a layer is."""
    users: dict[Layer, list[str]] = {}
    for name, image in images.items():
        for layer in image.layers:
            users.setdefault(layer, []).append(name)
    yield _row("layer", "compressed", "unpacked", "sha256", "in")
    for layer, names in users.items():
        shared = "all" if len(names) == len(images) > 1 else ", ".join(names)
        yield _row(name_of(layer), _megabytes(layer.blob.size), _megabytes(unpacked(layer)), layer.blob.digest, shared)
    yield _row("image", "compressed", "unpacked", "sha256", "layers")
    for name, image in images.items():
        packed, whole = (sum(map(size, image.layers)) for size in (_packed, unpacked))
        layers = ", ".join(map(name_of, image.layers))
        yield _row(name, _megabytes(packed), _megabytes(whole), image.manifest.digest, layers)
    all_packed, all_unpacked = (sum(map(size, users)) for size in (_packed, unpacked))
    yield _row("together", _megabytes(all_packed), _megabytes(all_unpacked), "", f"{len(users)} layers")


def unpacked(layer: Layer) -> int:
    """The bytes of the tar, which gzip keeps in its last four (layers are smaller than 4 GiB)."""
    with layer.blob.open() as stream:
        stream.seek(-4, SEEK_END)
        (size,) = struct.unpack("<I", stream.read(4))
    return int(size)


def _packed(layer: Layer) -> int:
    return layer.blob.size


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.2f} MB"


def _row(what: str, packed: str, whole: str, digest: str, rest: str) -> str:
    return f"{what:<17} {packed:>10} {whole:>10}  {digest.removeprefix('sha256:'):<64}  {rest}".rstrip()
