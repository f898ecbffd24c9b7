"""The position is behind every line that is open, whatever the order in which lines settle."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.sending.position import Position, PositionFile, Progress, WrongPosition


@given(st.permutations(range(1, 8)))
def test_the_position_moves_to_the_first_line_that_is_open(order: list[int]) -> None:
    progress = Progress(Position())
    for line in range(1, 8):
        progress.take(line, line * 10)
    settled: set[int] = set()
    for line in order:
        progress.settle(line)
        settled.add(line)
        first_open = next((one for one in range(1, 9) if one not in settled), 8)
        assert progress.position == Position(first_open - 1, (first_open - 1) * 10)


def test_what_is_written_is_read_and_nothing_else_is_left(tmp_path: Path) -> None:
    records = tmp_path / "records"
    records.write_bytes(b"{}\n{}\n")
    file = PositionFile(tmp_path / "position", records)
    assert file.read() == Position()
    file.write(Position(1, 3))
    assert file.read() == Position(1, 3)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["position", "records"]


@pytest.mark.parametrize("content", [b"[]\n{}\n", b"{", b""])
def test_records_that_are_others_by_now_are_refused(tmp_path: Path, content: bytes) -> None:
    records = tmp_path / "records"
    records.write_bytes(b"{}\n{}\n")
    PositionFile(tmp_path / "position", records).write(Position(1, 3))
    records.write_bytes(content)
    with pytest.raises(WrongPosition, match="another file"):
        PositionFile(tmp_path / "position", records).read()


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"line": "x", "offset": 1, "head": ""}'])
def test_a_file_that_is_no_position_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "records").write_bytes(b"{}\n")
    (tmp_path / "position").write_text(text)
    with pytest.raises(WrongPosition, match="no position"):
        PositionFile(tmp_path / "position", tmp_path / "records").read()
