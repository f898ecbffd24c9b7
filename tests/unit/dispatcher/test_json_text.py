"""JSON as JavaScript takes it."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.dispatcher.json_text import MOST_LEVELS, MOST_VALUES, TooManyValues, dump, parse, parse_bounded

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_dumped_is_parsed_again(value: object) -> None:
    assert parse(dump(value)) == value


@given(st.lists(st.characters(categories=["Cs", "Lu"]), max_size=6).map("".join))
def test_lone_surrogates_are_kept_and_leave_as_escapes(text: str) -> None:
    dumped = dump([text])
    assert json.loads(dumped) == [json.loads(json.dumps(text))]
    assert parse(json.dumps([text]).encode()) == [json.loads(json.dumps(text))]


def test_integers_keep_their_digits_and_what_no_double_holds_is_infinite() -> None:
    assert parse(b'{"a":1,"a":12345678901234567890123}') == {"a": 12345678901234567890123}
    assert math.isinf(parse(b"1e400"))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"NaN",
        b'["\\ud83d", NaN]',
        b"[1] 2",
        b'"\xff"',
        b"\xef\xbb\xbf1",
        b"[" * 100_000,
        b'"\\ud83d"' + b"[",
    ],
)
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - both parsers have their own words
        parse(text)


@pytest.mark.parametrize("beside", ["", '"\\ud83d",'], ids=["plain", "beside a lone surrogate"])
def test_nesting_has_one_bound_whichever_parser_reads(beside: str) -> None:
    def nested(levels: int) -> bytes:
        return f"{'[' * (levels - 1)}[{beside}[]{']' * levels}".encode()

    assert parse(nested(MOST_LEVELS - 1))
    for levels in (MOST_LEVELS, 900, 100_000):
        with pytest.raises(ValueError):  # noqa: PT011 - both parsers have their own words
            parse(nested(levels))


@given(VALUES, VALUES)
def test_both_parsers_give_the_same(value: object, other: object) -> None:
    text = json.dumps([value, other, value])
    slow = parse(f'["\\ud83d", {text}]'.encode())
    assert repr(slow) == repr(["\ud83d", parse(text.encode())])


AT_THE_BOUND = MOST_VALUES - 1  # in one array, which counts too


@pytest.mark.parametrize("unit", [b"1", b"[]", b"{}", b'""', b'{"a":1}'])
def test_a_text_from_outside_has_a_bounded_number_of_values(unit: bytes) -> None:
    with pytest.raises(TooManyValues):
        parse_bounded(b"[%b]" % b",".join([unit] * (MOST_VALUES + 1)))
    assert parse(b"[%b]" % b",".join([unit] * (MOST_VALUES + 1)))
    few = parse_bounded(b"[%b]" % b",".join([unit] * (AT_THE_BOUND // 3)))
    assert len(few) == AT_THE_BOUND // 3


@pytest.mark.parametrize("text", [",[{", '",', "\\,", '\\"[', '"'], ids=range(5))
def test_what_is_within_texts_is_not_counted_as_values(text: str) -> None:
    value = [text * (2 * MOST_VALUES // len(text)), {text: 1}]
    assert parse_bounded(json.dumps(value).encode()) == value


def test_the_number_of_names_is_bounded_as_well() -> None:
    members = b",".join(b'"%d":1' % number for number in range(MOST_VALUES + 1))
    with pytest.raises(TooManyValues):
        parse_bounded(b"{%b}" % members)
