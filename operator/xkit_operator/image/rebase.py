"""An image that a registry has, put on another runtime: its functions layer stays what it is, byte for byte.

Pure: `pull` reads the documents. Nothing is parsed, packed or compressed again, so what ran on the old runtime is what
runs on the new one, whatever zlib this release has.
"""

import json
from dataclasses import dataclass
from typing import Self

from xkit_operator.image.blob import Blob
from xkit_operator.image.function import BASE_DIGEST, stack
from xkit_operator.image.layer import Layer
from xkit_operator.image.manifest import Image
from xkit_operator.image.runtime import Runtime


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What the manifest of a function image says: three digests."""

    base: str
    """Of the runtime that it stands on."""
    config: str
    functions: str
    """Of its uppermost layer."""

    @classmethod
    def read(cls, manifest: bytes) -> Self | None:
        """None when this is not the manifest of a function image."""
        try:
            document = json.loads(manifest)
            return cls(
                base=document["annotations"][BASE_DIGEST],
                config=document["config"]["digest"],
                functions=document["layers"][-1]["digest"],
            )
        except (ValueError, LookupError, TypeError):
            return None


def rebased(config: bytes, functions: bytes, runtime: Runtime, *, source: str) -> Image | None:
    """The image with this configuration and this functions layer, as it is on `runtime`; None when it is none of ours.

    `source` is the source hash of the functions on `runtime`. Labels that do not tell of the runtime stay.
    """
    try:
        document = json.loads(config)
        diff_id, labels = document["rootfs"]["diff_ids"][-1], dict(document["config"]["Labels"])
    except (ValueError, LookupError, TypeError):
        return None
    return stack(runtime, Layer(blob=Blob.of(functions), diff_id=diff_id), labels=labels, source=source)
