"""Events as records: what is taken in each mode, and that every mistake is named at once, where its sender put it."""

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given as of
from hypothesis import strategies as st

from xkit_operator.dispatcher.intake.cloudevents import parse_binary_event, parse_event
from xkit_operator.dispatcher.intake.records import Malformed, Record

DATA: dict[str, Any] = {"source": {"slug": "hubspot", "object": "contact"}, "record": {"a": 1}}
ATTRIBUTES = {"specversion": "1.0", "id": "e1", "source": "/crm", "type": "com.example.contact.upsert"}
TRACE, OTHER_TRACE = (f"00-{'a' * 32}-{digit * 16}-01" for digit in "12")


def structured(changes: dict[str, Any] | None = None, data: Any = DATA, **more: Any) -> Record | Malformed:
    given = {**ATTRIBUTES, "data": data, **(changes or {})}
    return parse_event({name: value for name, value in given.items() if value is not ...}, **more)


def binary(changes: dict[str, Any] | None = None, data: Any = DATA, **more: Any) -> Record | Malformed:
    given = {**ATTRIBUTES, **(changes or {})}
    headers = {f"ce-{name}".encode(): raw(value) for name, value in given.items() if value is not ...}
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return parse_binary_event({**headers, b"host": b"crm"}, body, **more)


