"""Streams of lines that are blank, broken, too long, without an end, or more than anybody reads answers to."""

import json
from random import Random

from tests.fuzz.case import Case, Ending, in_parts, whole
from tests.fuzz.wire import LINES, cut, head, post, post_chunks, record

_CHUNKED = head((LINES, (b"transfer-encoding", b"chunked")))
_BAD_LINES = (
    b"{",
    b"[]",
    b"1",
    b"null",
    b'"x"',
    b"\xff",
    b"{}",
    b"\x00",
    b"[" * 300,
    b'{"operation":"upsert"}',
    b"NaN",
    b"\r\r",
)


def mixed(random: Random) -> Case:
    """Good lines, bad lines and blank ones."""
    good = json.dumps(record(random)).encode()
    lines = random.choices((good, *_BAD_LINES, b"", b" \t", b"\r"), k=random.randint(0, 60))
    text = random.choice((b"\n", b"\r\n")).join(lines)
    if random.random() < 0.5:
        return whole(random, post(text, LINES))
    return whole(random, post_chunks(cut(random, text, 500), LINES))


def blank(random: Random) -> Case:
    """Hundreds of thousands of blank lines."""
    text = random.choice((b"\n", b" \n", b"\r\n")) * random.choice((10, 10_000, 400_000))
    return whole(random, post(text + json.dumps(record(random)).encode(), LINES))


def too_long_line(random: Random) -> Case:
    """A line beyond the limit, with good ones around it."""
    good = json.dumps(record(random)).encode() + b"\n"
    line = b"x" * 65536
    parts = [good, *[line] * random.choice((100, 129, 140)), b"\n", good]
    chunks = [b"%x\r\n%b\r\n" % (len(one), one) for one in parts]
    return Case((_CHUNKED, *chunks, b"0\r\n\r\n"), least=1)


def cut_short(random: Random) -> Case:
    """A stream without its end, or with an end that is none."""
    good = json.dumps(record(random)).encode() + b"\n"
    chunk = b"%x\r\n%b\r\n" % (len(good), good)
    tail = random.choice((b"", chunk[: random.randrange(len(chunk))], b"zz\r\n", b"0\r\n", b"-1\r\n", b"\x00" * 50))
    return Case(in_parts(random, _CHUNKED + chunk * random.randint(0, 5) + tail), least=1)


def unread(random: Random) -> Case:
    """Many lines whose answers nobody reads, and a reset in their midst."""
    text = b"{}\n" * random.choice((100, 5000))
    return Case((_CHUNKED, b"%x\r\n%b\r\n" % (len(text), text)), Ending.RESET)
