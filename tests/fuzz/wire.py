"""Valid requests and records: what the generators spoil."""

import json
from collections.abc import Iterable
from random import Random
from typing import Any

Headers = Iterable[tuple[bytes, bytes]]
JSON = (b"content-type", b"application/json")
LINES = (b"content-type", b"application/x-ndjson")
RECORDS = b"POST /v1/records HTTP/1.1"
END = b"\r\n"


def head(headers: Headers, *, line: bytes = RECORDS, end: bytes = END) -> bytes:
    """A request's head with a Host."""
    every = ((b"host", b"fuzz"), *headers)
    return line + end + b"".join(name + b": " + value + end for name, value in every) + end


def post(body: bytes, *headers: tuple[bytes, bytes], line: bytes = RECORDS) -> bytes:
    """A request with its body's length; JSON unless `headers` say otherwise."""
    return head(((b"content-length", b"%d" % len(body)), *(headers or (JSON,))), line=line) + body


def post_chunks(chunks: Iterable[bytes], *headers: tuple[bytes, bytes]) -> bytes:
    """A request whose body comes in these chunks."""
    body = b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in chunks if one)
    return head(((b"transfer-encoding", b"chunked"), *(headers or (JSON,)))) + body + b"0\r\n\r\n"


def cut(random: Random, text: bytes, most: int) -> list[bytes]:
    """`text` in pieces of at most `most` bytes."""
    pieces = []
    while text:
        size = random.randint(1, most)
        pieces.append(text[:size])
        text = text[size:]
    return pieces


def record(random: Random) -> dict[str, Any]:
    """A record that is served, with every member that an envelope may have."""
    name = f"{random.getrandbits(64):x}"
    return {
        "id": name,
        "operation": random.choice(("upsert", "delete")),
        "source": {"slug": "hubspot"},
        "connection": {"id": f"c{random.randrange(10)}"},
        "context": {"external_id": "é\u2028", "numbers": [0, -1.5, 2**53]},
        "record": {"id": name, "score": random.randrange(100)},
        "key": f"k{random.randrange(50)}",
        "time": "2024-02-29T00:00:00Z",
        "attempt": random.randint(1, 5),
    }


def valid_body(random: Random) -> tuple[bytes, tuple[bytes, bytes]]:
    """A body that is served, and its media type: a record, a batch, or a stream."""
    kind = random.randrange(3)
    if kind == 0:
        return json.dumps(record(random)).encode(), JSON
    records = [record(random) for _ in range(random.randint(0, 8))]
    if kind == 1:
        return json.dumps(records).encode(), JSON
    return b"".join(json.dumps(one).encode() + b"\n" for one in records), LINES


def valid(random: Random) -> bytes:
    """A request that is served."""
    body, media_type = valid_body(random)
    if random.random() < 0.5:
        return post(body, media_type)
    return post_chunks(cut(random, body, 200), media_type)
