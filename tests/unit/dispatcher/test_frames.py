"""The frame codec, on the vectors that the Node side is tested with as well."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.dispatcher.executors.frames import (
    MAX_LENGTH,
    Frame,
    FrameDecoder,
    FrameType,
    encode,
    encode_calls,
)
from xkit_operator.dispatcher.executors.messages import Hello
from xkit_operator.errors import InvalidFrame

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[2] / "vectors" / "frames.json").read_text())
FRAMES = VECTORS["frames"]


@pytest.mark.parametrize("vector", FRAMES, ids=[vector["name"] for vector in FRAMES])
def test_a_frame_is_read_as_the_vector_says(vector: dict[str, Any]) -> None:
    [frame] = FrameDecoder().feed(bytes.fromhex(vector["hex"]))
    payload = json.loads(frame.payload) if frame.payload else None
    assert (frame.type, frame.id, payload) == (vector["type"], vector["id"], vector["payload"])


@pytest.mark.parametrize("vector", FRAMES, ids=[vector["name"] for vector in FRAMES])
def test_a_frame_is_written_as_the_vector_says(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    [frame] = FrameDecoder().feed(data)
    assert encode(FrameType(frame.type), frame.id, frame.payload) == data


@pytest.mark.parametrize("vector", VECTORS["streams"], ids=[vector["name"] for vector in VECTORS["streams"]])
def test_a_stream_is_cut_as_the_vector_says(vector: dict[str, Any]) -> None:
    decoder = FrameDecoder()
    frames = [frame for chunk in vector["chunks"] for frame in decoder.feed(bytes.fromhex(chunk))]
    found = [[frame.type, frame.id, json.loads(frame.payload) if frame.payload else None] for frame in frames]
    assert found == vector["frames"]


@pytest.mark.parametrize("vector", VECTORS["invalid"], ids=[vector["name"] for vector in VECTORS["invalid"]])
def test_what_breaks_the_protocol_is_refused_at_the_latest_when_its_payload_is_read(vector: dict[str, Any]) -> None:
    with pytest.raises(InvalidFrame):
        [Hello.read(frame.payload) for frame in FrameDecoder().feed(bytes.fromhex(vector["hex"]))]


@given(
    st.lists(st.tuples(st.sampled_from(FrameType), st.integers(0, 2**32 - 1), st.binary(max_size=40)), max_size=8),
    st.lists(st.integers(0, 400), max_size=8),
)
def test_frames_are_the_same_in_whatever_pieces_they_arrive(
    frames: list[tuple[FrameType, int, bytes]], cuts: list[int]
) -> None:
    data = b"".join(encode(*frame) for frame in frames)
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    decoder = FrameDecoder()
    found = [frame for start, end in pairwise(places) for frame in decoder.feed(data[start:end])]
    assert found == [Frame(*frame) for frame in frames]


@pytest.mark.parametrize("length", [0, 4, MAX_LENGTH + 1, 2**32 - 1])
def test_a_length_out_of_bounds_is_refused_before_anything_is_buffered(length: int) -> None:
    with pytest.raises(InvalidFrame):
        FrameDecoder().feed(length.to_bytes(4, "little"))


def invoked(first_id: int, *calls: bytes) -> list[Frame]:
    return FrameDecoder().feed(b"".join(encode_calls(first_id, calls)))


def test_calls_in_a_row_are_written_as_one_frame_with_the_id_of_the_first() -> None:
    assert invoked(7, b"{}") == [Frame(FrameType.INVOKE, 7, b"{}")]
    assert invoked(7, b'{"n":0}', b'{"n":1}') == [Frame(FrameType.INVOKE, 7, b'[{"n":0},{"n":1}]')]


def test_a_call_that_is_large_shares_no_frame() -> None:
    small, large = b"{}", b'"%b"' % (b"x" * 2**16)
    assert invoked(1, small, large) == [Frame(FrameType.INVOKE, 1, small), Frame(FrameType.INVOKE, 2, large)]
    assert invoked(1, large, small) == [Frame(FrameType.INVOKE, 1, large), Frame(FrameType.INVOKE, 2, small)]


def test_after_the_highest_id_comes_the_lowest() -> None:
    large = b'"%b"' % (b"x" * 2**16)
    assert [frame.id for frame in invoked(2**32 - 1, large, large)] == [2**32 - 1, 0]