def raw(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


def record(found: Record | Malformed) -> Record:
    assert isinstance(found, Record), found
    return found


def faults(found: Record | Malformed) -> list[tuple[str, str]]:
    assert isinstance(found, Malformed)
    return [(error.code, error.pointer) for error in found.errors]


MODES = pytest.mark.parametrize("read", [structured, binary])


@MODES
def test_an_event_becomes_the_record_that_it_carries(read: Any) -> None:
    data = {**DATA, "connection": {"id": "c"}, "context": {"x": 1}}
    given = {"subject": "42", "time": "2026-01-01T00:00:00Z", "attempt": "3", "dataschema": "urn:x", "unheard": "of"}
    assert record(read(given, data)) == Record(
        id="e1",
        operation="upsert",
        source=DATA["source"],
        connection={"id": "c"},
        context={"x": 1},
        record={"a": 1},
        key="42",
        time="2026-01-01T00:00:00Z",
        attempt=3,
    )


@MODES
def test_what_is_not_given_has_its_default(read: Any) -> None:
    found = record(read())
    assert (found.connection, found.context, found.key, found.time, found.attempt) == ({}, {}, None, None, 1)


@MODES
@pytest.mark.parametrize(("ending", "operation"), [("upsert", "upsert"), ("delete", "delete")])
def test_the_type_ends_in_the_operation(read: Any, ending: str, operation: str) -> None:
    assert record(read({"type": f"com.example.{ending}"})).operation == operation


@MODES
@pytest.mark.parametrize(
    ("given", "key"),
    [({"subject": "s", "partitionkey": "p"}, "s"), ({"partitionkey": "p"}, "p"), ({}, None)],
)
def test_the_key_is_the_subject_else_the_partition_key(read: Any, given: dict[str, str], key: str | None) -> None:
    assert record(read(given)).key == key


@MODES
@pytest.mark.parametrize(
    ("own", "of_the_request", "found"),
    [
        (TRACE, OTHER_TRACE, TRACE),
        (TRACE, None, TRACE),
        (..., OTHER_TRACE, OTHER_TRACE),
        ("nonsense", OTHER_TRACE, OTHER_TRACE),
    ],
)
def test_the_traceparent_of_an_event_goes_before_that_of_the_request(
    read: Any, own: Any, of_the_request: str | None, found: str
) -> None:
    assert record(read({"traceparent": own}, traceparent=of_the_request)).traceparent == found
    assert read({"traceparent": own, "type": "x"}, traceparent=of_the_request).traceparent == found


@MODES
@pytest.mark.parametrize(
    ("given", "code", "name"),
    [
        ({"specversion": ...}, "RequiredFieldMissing", "specversion"),
        ({"specversion": "0.3"}, "InvalidField", "specversion"),
        ({"id": ...}, "RequiredFieldMissing", "id"),
        ({"id": ""}, "InvalidField", "id"),
        ({"source": ...}, "RequiredFieldMissing", "source"),
        ({"source": ""}, "InvalidField", "source"),
        ({"type": ...}, "RequiredFieldMissing", "type"),
        ({"type": "com.example.created"}, "InvalidField", "type"),
        ({"type": "com.example.UPSERT"}, "InvalidField", "type"),
        ({"type": "upsert"}, "InvalidField", "type"),
        ({"subject": ""}, "InvalidField", "subject"),
        ({"partitionkey": ""}, "InvalidField", "partitionkey"),
        ({"time": ""}, "InvalidField", "time"),
        ({"attempt": "0"}, "InvalidField", "attempt"),
        ({"attempt": "first"}, "InvalidField", "attempt"),
        ({"attempt": "9" * 40}, "InvalidField", "attempt"),
    ],
)
def test_a_mistake_in_an_attribute_is_named_as_its_sender_wrote_it(
    read: Any, given: dict[str, Any], code: str, name: str
) -> None:
    assert faults(read(given)) == [(code, f"ce-{name}" if read is binary else f"/{name}")]


@pytest.mark.parametrize(
    ("given", "code", "pointer"),
    [
        ({"specversion": 1.0}, "InvalidField", "/specversion"),
        ({"subject": 42}, "InvalidField", "/subject"),
        ({"attempt": 1.5}, "InvalidField", "/attempt"),
        ({"attempt": True}, "InvalidField", "/attempt"),
        ({"datacontenttype": "application/xml"}, "InvalidField", "/datacontenttype"),
        ({"datacontenttype": 1}, "InvalidField", "/datacontenttype"),
        ({"data": ...}, "RequiredFieldMissing", "/data"),
        ({"data": None}, "RequiredFieldMissing", "/data"),
        ({"data": "{}"}, "InvalidField", "/data"),
        ({"data": []}, "InvalidField", "/data"),
        ({"data_base64": "e30="}, "InvalidField", "/data_base64"),
        ({"data": ..., "data_base64": "e30"}, "InvalidField", "/data_base64"),
        ({"data": ..., "data_base64": "\u00e9"}, "InvalidField", "/data_base64"),
        ({"data": ..., "data_base64": b64encode(b"[]").decode()}, "InvalidField", "/data_base64"),
        ({"data": ..., "data_base64": b64encode(b"{").decode()}, "InvalidField", "/data_base64"),
        ({"data": ..., "data_base64": {}}, "InvalidField", "/data_base64"),
    ],
)
def test_a_mistake_that_only_json_can_hold_is_named(given: dict[str, Any], code: str, pointer: str) -> None:
    assert faults(structured(given)) == [(code, pointer)]


@pytest.mark.parametrize(
    ("body", "pointer"), [(b"", ""), (b"{", ""), (b"[]", ""), (b'"text"', ""), (b"\xff", ""), (b"null", "")]
)
def test_a_body_that_is_no_json_object_is_no_data(body: bytes, pointer: str) -> None:
    assert faults(binary(data=body)) == [("InvalidField", pointer)]


@MODES
@pytest.mark.parametrize(
    ("data", "code", "pointer"),
    [
        ({"record": {}}, "RequiredFieldMissing", "/source"),
        ({"source": "/crm", "record": {}}, "InvalidField", "/source"),
        ({"source": {}, "record": {}}, "RequiredFieldMissing", "/source/slug"),
        ({"source": {"slug": "a", "object": 1}, "record": {}}, "InvalidField", "/source/object"),
        ({"source": {"slug": "a"}}, "RequiredFieldMissing", "/record"),
        ({**DATA, "context": []}, "InvalidField", "/context"),
        ({**DATA, "connection": {"n": 10**400}}, "NumberOutOfRange", "/connection"),
        ({**DATA, "key": "k"}, "UnknownField", "/key"),
        ({**DATA, "a/b": 1}, "UnknownField", "/a~1b"),
    ],
)
def test_a_mistake_in_the_data_is_pointed_to(read: Any, data: dict[str, Any], code: str, pointer: str) -> None:
    assert faults(read(data=data)) == [(code, pointer if read is binary else f"/data{pointer}")]


@MODES
def test_the_source_of_the_event_is_not_taken_for_that_of_the_record(read: Any) -> None:
    [error] = read(data={"record": {}}).errors
    assert error.message.startswith("data.source is missing")
    assert "the source of the event is something else" in error.message


@MODES
def test_all_mistakes_are_named_at_once_and_the_event_by_its_id(read: Any) -> None:
    found = read({"specversion": "2.0", "source": ..., "type": "x", "attempt": "-1"}, {"source": {}, "x": 1})
    assert [code for code, _ in faults(found)] == [
        "InvalidField",
        "RequiredFieldMissing",
        "InvalidField",
        "InvalidField",
        "RequiredFieldMissing",
        "RequiredFieldMissing",
        "UnknownField",
    ]
    assert found.record_id == "e1"


def test_a_request_that_is_no_event_is_told_where_records_go() -> None:
    found = parse_binary_event({}, b'{"operation": "upsert"}')
    assert isinstance(found, Malformed)
    assert "POST /v1/records" in found.errors[0].message


@pytest.mark.parametrize("value", [None, 1, "event", [ATTRIBUTES]])
def test_an_event_is_an_object(value: Any) -> None:
    assert faults(parse_event(value)) == [("InvalidField", "")]


@pytest.mark.parametrize(("given", "attempt"), [(2, 2), ("2", 2), ("02", 2), (None, 1)])
def test_an_attempt_is_a_number_or_its_digits(given: Any, attempt: int) -> None:
    assert record(structured({"attempt": given})).attempt == attempt


@pytest.mark.parametrize(
    "content_type",
    [None, "application/json", "Application/JSON; charset=utf-8", "application/vnd.crm+json", "text/json"],
)
def test_data_is_json_by_any_name(content_type: str | None) -> None:
    assert record(structured({"datacontenttype": content_type})).record == {"a": 1}


def test_data_in_base64_is_decoded() -> None:
    encoded = b64encode(json.dumps(DATA).encode()).decode()
    assert record(structured({"data": None, "data_base64": encoded})).record == {"a": 1}


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        (b"plain", "plain"),
        (b"Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro \u20ac \U0001f600"),
        (b"100%25", "100%"),
        (b"%2525", "%25"),
        (b"50% off", "50% off"),
        ("\u20ac".encode(), "\u20ac"),
        (b"a+b", "a+b"),
        (b'"in quotes"', "in quotes"),
        (rb'"a \"b\" \\ %25"', 'a "b" \\ %'),
        (b'half "quoted', 'half "quoted'),
    ],
)
def test_a_header_is_unquoted_and_percent_decoded_once(header: bytes, subject: str) -> None:
    assert record(binary({"subject": header})).key == subject


