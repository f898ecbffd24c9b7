"""docs/reference/api.md: fresh, and nothing of the CRDs is missing on it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from xkit_operator.api.crd import destination_crd, sourcemapping_crd
from xkit_operator.api.reference import PAGE, main, page
from xkit_operator.api.wording import bounds_of, rules_of

DOCS = Path(__file__).parents[3] / "docs" / "reference"
KINDS = pytest.mark.parametrize("crd", [destination_crd(), sourcemapping_crd()], ids=["destination", "sourcemapping"])
TEXT = page()


def test_the_committed_page_is_what_the_models_say() -> None:
    assert (DOCS / PAGE).read_text(encoding="utf-8") == TEXT, "stale: run `make crds`"


def test_the_command_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 0
    assert (tmp_path / PAGE).read_text(encoding="utf-8") == TEXT
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err


@KINDS
def test_every_field_stands_on_the_page_with_its_description(crd: dict[str, Any]) -> None:
    missing = [
        path
        for path, schema in objects(crd)
        for name, field in schema["properties"].items()
        if f"| `{path}.{name}` |" not in TEXT and f"The same fields: `{path}`" not in TEXT and f", `{path}`" not in TEXT
    ]
    assert [path for path in missing if not path.startswith("status.conditions[]")] == []
    texts = [field["description"] for _, schema in objects(crd) for field in schema["properties"].values()]
    assert [text for text in texts if text not in TEXT] == []


@KINDS
def test_every_rule_stands_on_the_page_in_words(crd: dict[str, Any]) -> None:
    kind = crd["spec"]["names"]["kind"]
    for path, schema in objects(crd):
        section = TEXT.partition(f"### {kind} `{path}`\n")[2].partition("\n###")[0]
        if section:  # else it is described with one that has the same fields
            assert all(f"- {rule}." in section for rule in rules_of(schema))
            assert all(bound in section for field in schema["properties"].values() for bound in bounds_of(field))


def test_every_link_inside_the_page_leads_to_a_heading() -> None:
    headings = re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
    anchors = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= set(anchors)


def test_every_link_to_another_page_leads_to_a_file() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", re.sub("`[^`]+`", "", TEXT)):
        assert (DOCS / target).exists()


def test_a_bound_without_words_is_an_error() -> None:
    with pytest.raises(ValueError, match="multipleOf"):
        list(bounds_of({"type": "integer", "multipleOf": 2}))


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 0, "maximum": 1000}, ["0 to 1,000."]),
        ({"type": "string", "minLength": 1}, ["At least 1 characters."]),
        ({"type": "string", "enum": ["a", "b"]}, ["One of `a`, `b`."]),
        ({"type": "string", "pattern": "^(a|b)$"}, ["Matches `^(a\\|b)$`."]),
        ({"type": "array", "items": {"type": "string", "maxLength": 3}}, ["Each: at most 3 characters."]),
    ],
)
def test_bounds_are_told_in_words(schema: dict[str, Any], words: list[str]) -> None:
    assert list(bounds_of(schema)) == words


def objects(crd: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    root = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]
    for part in ("spec", "status"):
        yield from below(part, root[part])


def below(path: str, schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield path, schema
    for name, field in schema["properties"].items():
        element, suffix = (field["items"], "[]") if "items" in field else (field, "")
        if element.get("properties"):
            yield from below(f"{path}.{name}{suffix}", element)
