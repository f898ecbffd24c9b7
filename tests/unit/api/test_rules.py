"""The models judge as the API server does: tests/api gives the same table to a real one."""

import pytest

from tests.vectors.api_rules import DESTINATION, RULES, Rule, changed
from xkit_operator.api.destination import Destination
from xkit_operator.api.sourcemapping import SourceMapping
from xkit_operator.errors import InvalidSpec

KINDS = {"Destination": Destination, "SourceMapping": SourceMapping}


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_models_accept_what_a_rule_allows(rule: Rule) -> None:
    KINDS[rule.base["kind"]].parse(changed(rule.base, rule.accepted))


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_models_refuse_what_a_rule_forbids_and_name_the_field(rule: Rule) -> None:
    (path,) = rule.refused
    with pytest.raises(InvalidSpec) as refusal:
        KINDS[rule.base["kind"]].parse(changed(rule.base, rule.refused))
    first, *rest = path.split(".")
    place = first + "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in rest)
    # the field itself, a part of it, or what it is a part of
    assert any(said.startswith(place) or place.startswith(said) for said in places(refusal.value))


def test_every_bad_field_is_named_at_once_in_order() -> None:
    bad = changed(DESTINATION, {"spec.replicas": -1, "spec.inputs.0.type": "text", "spec.limits.memory": "1Ki"})
    with pytest.raises(InvalidSpec) as refusal:
        Destination.parse(bad)
    assert places(refusal.value) == ["spec.inputs[0].type", "spec.limits.memory", "spec.replicas"]


def test_a_refusal_does_not_repeat_the_value_that_was_found() -> None:
    with pytest.raises(InvalidSpec) as refusal:
        Destination.parse(changed(DESTINATION, {"spec.variables.0": {"name": "apiKey", "value": "hush", "x": "hush"}}))
    assert "hush" not in str(refusal.value)


@pytest.mark.parametrize("obj", [{}, {"metadata": None}, {"metadata": {}, "spec": []}, {"metadata": {"name": 1}}])
def test_what_is_no_object_at_all_is_refused_in_the_same_way(obj: dict[str, object]) -> None:
    with pytest.raises(InvalidSpec):
        Destination.parse(obj)


def places(refusal: InvalidSpec) -> list[str]:
    return [one.split(": ")[0] for one in str(refusal).split("; ") if ": " in one]
