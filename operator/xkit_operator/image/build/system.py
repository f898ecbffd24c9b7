"""The lowest layer of every image: the C library, certificates, time zones, and a user who is nobody. No shell.

What a package's install script would have made is made here.
"""

from collections.abc import Sequence
from pathlib import Path

from xkit_operator.image.build.cache import LayerCache
from xkit_operator.image.build.debian import Debian
from xkit_operator.image.layer import Layer

CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/nonexistent:/sbin/nologin\n",
    "etc/group": "root:x:0:\nnonroot:x:65532:\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}


def system_layer(cache: LayerCache, debian: Debian, packages: Sequence[str]) -> Layer:
    versions = debian.versions(packages)

    def fill(root: Path) -> None:
        debian.unpack(versions, root)
        bundle = root / CERTIFICATES.lstrip("/")
        bundle.parent.mkdir(parents=True, exist_ok=True)
        trusted = sorted((root / "usr/share/ca-certificates").rglob("*.crt"))
        bundle.write_text("".join(path.read_text() for path in trusted))
        for name, text in FILES.items():
            (root / name).write_text(text)

    return cache.layer("os", {"debian": versions}, fill)
