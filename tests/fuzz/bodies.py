"""Bodies that are JSON only nearly, or that are far more than anybody means to send."""

import json
from collections.abc import Callable
from random import Random

from tests.fuzz.case import Case, whole
from tests.fuzz.wire import JSON, LINES, post, record

MOST_BODY = 8 * 2**20


def spliced(random: Random) -> Case:
    """A valid record with something raw, JSON or not, as the value or the name of one of its members."""
    marker = "SPLICE"
    value = record(random)
    where = random.choice((value, value["record"], value["source"], value["context"], value["connection"]))
    raw = random.choice(_RAW)(random)
    if random.random() < 0.3 and raw[:1] == b'"':
        where[marker] = 1
    else:
        where[random.choice([*where, "more"])] = marker
    text = json.dumps(value).encode().replace(b'"SPLICE"', raw)
    return _sent(random, text)


def twice(random: Random) -> Case:
    """The same name twice: the last one counts, as for JSON.parse."""
    value = json.dumps(record(random)).encode()
    other = json.dumps(record(random) | {"id": random.choice((None, 1, "x", []))}).encode()
    return _sent(random, value[:-1] + b"," + other[1:])


def dense(random: Random) -> Case:
    """As many JSON values as a body can hold: tiny, nested, or members of one object."""
    size = random.choice((10_000, 1_000_000, MOST_BODY - 2000))
    unit = random.choice((b"1", b"[]", b"{}", b'"",', b"1e9", b"[" * 100 + b"]" * 100, b'{"":[{}]}'))
    values = b"[" + b",".join([unit.rstrip(b",")] * (size // (len(unit) + 1))) + b"]"
    if random.random() < 0.3:
        values = b"{" + b",".join(b'"%x":0' % number for number in range(size // 10)) + b"}"
    envelope = b'{"operation":"upsert","source":{"slug":"hubspot"},"record":{"id":"1"},"context":{"a":%b}}'
    frame = random.choice((b"%b", envelope))
    return _sent(random, frame % values)


def random_text(random: Random) -> Case:
    """Random bytes, or random punctuation of JSON."""
    size = random.choice((0, 1, 10, 300))
    text = random.choice((random.randbytes(size), bytes(random.choices(b'{}[]",:\\u0123 \n\rtruefalsn-+.eE', k=size))))
    return _sent(random, text)


def _sent(random: Random, text: bytes) -> Case:
    return whole(random, post(text, LINES if random.random() < 0.2 else JSON))


def _nested(random: Random) -> bytes:
    levels = random.choice((100, 199, 200, 201, 202, 1000, 10_000))
    opening, closing = random.choice(((b"[", b"]"), (b'{"a":', b"}")))
    return opening * levels + b"1" + closing * (levels if random.random() < 0.8 else 0)


def _long_text(random: Random) -> bytes:
    unit = random.choice((b"a", b"\\n", b"\\u0000", "é".encode(), b"\\ud83d", b"~1", b","))
    return b'"' + unit * (random.choice((1, 1000, 2**20)) // len(unit)) + b'"'


def _one_of(*texts: bytes) -> Callable[[Random], bytes]:
    return lambda random: random.choice(texts)


_NUMBERS = (b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"1e-999", b"-0", b"1e2", b"9007199254740993")
_LONG_NUMBERS = (b"9" * 400, b"9" * 4301, b"9" * 100_000, b"0" * 50, b"0." + b"1" * 5000)
_NEARLY = (b"01", b"1.", b".5", b"-", b"+1", b"1e", b"0x1", b"True", b"undefined", b"''", b"/**/1", b"[1,]", b"{,}")
_NO_UTF8 = (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\xef\xbb\xbf", b"\x00", b"\n")
_ESCAPES = (rb"\ud83d", rb"\udc00\ud800", rb"\ud83d\ude00", rb"\u12", rb"\x41", b"\\", b"__proto__", rb"\u0000")
_TYPES = (b"null", b"true", b"0", b"-1", b"1.5", b'""', b"[]", b"{}")

_RAW: tuple[Callable[[Random], bytes], ...] = (
    _nested,
    _long_text,
    _one_of(*_NUMBERS),
    _one_of(*_LONG_NUMBERS),
    _one_of(*_NEARLY),
    _one_of(*(b'"' + text + b'"' for text in (*_NO_UTF8, *_ESCAPES))),
    _one_of(*_TYPES),
)
