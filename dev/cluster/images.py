"""Packs pause and coredns as image archives, which the supervisor imports into containerd.

No registry and no network are involved: both must be there before the cluster can pull anything. Layers are not
compressed, which is faster both ways on one machine.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping

from dev.cluster.identity import Cluster

PAUSE_IMAGE = "xkit.local/pause:1"
COREDNS_IMAGE = "xkit.local/coredns:1"
_IMAGES = {"pause": (PAUSE_IMAGE, 65535), "coredns": (COREDNS_IMAGE, 65532)}
_OCI = "application/vnd.oci.image"
# Go's names of architectures, as they are in images
_ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}


def pack_images(cluster: Cluster, *, machine: str) -> None:
    """Write an archive for each image whose program has changed; `machine` is what `uname -m` says."""
    cluster.images.mkdir(exist_ok=True)
    for name, (reference, user) in _IMAGES.items():
        program = (cluster.binaries / name).resolve()
        archive = cluster.images / f"{name}.tar"
        mark = cluster.images / f"{name}.of"
        # the program's file name holds the sum of its sources
        if not archive.exists() or not mark.exists() or mark.read_text() != program.name:
            config = {"Entrypoint": [f"/{name}"], "User": f"{user}:{user}"}
            temporary = archive.with_suffix(".new")
            architecture = _ARCHITECTURE.get(machine, machine)
            temporary.write_bytes(image_archive(reference, {name: program.read_bytes()}, config, architecture))
            temporary.replace(archive)
            mark.write_text(program.name)


def image_archive(
    reference: str, programs: Mapping[str, bytes], config: Mapping[str, object], architecture: str
) -> bytes:
    """An OCI archive of one image with one layer, which holds `programs` as executable files in the root."""
    blobs: dict[str, bytes] = {}

    def descriptor(content: bytes, media_type: str) -> dict[str, object]:
        digest = hashlib.sha256(content).hexdigest()
        blobs[f"blobs/sha256/{digest}"] = content
        return {"mediaType": f"{_OCI}.{media_type}", "digest": f"sha256:{digest}", "size": len(content)}

    layer = descriptor(_tar(programs), "layer.v1.tar")
    rootfs = {"type": "layers", "diff_ids": [layer["digest"]]}
    image = {"architecture": architecture, "os": "linux", "config": config, "rootfs": rootfs}
    configuration = descriptor(json.dumps(image).encode(), "config.v1+json")
    manifest = {"schemaVersion": 2, "mediaType": f"{_OCI}.manifest.v1+json", "config": configuration, "layers": [layer]}
    annotations = {"io.containerd.image.name": reference}
    entry = {**descriptor(json.dumps(manifest).encode(), "manifest.v1+json"), "annotations": annotations}
    index = json.dumps({"schemaVersion": 2, "manifests": [entry]}).encode()
    return _tar({**blobs, "index.json": index, "oci-layout": b'{"imageLayoutVersion":"1.0.0"}'})


def _tar(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in sorted(files.items()):
            member = tarfile.TarInfo(name)
            member.mode = 0o755
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()
