from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.api.destination import DestinationSpec
from xkit_operator.api.sourcemapping import SourceMapping
from xkit_operator.reconcile.mappings.selection import Verdict, select

DESTINATION = DestinationSpec.model_validate(
    {
        "inputs": [{"name": "id", "type": "string"}, {"name": "score", "type": "integer", "optional": True}],
        "functions": {"upsert": {"source": "x"}},
    }
)


def mapping(
    name: str, *, slug: str = "hubspot", obj: str | None = None, age: int = 0, entry: str = "id"
) -> SourceMapping:
    source: dict[str, Any] = {"slug": slug} | ({"object": obj} if obj else {})
    spec = {
        "destinationRef": {"name": "crm"},
        "source": source,
        "inputs": [{"name": entry, "direct": {"pointer": "/x"}}],
    }
    created = f"2026-01-01T00:{59 - age:02}:00Z"
    return SourceMapping.parse({"metadata": {"name": name, "creationTimestamp": created}, "spec": spec})


def reasons(verdicts: list[Verdict]) -> dict[str, str]:
    return {one.mapping.metadata.name: one.problem.reason if one.problem else "" for one in verdicts}


def test_mappings_for_different_sources_all_serve() -> None:
    found = select(DESTINATION, [mapping("a"), mapping("b", slug="salesforce"), mapping("c", obj="contact")])
    assert reasons(found) == {"a": "", "b": "", "c": ""}


def test_of_two_for_the_same_source_the_older_serves() -> None:
    found = select(DESTINATION, [mapping("a", age=1), mapping("b", age=9)])
    assert reasons(found) == {"a": "SourceConflict", "b": ""}
    assert "SourceMapping b" in next(one.problem.message for one in found if one.problem)


def test_of_two_of_the_same_age_the_first_by_name_serves() -> None:
    assert reasons(select(DESTINATION, [mapping("b"), mapping("a")])) == {"a": "", "b": "SourceConflict"}


def test_one_that_does_not_fit_says_why_and_keeps_nobody_from_serving() -> None:
    found = select(DESTINATION, [mapping("old", age=9, entry="nonsense"), mapping("new")])
    assert reasons(found) == {"old": "MappingDoesNotFit", "new": ""}
    message = next(one.problem.message for one in found if one.problem)
    assert "nonsense" in message
    assert "id" in message


def test_optional_inputs_without_an_entry_are_named() -> None:
    assert select(DESTINATION, [mapping("a")])[0].unmapped == ("score",)


@given(
    st.permutations(
        [
            mapping(name, slug=slug, age=age)
            for name, slug, age in [("a", "x", 1), ("b", "x", 2), ("c", "x", 2), ("d", "y", 0), ("e", "y", 5)]
        ]
    )
)
def test_the_verdict_does_not_depend_on_the_order_of_reading(mappings: list[SourceMapping]) -> None:
    assert reasons(select(DESTINATION, mappings)) == {
        "a": "SourceConflict",
        "b": "",
        "c": "SourceConflict",
        "d": "SourceConflict",
        "e": "",
    }
