"""Lines are the same however the bytes of their file arrive."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.sending.lines import MOST_BYTES, Line, LineCutter, LineTooLong


def cut(pieces: list[bytes], cutter: LineCutter | None = None) -> list[Line]:
    cutter = cutter or LineCutter()
    return [line for piece in pieces for line in cutter.feed(piece)] + cutter.end()


@given(st.binary(max_size=60).map(lambda text: text.replace(b"x", b"\n")), st.lists(st.integers(0, 60), max_size=5))
def test_pieces_of_any_size_give_the_same_lines(text: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(text)]
    pieces = [text[start:end] for start, end in itertools.pairwise(places)]
    assert cut(pieces) == cut([text])


@given(st.lists(st.sampled_from([b"{}", b"", b"  ", b'{"a":1}\r']), max_size=8))
def test_the_end_of_a_line_is_where_the_next_one_is_read_on(texts: list[bytes]) -> None:
    content = b"\n".join(texts)
    lines = cut([content])
    for index, line in enumerate(lines):
        rest = cut([content[line.end :]], LineCutter(number=line.number, offset=line.end))
        assert rest == lines[index + 1 :]


def test_blank_lines_count_and_are_no_records() -> None:
    assert cut([b"\n{}\n\n{}"]) == [Line(2, 4, b"{}"), Line(4, 7, b"{}")]


def test_a_line_that_no_runner_takes_is_not_held() -> None:
    cutter = LineCutter()
    with pytest.raises(LineTooLong, match="line 2 "):
        cutter.feed(b"{}\n" + b" " * (MOST_BYTES + 1))
