from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.references.index import ReferenceIndex


def destination(name: str, namespace: str = "a") -> Key:
    return Key("Destination", namespace, name)


def test_a_config_map_leads_to_every_destination_that_refers_to_it() -> None:
    index = ReferenceIndex()
    index.refer(destination("x"), ["functions", "settings"])
    index.refer(destination("w"), ["functions"])
    assert index.referring("a", "functions") == [destination("w"), destination("x")]
    assert index.referring("a", "settings") == [destination("x")]
    assert index.referring("a", "others") == []


def test_namespaces_are_apart() -> None:
    index = ReferenceIndex()
    index.refer(destination("x"), ["functions"])
    assert index.referring("b", "functions") == []


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.frozensets(st.sampled_from("mno")))))
def test_only_what_was_said_last_of_a_destination_counts(changes: list[tuple[str, frozenset[str]]]) -> None:
    index = ReferenceIndex()
    for name, config_maps in changes:
        index.refer(destination(name), config_maps)
    last = dict(changes)
    for config_map in "mno":
        expected = sorted(destination(name) for name, config_maps in last.items() if config_map in config_maps)
        assert index.referring("a", config_map) == expected