@pytest.mark.parametrize("header", [b"%C0%A0", b"\xff", b"%ED%A0%80"])
def test_a_header_whose_bytes_are_no_utf8_is_refused(header: bytes) -> None:
    assert faults(binary({"subject": header})) == [("InvalidField", "ce-subject")]


def test_an_attribute_that_nobody_reads_may_be_anything() -> None:
    assert record(binary({"unheard": b"%FF"})).id == "e1"
    assert record(structured({"unheard": [{}]})).id == "e1"


NAMES = st.sampled_from(
    [*ATTRIBUTES, "subject", "time", "attempt", "traceparent", "datacontenttype", "data_base64", "x"]
)
TEXTS = st.text(max_size=6) | st.sampled_from(["1.0", "\ud83d"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
MEMBERS = st.sampled_from([*DATA, "slug", "a/b"])
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(MEMBERS, inner, max_size=3))


@of(VALUES | st.dictionaries(NAMES | st.just("data"), VALUES))
def test_whatever_is_sent_as_an_event_is_a_record_or_has_mistakes(value: Any) -> None:
    found = parse_event(value)
    assert isinstance(found, Record) or found.errors


@of(st.dictionaries(NAMES, st.binary(max_size=40)), st.binary(max_size=20) | VALUES.map(json.dumps).map(str.encode))
def test_whatever_is_sent_in_headers_is_a_record_or_has_mistakes(headers: dict[str, bytes], body: bytes) -> None:
    found = parse_binary_event({f"ce-{name}".encode(): value for name, value in headers.items()}, body)
    assert isinstance(found, Record) or found.errors
