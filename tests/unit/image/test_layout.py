"""Layouts: an image on disk is the image that was written, and a damaged one is said to be damaged."""

from pathlib import Path

import pytest

from xkit_operator.errors import BuildFailed
from xkit_operator.image import layout
from xkit_operator.image.layer import Entry, pack
from xkit_operator.image.manifest import Image, Process, image


def an_image(*contents: bytes) -> Image:
    return image([pack([Entry.file("f", data)]) for data in contents], Process(entrypoint=["/x"], environment={}))


def blobs(directory: Path) -> set[str]:
    return {f"sha256:{path.name}" for path in (directory / "blobs" / "sha256").iterdir()}


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    written = an_image(b"1", b"2")
    layout.write(written, tmp_path)
    read = layout.read(tmp_path)
    assert read.manifest.digest == written.manifest.digest
    assert [layer.diff_id for layer in read.layers] == [layer.diff_id for layer in written.layers]
    assert [layer.blob.read() for layer in read.layers] == [layer.blob.read() for layer in written.layers]


def test_an_image_that_was_read_can_be_written_again(tmp_path: Path) -> None:
    layout.write(an_image(b"1"), tmp_path / "one")
    layout.write(layout.read(tmp_path / "one"), tmp_path / "two")
    assert (tmp_path / "two" / "index.json").read_bytes() == (tmp_path / "one" / "index.json").read_bytes()
    assert blobs(tmp_path / "two") == blobs(tmp_path / "one")


def test_writing_another_image_leaves_nothing_of_the_one_before(tmp_path: Path) -> None:
    layout.write(an_image(b"old"), tmp_path)
    new = an_image(b"new")
    layout.write(new, tmp_path)
    assert blobs(tmp_path) == {new.manifest.digest, new.config.digest, new.layers[0].blob.digest}


@pytest.mark.parametrize("lost", ["index.json", "blobs"])
def test_a_damaged_layout_is_refused_with_its_path(tmp_path: Path, lost: str) -> None:
    layout.write(an_image(b"1"), tmp_path)
    (tmp_path / lost).rename(tmp_path / "elsewhere")
    with pytest.raises(BuildFailed, match=str(tmp_path)):
        layout.read(tmp_path)
