"""The archives of the images that every node needs."""

import hashlib
import io
import json
import tarfile

from dev.cluster.images import image_archive


def archive() -> bytes:
    return image_archive("example.test/app:1", {"app": b"program"}, {"Entrypoint": ["/app"]}, "amd64")


def test_the_same_program_gives_the_same_bytes() -> None:
    assert archive() == archive()


def test_every_blob_lies_under_its_own_sum_and_the_image_is_named() -> None:
    with tarfile.open(fileobj=io.BytesIO(archive())) as opened:
        files = {member.name: opened.extractfile(member).read() for member in opened}  # type: ignore[union-attr]
    blobs = {name: content for name, content in files.items() if name.startswith("blobs/")}
    assert all(name == f"blobs/sha256/{hashlib.sha256(content).hexdigest()}" for name, content in blobs.items())
    entry = json.loads(files["index.json"])["manifests"][0]
    assert entry["annotations"]["io.containerd.image.name"] == "example.test/app:1"
    manifest = json.loads(blobs[f"blobs/sha256/{entry['digest'].removeprefix('sha256:')}"])
    layer = blobs[f"blobs/sha256/{manifest['layers'][0]['digest'].removeprefix('sha256:')}"]
    with tarfile.open(fileobj=io.BytesIO(layer)) as opened:
        assert [(member.name, member.mode, member.mtime) for member in opened] == [("app", 0o755, 0)]
