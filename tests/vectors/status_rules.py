"""The rules for what the operator writes into the status; the rest of both kinds is in api_rules."""

from typing import Any

from tests.vectors.api_rules.rule import ABSENT, DESTINATION, SOURCE_MAPPING, Rule, rules

CONDITION: dict[str, Any] = {
    "type": "Ready",
    "status": "True",
    "reason": "Ready",
    "message": "",
    "observedGeneration": 1,
    "lastTransitionTime": "2021-04-05T00:00:00Z",
}


def _condition(**changes: Any) -> dict[str, Any]:
    changed = {key: value for key, value in (CONDITION | changes).items() if value is not ABSENT}
    return {"status": {"conditions": [changed]}}


def _conditions(*types: str) -> dict[str, Any]:
    return {"status": {"conditions": [CONDITION | {"type": one} for one in types]}}


def _condition_rules(base: dict[str, Any]) -> list[Rule]:
    return rules(
        base,
        *(
            (f"a condition has its {field}", _condition(), _condition(**{field: ABSENT}), f"{field}: Required value")
            for field in ("type", "status", "reason", "message", "lastTransitionTime")
        ),
        ("a type is not empty", _condition(type="T"), _condition(type=""), "conditions[0].type"),
        ("a type is short", _condition(type="T" * 316), _condition(type="T" * 317), "conditions[0].type"),
        ("a status is one of three", _condition(status="Unknown"), _condition(status="true"), "conditions[0].status"),
        ("a reason is one word", _condition(reason="R"), _condition(reason="no reason"), "conditions[0].reason"),
        ("a reason is short", _condition(reason="R" * 1024), _condition(reason="R" * 1025), "conditions[0].reason"),
        (
            "a message is not endless",
            _condition(message="m" * 32768),
            _condition(message="m" * 32769),
            "conditions[0].message",
        ),
        (
            "a condition speaks about a generation that there is",
            _condition(observedGeneration=0),
            _condition(observedGeneration=-1),
            "conditions[0].observedGeneration",
        ),
        (
            "a transition has a time",
            _condition(lastTransitionTime="2021-04-05T00:00:00.123Z"),
            _condition(lastTransitionTime="yesterday"),
            "conditions[0].lastTransitionTime",
        ),
        ("one condition of a type", _conditions("A", "B"), _conditions("A", "A"), "Duplicate value"),
        (
            "at most 16 conditions",
            _conditions(*"ABCDEFGHIJKLMNOP"),
            _conditions(*"ABCDEFGHIJKLMNOPQ"),
            "must have at most 16 items",
        ),
    )


def _texts(field: str, count: int) -> dict[str, Any]:
    return {"status": {field: [f"text {number}" for number in range(count)]}}


STATUS_RULES = [
    *_condition_rules(DESTINATION),
    *_condition_rules(SOURCE_MAPPING),
    *rules(
        DESTINATION,
        ("at most 32 images", _texts("imageHistory", 32), _texts("imageHistory", 33), "must have at most 32 items"),
    ),
    *rules(
        SOURCE_MAPPING,
        ("at most 100 unmapped inputs", _texts("unmapped", 100), _texts("unmapped", 101), "at most 100 items"),
        (
            "an unmapped input is named once",
            _texts("unmapped", 2),
            {"status": {"unmapped": ["id", "id"]}},
            "Duplicate value",
        ),
        ("at most 100 warnings", _texts("warnings", 100), _texts("warnings", 101), "at most 100 items"),
    ),
]
