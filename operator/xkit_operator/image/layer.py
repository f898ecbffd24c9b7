"""Files to a layer: the same files give the same bytes, on every machine and at every time.

What could differ is fixed: the order of paths, times, owners, modes (a umask must not show) and the gzip header. Hard
links become files. Used for every layer of every image; knows nothing of what is in it.
"""

import hashlib
import io
import os
import stat
import struct
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from xkit_operator.image.blob import Blob

# Magic, deflate, no flags, time 0, no level hint, unknown system: what Python writes here depends on its version.
GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A gzipped tar: its blob, and the digest of the tar itself, which the configuration lists."""

    blob: Blob
    diff_id: str


@dataclass(frozen=True)
class Entry:
    """One path of a layer, relative to the root; `data` is a file's content, a link's target, or nothing."""

    path: str
    kind: bytes
    data: bytes = b""
    mode: int = 0o644

    @classmethod
    def directory(cls, path: str, mode: int = 0o755) -> Self:
        return cls(path, tarfile.DIRTYPE, mode=mode)

    @classmethod
    def file(cls, path: str, data: bytes, mode: int = 0o644) -> Self:
        return cls(path, tarfile.REGTYPE, data, mode)

    @classmethod
    def link(cls, path: str, target: str) -> Self:
        return cls(path, tarfile.SYMTYPE, target.encode(), 0o777)


def tree(root: Path) -> Iterator[Entry]:
    """Every path below `root`. Modes keep what matters: executable or not, and the sticky bit of a shared directory.

    Names are read as UTF-8, whatever the locale: Debian has certificates with accents in their names.
    """
    for path in root.rglob("*"):
        name = os.fsencode(path.relative_to(root)).decode()
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            yield Entry.link(name, os.fsencode(path.readlink()).decode())
        elif stat.S_ISDIR(status.st_mode):
            yield Entry.directory(name, 0o1777 if status.st_mode & stat.S_ISVTX else 0o755)
        elif stat.S_ISREG(status.st_mode):
            yield Entry.file(name, path.read_bytes(), 0o755 if status.st_mode & stat.S_IXUSR else 0o644)
        else:
            raise ValueError(f"{path} is neither a file, a directory nor a symbolic link")


def pack(entries: Iterable[Entry]) -> Layer:
    """The layer of these entries, in whatever order they come; a path that comes twice is an error (ValueError)."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.PAX_FORMAT) as archive:
        before = None
        for entry in sorted(entries, key=lambda entry: entry.path):
            if entry.path == before:
                raise ValueError(f"the path {entry.path} comes twice in one layer")
            before = entry.path
            archive.addfile(_header(entry), io.BytesIO(entry.data) if entry.kind == tarfile.REGTYPE else None)
    raw = tar.getvalue()
    return Layer(blob=Blob.of(compress(raw)), diff_id="sha256:" + hashlib.sha256(raw).hexdigest())


def _header(entry: Entry) -> tarfile.TarInfo:
    header = tarfile.TarInfo(entry.path)
    header.type = entry.kind
    header.mode = entry.mode
    if entry.kind == tarfile.SYMTYPE:
        header.linkname = entry.data.decode()
    elif entry.kind == tarfile.REGTYPE:
        header.size = len(entry.data)
    return header


def compress(data: bytes) -> bytes:
    """`data` as gzip. The header never changes; the rest depends on the zlib build, hence the source hash in tags.

    Stored blocks would not depend on it, but make the runtime three times as large (95 MB instead of 33). A release is
    built once, and its operator brings one zlib for all function images; another zlib gives other digests and the same
    diff_ids.
    """
    deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return (
        GZIP_HEADER
        + deflate.compress(data)
        + deflate.flush()
        + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)
    )


def unpack(layers: Iterable[Layer], root: Path) -> None:
    """Lay the content of `layers`, lowest first, below `root`: for a program of an image that must run here."""
    for layer in layers:
        with layer.blob.open() as stream, tarfile.open(fileobj=stream, mode="r:gz") as archive:
            archive.extractall(root, filter=_named_for_here)  # noqa: S202 - we packed them ourselves


def _named_for_here(member: tarfile.TarInfo, _: str) -> tarfile.TarInfo:
    """`member` with its UTF-8 names as Python spells them in this locale."""
    name, target = (os.fsdecode(text.encode()) for text in (member.name, member.linkname))
    return member.replace(name=name, linkname=target, deep=False)
