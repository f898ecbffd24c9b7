"""Layers: the same files give the same bytes, and nothing of the machine shows."""

import gzip
import io
import os
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.image.layer import Entry, Layer, pack, tree, unpack

NAMES = st.text(
    st.characters(min_codepoint=33, exclude_characters="/\x7f", exclude_categories=["Cs", "Cc"]), min_size=1
)
FILES = st.dictionaries(NAMES.filter(lambda name: name not in (".", "..")), st.binary(max_size=200), max_size=8)


def members(layer: Layer) -> list[tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(layer.blob.read()), mode="r:gz") as archive:
        return archive.getmembers()


def contents(layer: Layer) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(layer.blob.read()), mode="r:gz") as archive:
        found = {member.name: archive.extractfile(member) for member in archive.getmembers() if member.isfile()}
        return {name: file.read() for name, file in found.items() if file is not None}


@given(FILES, st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_matter(files: dict[str, bytes], random: object) -> None:
    entries = [Entry.file(name, data) for name, data in files.items()]
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis hands out its own Random
    assert pack(shuffled) == pack(entries)


@given(FILES)
def test_a_layer_holds_every_file_unchanged_in_sorted_order(files: dict[str, bytes]) -> None:
    layer = pack(Entry.file(name, data) for name, data in files.items())
    assert contents(layer) == files
    assert [member.name for member in members(layer)] == sorted(files)


@given(FILES)
def test_owner_time_and_names_of_users_are_always_the_same(files: dict[str, bytes]) -> None:
    for member in members(pack(Entry.file(name, data) for name, data in files.items())):
        assert (member.uid, member.gid, member.uname, member.gname, member.mtime) == (0, 0, "", "", 0)


@given(st.binary())
def test_the_digests_are_those_of_the_bytes(data: bytes) -> None:
    layer = pack([Entry.file("f", data)])
    assert layer.blob == type(layer.blob).of(layer.blob.read())
    assert layer.diff_id == type(layer.blob).of(gzip.decompress(layer.blob.read())).digest


def test_the_gzip_header_tells_no_time_level_or_system() -> None:
    assert pack([]).blob.read()[:10] == bytes.fromhex("1f8b08000000000000ff")


def test_a_path_that_comes_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"app/a\.js comes twice"):
        pack([Entry.file("app/a.js", b"1"), Entry.file("app/a.js", b"2")])


def make_tree(root: Path, *, mask: int) -> None:
    before = os.umask(mask)
    try:
        (root / "bin").mkdir(parents=True)
        (root / "bin" / "tool").write_bytes(b"#!")
        (root / "bin" / "tool").chmod(0o777 & ~mask)
        (root / "bin" / "alias").symlink_to("tool")
        (root / "a.txt").write_text("text")
        (root / "tmp").mkdir()
        (root / "tmp").chmod(0o1777)
        os.link(root / "a.txt", root / "b.txt")
        os.utime(root / "a.txt", (mask, mask))
    finally:
        os.umask(before)


def test_umask_and_times_of_the_building_machine_do_not_show(tmp_path: Path) -> None:
    make_tree(tmp_path / "one", mask=0o022)
    make_tree(tmp_path / "two", mask=0o077)
    assert pack(tree(tmp_path / "one")) == pack(tree(tmp_path / "two"))


def test_a_tree_keeps_links_executable_files_and_shared_directories(tmp_path: Path) -> None:
    make_tree(tmp_path / "tree", mask=0o022)
    found = {member.name: member for member in members(pack(tree(tmp_path / "tree")))}
    assert found["bin/alias"].linkname == "tool"
    assert found["bin/tool"].mode == 0o755
    assert found["a.txt"].mode == 0o644
    assert found["tmp"].mode == 0o1777
    assert found["b.txt"].isreg()  # a hard link is a file like any other


def test_a_tree_comes_out_of_its_layer_as_it_went_in(tmp_path: Path) -> None:
    make_tree(tmp_path / "in", mask=0o022)
    layer = pack(tree(tmp_path / "in"))
    unpack([layer], tmp_path / "out")
    assert pack(tree(tmp_path / "out")) == layer


def test_what_is_no_file_cannot_be_in_a_layer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ValueError, match="pipe"):
        pack(tree(tmp_path))
