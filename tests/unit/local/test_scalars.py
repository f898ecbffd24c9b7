"""YAML is read as kubectl reads it, not as PyYAML would."""

from pathlib import Path

import pytest

from tests.vectors.yaml_scalars import SCALARS, same
from xkit_operator.local.document import read_documents


@pytest.mark.parametrize("text", SCALARS)
def test_a_scalar_is_what_kubectl_makes_of_it(text: str) -> None:
    (document,), findings = read_documents(Path("a.yaml"), f"value: {text}")
    assert findings == []
    assert same(document.value["value"], SCALARS[text])


@pytest.mark.parametrize(("key", "name"), [("on", "true"), ("0x10", "16"), ("'on'", "on"), ("id", "id"), ("~", "~")])
def test_a_name_is_a_text_that_says_what_the_scalar_means(key: str, name: str) -> None:
    (document,), _ = read_documents(Path("a.yaml"), f"{key}: 1")
    assert document.value == {name: 1}


@pytest.mark.parametrize("text", [".inf", "-.Inf", ".nan"])
def test_what_json_does_not_have_is_a_finding_at_its_place(text: str) -> None:
    (document,), _ = read_documents(Path("a.yaml"), f"a: 1\nb: {text}")
    (finding,) = document.findings
    assert str(finding) == f"a.yaml:2:4: InvalidYaml: {text} is no value of JSON"


def test_merged_members_give_way_to_own_ones() -> None:
    (document,), _ = read_documents(Path("a.yaml"), "base: &base {a: 1, b: 1}\nown: {<<: *base, b: 2}")
    assert document.value["own"] == {"a": 1, "b": 2}
