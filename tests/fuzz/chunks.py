"""Chunked bodies: tiny chunks, endless extensions and trailers, sizes that are none, bodies that are too long."""

import json
from random import Random

from tests.fuzz.case import Case, in_parts, whole
from tests.fuzz.wire import JSON, LINES, cut, head, post, post_chunks, record

_HEAD = head((JSON, (b"transfer-encoding", b"chunked")))
MOST_BODY = 8 * 2**20


def tiny_chunks(random: Random) -> Case:
    """A valid record, a byte a chunk."""
    value = record(random) | {"context": {"text": "x" * random.choice((0, 2000, 20_000))}}
    return whole(random, post_chunks(cut(random, json.dumps(value).encode(), 2)))


def flood(random: Random) -> Case:
    """Chunks of two bytes, up to millions."""
    count = random.choice((10, 100, 460))
    return Case((_HEAD, *[b"2\r\n  \r\n" * 10_000] * count, b"0\r\n\r\n"), least=1)


def wrong_sizes(random: Random) -> Case:
    """Something else where a chunk's size should be."""
    size = random.choice(
        (
            b"-1",
            b"0x2",
            b"g",
            b"",
            b" 2",
            b"2 ",
            b"2\x00",
            b"F" * 16,
            b"F" * 17,
            b"0" * 40 + b"2",
            b"2;\n",
            b"\xff",
            b"2\n",
        )
    )
    return Case(in_parts(random, _HEAD + size + b"\r\n{}\r\n0\r\n\r\n"))


def extensions(random: Random) -> Case:
    """Chunk extensions, up to far too many."""
    size = random.choice((10, 5000, 100_000))
    count = random.choice((1, 10, 500)) if size < 100_000 else 450
    chunk = b"1;" + b"e" * size + b"\r\n \r\n"
    return Case((_HEAD, *[chunk] * count, b"2\r\n{}\r\n0\r\n\r\n"), least=1)


def trailers(random: Random) -> Case:
    """Trailers, up to far too many; a trailer must change nothing."""
    count = random.choice((1, 99, 5000))
    lines = b"".join(b"content-type: text/plain\r\nx%d: y\r\n" % number for number in range(count))
    return whole(random, _HEAD + b"2\r\n{}\r\n0\r\n" + lines + b"\r\n")


def too_long(random: Random) -> Case:
    """A body beyond the limit, told by its length or found out by its chunks."""
    size = MOST_BODY + random.randint(1, 2**20)
    if random.random() < 0.5:
        return Case((head((JSON, (b"content-length", b"%d" % size))), *[b" " * 65536] * (size // 65536)), least=1)
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    return Case((_HEAD, *[chunk] * (size // 65536 + 1), b"0\r\n\r\n"), least=1)


def as_long_as_may_be(random: Random) -> Case:
    """Bodies at the limit: what is in flight together is bounded too."""
    padding = b" " * (MOST_BODY - 1000 - random.randrange(1000))
    return whole(random, post(json.dumps(record(random)).encode() + padding))


def stream_wrapping(random: Random) -> Case:
    """A stream that is all chunk sizes and extensions, and hardly a line."""
    chunk = b"1;" + b"e" * 60_000 + b"\r\n\n\r\n"
    flood = [chunk] * random.choice((3, 700))
    return Case((head((LINES, (b"transfer-encoding", b"chunked"))), *flood, b"0\r\n\r\n"), least=1)
