from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.mappings.index import MappingIndex


def mapping(name: str) -> Key:
    return Key("SourceMapping", "a", name)


def destination(name: str) -> Key:
    return Key("Destination", "a", name)


def test_a_change_of_the_reference_concerns_both_destinations() -> None:
    index = MappingIndex()
    assert index.point(mapping("m"), destination("x")) == {destination("x")}
    assert index.point(mapping("m"), destination("y")) == {destination("x"), destination("y")}
    assert index.mappings_of(destination("x")) == []
    assert index.mappings_of(destination("y")) == [mapping("m")]


def test_a_deletion_concerns_the_destination_that_it_pointed_at() -> None:
    index = MappingIndex()
    index.point(mapping("m"), destination("x"))
    assert index.point(mapping("m"), None) == {destination("x")}
    assert index.known() == set()
    assert index.point(mapping("m"), None) == set()


@given(st.lists(st.tuples(st.sampled_from("mno"), st.sampled_from(["x", "y", None]))))
def test_both_directions_always_agree(changes: list[tuple[str, str | None]]) -> None:
    index = MappingIndex()
    last: dict[str, str | None] = {}
    for name, target in changes:
        index.point(mapping(name), destination(target) if target else None)
        last[name] = target
    for target in ("x", "y"):
        expected = sorted(mapping(name) for name, found in last.items() if found == target)
        assert index.mappings_of(destination(target)) == expected
    assert index.known() == {mapping(name) for name, found in last.items() if found}
