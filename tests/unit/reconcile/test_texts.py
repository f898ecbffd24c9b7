import base64
from typing import Any

import pytest

from xkit_operator.api.destination import DestinationSpec
from xkit_operator.errors import ConfigMapKeyNotFound, ConfigMapNotFound, InvalidSpec, SpecError
from xkit_operator.reconcile.references.texts import function_texts, referred

LONGEST = 131_072


def read(key: str, *, of: str = "functions") -> dict[str, Any]:
    return {"sourceFrom": {"configMapKeyRef": {"name": of, "key": key}}}


def spec(*, variables: Any = (), **functions: Any) -> DestinationSpec:
    inputs = [{"name": "id", "type": "string"}]
    return DestinationSpec.model_validate({"inputs": inputs, "functions": functions, "variables": variables})


def variable(kind: str, *, of: str) -> dict[str, Any]:
    return {"name": "region", "valueFrom": {kind: {"name": of, "key": "region"}}}


def data(text: str) -> dict[str, Any]:
    return {"data": {"upsert.js": text}}


def binary(value: bytes) -> dict[str, Any]:
    return {"binaryData": {"upsert.js": base64.b64encode(value).decode()}}


def test_a_source_is_taken_from_where_it_stands() -> None:
    found = {"functions": {"data": {"delete.js": "from the map", "other": "x"}}}
    mixed = spec(upsert={"source": "from the spec"}, delete=read("delete.js"))
    assert function_texts(mixed, found) == {"upsert": "from the spec", "delete": "from the map"}


def test_a_config_map_that_several_refer_to_is_named_once() -> None:
    variables = [variable("configMapKeyRef", of="settings")]
    both = spec(upsert=read("a"), delete=read("b"), variables=variables)
    assert referred(both) == {"functions", "settings"}


def test_secrets_are_not_asked_for() -> None:
    secret = spec(upsert={"source": "x"}, variables=[variable("secretKeyRef", of="hush")])
    assert referred(secret) == set()
    assert function_texts(secret, {}) == {"upsert": "x"}


@pytest.mark.parametrize(
    ("config_map", "text"),
    [
        (data("€" * LONGEST), "€" * LONGEST),
        (data("  x\r\n"), "  x\r\n"),
        (binary("'ß'".encode()), "'ß'"),
    ],
    ids=["as long as a source may be", "white space and all", "UTF-8 in binaryData"],
)
def test_a_text_is_taken_as_it_is(config_map: dict[str, Any], text: str) -> None:
    assert function_texts(spec(upsert=read("upsert.js")), {"functions": config_map}) == {"upsert": text}


@pytest.mark.parametrize(
    ("config_map", "error", "says"),
    [
        (None, ConfigMapNotFound, "no ConfigMap functions"),
        ({}, ConfigMapKeyNotFound, "ConfigMap functions has no key upsert.js"),
        ({"data": {"upsert": "x"}}, ConfigMapKeyNotFound, "ConfigMap functions has no key upsert.js"),
        (data(""), InvalidSpec, "key upsert.js of ConfigMap functions is empty"),
        (data("x" * (LONGEST + 1)), InvalidSpec, "key upsert.js of ConfigMap functions has 131,073 characters"),
        (binary(b"'\xff'"), InvalidSpec, "key upsert.js of ConfigMap functions is no text in UTF-8: byte 1 "),
    ],
    ids=["no ConfigMap", "no data", "another key", "empty", "too long", "not UTF-8"],
)
def test_what_can_be_no_function_is_refused_with_its_place(
    config_map: dict[str, Any] | None, error: type[SpecError], says: str
) -> None:
    with pytest.raises(error) as refusal:
        function_texts(spec(upsert=read("upsert.js")), {"functions": config_map})
    assert str(refusal.value).startswith("functions.upsert: ")
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("config_map", "error"), [(None, ConfigMapNotFound), ({"data": {"other": "x"}}, ConfigMapKeyNotFound)]
)
def test_a_variable_that_refers_to_nothing_is_named(config_map: dict[str, Any] | None, error: type[SpecError]) -> None:
    lost = spec(upsert={"source": "x"}, variables=[variable("configMapKeyRef", of="settings")])
    with pytest.raises(error, match=r"^variable region: .*ConfigMap settings"):
        function_texts(lost, {"settings": config_map})


@pytest.mark.parametrize("held", ["data", "binaryData"])
def test_the_value_of_a_variable_is_the_kubelets_business(held: str) -> None:
    found = {"settings": {held: {"region": "/w=="}}}
    held_there = spec(upsert={"source": "x"}, variables=[variable("configMapKeyRef", of="settings")])
    assert function_texts(held_there, found) == {"upsert": "x"}
