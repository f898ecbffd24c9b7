"""Layers to an image: the OCI configuration and the OCI manifest, as canonical JSON.

Pure. The documents hold no time and no host name: the same layers and the same configuration give the same digest.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xkit_operator.image.blob import Blob
from xkit_operator.image.layer import Layer

MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip"
EPOCH = "1970-01-01T00:00:00Z"
NONROOT = "65532:65532"


@dataclass(frozen=True, kw_only=True)
class Process:
    """How a container of the image starts: the part of the configuration that differs between images."""

    entrypoint: Sequence[str]
    arguments: Sequence[str] = ()
    environment: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Image:
    """All that a registry needs to hold of an image; `manifest.digest` is the image's own digest."""

    manifest: Blob
    config: Blob
    layers: tuple[Layer, ...]


def canonical(document: Mapping[str, Any]) -> bytes:
    """JSON with one spelling: sorted keys, no white space, UTF-8."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def image(layers: Sequence[Layer], process: Process) -> Image:
    """The image whose file system is `layers`, lowest first, and whose container runs `process` as nobody in /app."""
    config = Blob.of(
        canonical(
            {
                "created": EPOCH,
                "architecture": "amd64",
                "os": "linux",
                "rootfs": {"type": "layers", "diff_ids": [layer.diff_id for layer in layers]},
                "config": {
                    "User": NONROOT,
                    "WorkingDir": "/app",
                    "Entrypoint": list(process.entrypoint),
                    "Cmd": list(process.arguments),
                    "Env": [f"{name}={value}" for name, value in sorted(process.environment.items())],
                    "Labels": dict(process.labels),
                },
            }
        )
    )
    manifest = Blob.of(
        canonical(
            {
                "schemaVersion": 2,
                "mediaType": MANIFEST_TYPE,
                "config": _descriptor(config, CONFIG_TYPE),
                "layers": [_descriptor(layer.blob, LAYER_TYPE) for layer in layers],
                "annotations": dict(process.labels),
            }
        )
    )
    return Image(manifest=manifest, config=config, layers=tuple(layers))


def _descriptor(blob: Blob, media_type: str) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": blob.digest, "size": blob.size}
