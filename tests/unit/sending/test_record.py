"""A record's text is passed on as it is; what an attempt adds is what its runner reads."""

import json

import pytest

from xkit_operator.sending.record import NotARecord, read_record
from xkit_operator.sending.source import Source


def test_the_first_attempt_is_the_text_itself() -> None:
    text = b'{"id": "r", "record": {"n": 12345678901234567890123.50}}'
    assert read_record(text, line=1, end=9).body() == text


@pytest.mark.parametrize(
    ("text", "attempt"), [('{"id":"r"}', 2), ('{"id":"r","attempt":4 } ', 5), ('{"id":"r","attempt":"x"}', 2)]
)
def test_a_further_attempt_says_its_number(text: str, attempt: int) -> None:
    record = read_record(text.encode(), line=1, end=9)
    record.tries = 1
    assert json.loads(record.body()) == {"id": "r", "attempt": attempt}


def test_a_record_without_an_id_has_the_same_one_in_every_run() -> None:
    first, again, other = (read_record(b"{}", line=line, end=9).body() for line in (1, 1, 2))
    assert first == again != other
    assert len(json.loads(first)["id"]) == 32


def test_a_line_of_a_failures_file_is_the_record_in_it() -> None:
    kept = b'{"line":7,"answer":{},"record":{"id":"r","key":"k"}}'
    record = read_record(kept, line=1, end=9)
    assert (record.body(), record.key) == (b'{"id":"r","key":"k"}', "k")


def test_an_element_of_an_array_is_the_same_record_on_a_line_of_its_own() -> None:
    records = [{"id": "a", "record": {"name": "Zoë \ud83d", "n": 12345678901234567890123}}, {"id": "b"}]
    [lines] = Source(json.dumps(records, ensure_ascii=True)).pieces()
    assert [json.loads(line.text) for line in lines] == records


def test_a_number_that_no_double_holds_is_an_error_and_never_sent_as_null() -> None:
    [[element]] = Source('[{"id":"r","record":{"n":1e400}}]').pieces()
    with pytest.raises(NotARecord, match="no JSON"):
        read_record(element.text, line=1, end=9)
    kept = read_record(b'{"line":7,"answer":{},"record":{"id":"r","record":{"n":1e400}}}', line=1, end=9)
    assert b"null" not in kept.body()


@pytest.mark.parametrize("text", [b"", b"no", b"[]", b"1", b'{"a":}', b"\xff"])
def test_what_is_no_object_is_no_record(text: bytes) -> None:
    with pytest.raises(NotARecord):
        read_record(text, line=1, end=9)
