"""The lowest layer of every image: the C library, certificates, time zones, and a user who is nobody. No shell.

What a package's install script would have made is made here.
"""

import os
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from xkit_operator.image.build.cache import LayerCache
from xkit_operator.image.build.debian import Debian
from xkit_operator.image.build.debian_lock import Package
from xkit_operator.image.layer import Layer

CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/nonexistent:/sbin/nologin\n",
    "etc/group": "root:x:0:\nnonroot:x:65532:\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}


def system_layer(cache: LayerCache, debian: Debian, packages: Sequence[Package]) -> Layer:
    def fill(root: Path) -> None:
        debian.unpack(packages, root)
        bundle = root / CERTIFICATES.lstrip("/")
        bundle.parent.mkdir(parents=True, exist_ok=True)
        trusted = sorted((root / "usr/share/ca-certificates").rglob("*.crt"), key=os.fsencode)
        bundle.write_bytes(b"".join(path.read_bytes() for path in trusted))
        for name, text in FILES.items():
            (root / name).write_text(text, "utf-8")

    return cache.layer("os", {"debian": [astuple(package) for package in packages], "files": FILES}, fill)
