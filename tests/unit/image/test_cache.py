"""The layer cache: nothing is built twice, and nothing that was cut counts as built."""

from pathlib import Path

import pytest

from xkit_operator.image.build.cache import LayerCache


class Fill:
    """Writes one file, and counts how often."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.calls = 0

    def __call__(self, root: Path) -> None:
        self.calls += 1
        (root / "file").write_text(self.text)


def quiet(_: str) -> None:
    """Nobody reads what these builds report."""


def test_the_same_inputs_are_built_once(tmp_path: Path) -> None:
    fill = Fill("x")
    first = LayerCache(tmp_path, quiet).layer("os", {"version": 1}, fill)
    second = LayerCache(tmp_path, quiet).layer("os", {"version": 1}, fill)
    assert fill.calls == 1
    assert second == first


def test_other_inputs_are_built_anew(tmp_path: Path) -> None:
    cache = LayerCache(tmp_path, quiet)
    one = cache.layer("os", {"version": 1}, Fill("one"))
    two = cache.layer("os", {"version": 2}, Fill("two"))
    assert one.diff_id != two.diff_id
    assert cache.layer("node", {"version": 1}, Fill("three")).diff_id not in (one.diff_id, two.diff_id)


def test_a_build_that_failed_leaves_nothing_and_is_tried_again(tmp_path: Path) -> None:
    def fail(root: Path) -> None:
        (root / "half").write_text("half")
        raise OSError("disk full")

    cache = LayerCache(tmp_path, quiet)
    with pytest.raises(OSError, match="disk full"):
        cache.layer("os", {}, fail)
    assert list(tmp_path.iterdir()) == []
    assert cache.layer("os", {}, Fill("whole")).blob.size > 0


def test_progress_tells_built_from_kept(tmp_path: Path) -> None:
    lines: list[str] = []
    for _ in range(2):
        LayerCache(tmp_path, lines.append).layer("os", {}, Fill("x"))
    assert [line.split(",")[0].strip() for line in lines] == ["os: building", "os: built", "os: kept"]
