"""Valid requests with something changed: in their bytes, or in the tree of their JSON."""

import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from tests.fuzz.case import Case, in_parts, whole
from tests.fuzz.wire import JSON, LINES, post, record, valid

_NUMBERS = (0, -1, 1.5, 2**53, 2**64, -(10**300), 10**309, float("nan"), float("inf"))
_TEXTS = ("", "x", "\ud83d", "\x00", "upsert", "hubspot", "é" * 5000)
_CONTAINERS: tuple[Any, ...] = (
    [],
    [[]],
    ["x"] * 100,
    {},
    {"a": {}},
    {"/~": 1},
    {"slug": "hubspot"},
    {"slug": "nobody"},
)
_VALUES: tuple[Any, ...] = (None, True, False, *_NUMBERS, *_TEXTS, *_CONTAINERS)
_DELIMITERS = (*b'\n \x00 : { ] " , 0 \xff \\u chunked'.split(b" "), b" ", b"\r\n", b"\r\n\r\n")


def bytes_changed(random: Random) -> Case:
    """A valid request, some of whose bytes are changed, gone, doubled or swapped."""
    text = bytearray(valid(random))
    for _ in range(random.choice((1, 1, 2, 8))):
        random.choice(_CHANGES)(random, text)
    return Case(in_parts(random, bytes(text)), most=20)


def tree_changed(random: Random) -> Case:
    """A valid record, batch or stream, some of whose members are gone, of another type, moved or new."""
    records = [record(random) for _ in range(random.choice((1, 1, 3, 60)))]
    for _ in range(random.randint(1, 4)):
        change(random, random.choice(records))
    if len(records) == 1:
        return whole(random, post(json.dumps(records[0]).encode()))
    if random.random() < 0.5:
        lines = "\n".join(map(json.dumps, records)).encode()
        return whole(random, post(lines, LINES))
    return whole(random, post(json.dumps(records).encode(), JSON))


def many_mistakes(random: Random) -> Case:
    """As many mistakes in one envelope as fit: the answer must not be far more than the request."""
    count = random.choice((10, 1000, 50_000))
    return whole(random, post(json.dumps({f"{number}": 0 for number in range(count)}).encode()))


def batch_sizes(random: Random) -> Case:
    """Batches around the limit, of records that are none."""
    count = random.choice((0, 1, 999, 1000, 1001, 30_000))
    return whole(random, post(json.dumps([random.choice((None, 1, "", [], {}))] * count).encode()))


def change(random: Random, tree: dict[str, Any]) -> None:
    """Take a member of the tree away, give it another value, or nest the tree in itself."""
    inner = [one for one in tree.values() if isinstance(one, dict) and one]
    if inner and random.random() < 0.4:
        change(random, random.choice(inner))
        return
    name = random.choice([*tree, "unknown", "ID", "~/", "\ud800"])
    kind = random.randrange(3)
    if kind == 0:
        tree.pop(name, None)
    elif kind == 1:
        tree[name] = deepcopy(random.choice(_VALUES))  # a later change must not reach the values of later cases
    else:
        tree[name] = {name: deepcopy(tree)}


def _flip(random: Random, text: bytearray) -> None:
    text[random.randrange(len(text))] ^= 1 << random.randrange(8)


def _insert(random: Random, text: bytearray) -> None:
    at = random.randrange(len(text))
    text[at:at] = random.choice(_DELIMITERS)


def _delete(random: Random, text: bytearray) -> None:
    at = random.randrange(len(text) - 1)
    del text[at : at + random.choice((1, 1, 5, 50))]
    text += b" "  # never empty


def _double(random: Random, text: bytearray) -> None:
    at = random.randrange(len(text))
    part = text[at : at + random.choice((1, 10, 100))]
    text[at:at] = part


_CHANGES: tuple[Callable[[Random, bytearray], None], ...] = (_flip, _flip, _insert, _delete, _double)
