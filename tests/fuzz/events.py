"""CloudEvents in their three modes, and dry runs, with something changed in the tree or in the headers."""

import json
from random import Random
from typing import Any

from tests.fuzz.case import Case, whole
from tests.fuzz.mutations import change
from tests.fuzz.wire import JSON, post, record

_LINE = b"POST / HTTP/1.1"
_IN_DATA = ("source", "connection", "context", "record")
_VALUES = (
    b"",
    b"1.0",
    b"0.3",
    b"x.upsert",
    b"%00",
    b"%ff",
    b"%",
    b"%zz",
    b'"a\\"b"',
    b'"',
    b"\xff",
    "é".encode(),
    b"9" * 400,
)


def structured(random: Random) -> Case:
    """One event as JSON."""
    return whole(random, post(_text(random, _event(random)), _type("application/cloudevents+json"), line=_LINE))


def batch(random: Random) -> Case:
    """An array of events, some of them spoilt."""
    events = [_event(random) for _ in range(random.choice((0, 1, 3, 60)))]
    text = b"[" + b",".join(_text(random, event) for event in events) + b"]"
    return whole(random, post(text, _type("application/cloudevents-batch+json"), line=_LINE))


def binary(random: Random) -> Case:
    """An event whose attributes are headers: some gone, twice, new, or with a value that nobody expects."""
    event = _event(random)
    data = event.pop("data")
    headers = [(f"ce-{name}".encode(), str(value).encode()) for name, value in event.items()]
    for _ in range(random.randrange(4)):
        place = random.randrange(len(headers))
        name, value = headers[place]
        headers[place : place + 1] = random.choice(
            ([], [(name, value)] * 2, [(name, random.choice(_VALUES))], [(name, value), (b"ce-" + value[:9], b"1")])
        )
        if not headers:
            break
    return whole(random, post(_text(random, data), JSON, *headers, line=_LINE))


def dry_run(random: Random) -> Case:
    """What would become of a spoilt record, or of a batch of them."""
    records = [_text(random, record(random)) for _ in range(random.choice((1, 1, 5)))]
    body = records[0] if len(records) == 1 else b"[" + b",".join(records) + b"]"
    return whole(random, post(body, JSON, line=b"POST /v1/records?dryRun=true HTTP/1.1"))


def _event(random: Random) -> dict[str, Any]:
    """An event that is served."""
    value = record(random)
    return {
        "specversion": "1.0",
        "id": value["id"],
        "source": "/fuzz",
        "type": f"com.example.contact.{value['operation']}",
        "subject": value["key"],
        "time": value["time"],
        "attempt": value["attempt"],
        "data": {name: value[name] for name in _IN_DATA},
    }


def _text(random: Random, tree: dict[str, Any]) -> bytes:
    for _ in range(random.randrange(4)):
        change(random, tree)
    return json.dumps(tree).encode()


def _type(media_type: str) -> tuple[bytes, bytes]:
    return (b"content-type", media_type.encode())
