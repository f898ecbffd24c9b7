"""What is read straight from a text is what a closer look would have found, and nothing else is."""

import json
from typing import Any

import msgspec.structs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.dispatcher import json_text
from xkit_operator.dispatcher.intake.plain import plain_record, plain_records
from xkit_operator.dispatcher.intake.records import Malformed, Record, parse_record

GOOD: dict[str, Any] = {"operation": "upsert", "source": {"slug": "hubspot"}, "record": {"a": 1}}

_ODD = st.sampled_from([None, True, "", "a", "\ud800", 0, 1, 1.0, -(10**400), 2**53, [], [[1]], {}, {"b": [10**309]}])
_MEMBERS = st.dictionaries(st.sampled_from(["slug", "object", "more"]), _ODD)
_SOURCES = st.builds(lambda more: {"slug": "a", **more}, _MEMBERS)


@st.composite
def envelopes(draw: st.DrawFn) -> dict[str, Any]:
    """Good ones with up to three members of another kind."""
    names = ["id", "operation", "source", "connection", "context", "record", "key", "time", "attempt", "surprise"]
    changed = draw(st.lists(st.sampled_from(names), unique=True, max_size=3))
    values = {"source": _SOURCES, **dict.fromkeys(("connection", "context", "record"), _MEMBERS)}
    return {**GOOD, "id": "1", **{name: draw(st.one_of(_ODD, values.get(name, _ODD))) for name in changed}}


def looked_at_closely(text: bytes) -> Record | Malformed:
    found = parse_record(json_text.parse_bounded(text))
    return msgspec.structs.replace(found, id="made up") if isinstance(found, Record) and found.id != "1" else found


@given(envelopes())
def test_a_plain_record_is_what_a_closer_look_would_have_found(envelope: dict[str, Any]) -> None:
    text = json.dumps(envelope).encode()
    plain, closely = plain_record(text), looked_at_closely(text)
    if plain is not None:
        assert (plain if plain.id == "1" else msgspec.structs.replace(plain, id="made up")) == closely
    elif b"null" not in text and b"\\ud800" not in text:  # which are for a closer look, with nothing wrong about them
        assert isinstance(closely, Malformed)
    assert (plain_records(b"[%b]" % text) is None) == (plain is None)


@pytest.mark.parametrize("name", ["source", "connection", "context", "record"])
def test_what_is_nested_is_plain_up_to_the_bound_on_levels(name: str) -> None:
    def text(levels: int) -> bytes:
        member = {"slug": "a", "deep": json.loads("[" * levels + "]" * levels)}
        return json.dumps([{**GOOD, name: member}]).encode()

    most = json_text.MOST_LEVELS - 3
    assert plain_records(text(most))
    assert json_text.parse_bounded(text(most))
    assert plain_records(text(most + 1)) is None
    with pytest.raises(ValueError, match="nested too deeply"):
        json_text.parse_bounded(text(most + 1))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b"\xef\xbb\xbf" + json.dumps(GOOD).encode(),
        json.dumps(GOOD).encode() + b" 1",
        json.dumps({**GOOD, "record": {"a": "\xff"}}, ensure_ascii=False).encode("latin-1"),
        json.dumps({**GOOD, "record": {"a": float("inf")}}).encode(),
        json.dumps({**GOOD, "record": {"a": [1] * json_text.MOST_VALUES}}).encode(),
        json.dumps({**GOOD, "record": {"a": "x" * json_text.MOST_AT_FIRST_SIGHT}}).encode(),
        *(
            json.dumps({**GOOD, **change}).encode()
            for change in (
                {"traceparent": "00-a-b-01"},
                {"source": {}},
                {"source": {"slug": ""}},
                {"source": {"slug": 1}},
                {"source": {"slug": "a", "object": 1}},
                {"context": {"n": 10**309}},
            )
        ),
    ],
)
def test_what_is_no_plain_record_is_none(text: bytes) -> None:
    assert plain_record(text) is None
