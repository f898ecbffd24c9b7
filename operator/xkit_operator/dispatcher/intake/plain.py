"""Records straight from the text of a body, where nothing is wrong or unusual in them, as in nearly all.

That takes half the time of reading any JSON value and then its members. Whatever is not taken here says nothing about
mistakes: `records` reads it again, and names them.
"""

from typing import Any

from msgspec.json import Decoder

from xkit_operator.dispatcher import json_text
from xkit_operator.dispatcher.intake.records import Record
from xkit_operator.mapping.numbers import hold_doubles

_ONE: Decoder[Record] = Decoder(Record)
_MANY: Decoder[list[Record]] = Decoder(list[Record])
_FINITE = frozenset((str, bool, float, type(None)))
"""Whose values hold nothing, and no number that is none in JavaScript."""
_SCALAR = _FINITE | {int}
_LEVELS_ABOVE = 2
"""Of the array of records and of a record; one that is alone may go a level deeper, and is read again then."""


def plain_record(text: bytes) -> Record | None:
    """The record that is the whole of `text`."""
    record = json_text.read(text, _ONE)
    return record if record is not None and _is_plain(record) else None


def plain_records(text: bytes) -> list[Record] | None:
    """The records of an array."""
    records = json_text.read(text, _MANY)
    return records if records is not None and all(map(_is_plain, records)) else None


def _is_plain(record: Record) -> bool:
    """Whether what its types do not say is so."""
    source = record.source
    slug, kind = source.get("slug"), source.get("object")
    if not (type(slug) is str and slug and (kind is None or type(kind) is str)):
        return False
    if not _SCALAR.issuperset(map(type, record.record.values())) and not _is_shallow(record.record):
        return False
    passed_on = [*source.values(), *record.connection.values(), *record.context.values()]
    return _FINITE.issuperset(map(type, passed_on)) or (_is_shallow(passed_on) and hold_doubles(passed_on))


def _is_shallow(members: dict[str, Any] | list[Any]) -> bool:
    return not json_text.is_deeper(members, json_text.MOST_LEVELS - _LEVELS_ABOVE)
