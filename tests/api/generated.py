"""Objects as authors write them while they edit: an object that uses every field, with parts taken away and changed.

What is put in the place of a part follows from its schema in the CRD, so that a new field is drawn without a word here;
only quantities have values of their own, around their bounds.
"""

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]
Schema = dict[str, Any]
Values = st.SearchStrategy[Any]

LONGEST = 70_000
"""Characters of the longest text drawn: beyond all bounds but that of a function, which has its rule in the table."""

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
)
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)
_OBJECTS = st.dictionaries(st.text(max_size=5), _JSON, max_size=3)
_ODD = st.sampled_from(
    [None, "", " ", "\n", "é", "null", "1", 0, -1, 1, 1.0, 1.5, True, False, [], {}, [None], {"": None}, 2**63, 1e300]
)
_TIMEOUTS = """
1h 0s 0.0s 60m0.0000000001s 3600.000000001s 0.0000000001s 0.000000001s 1m1m1ms 59m59.9999999999s 1h0ms
9223372036s 9223372037s 0.99999999999999999h 0.000000000000000001h
"""
_SIZES = """
64Mi 67108864 67108863.5 67108863.9999999999 67108863.999999999 67108.864k 0.0625Gi 65536Ki 65535.99999Ki 67.108864M
67.108863M 00064Mi 0.06249999999999999Gi 9999999999999G
"""
_CPUS = "100m 0.1 0.099 64 64.0 64.001 64000m 64001m 000100m 0.100 99999999999m"
_QUANTITIES = {"timeout": _TIMEOUTS.split(), "memory": _SIZES.split(), "cpu": _CPUS.split()}
_OBJECT_NAMES = st.sampled_from([*["crm", "crm-1", "c" * 63] * 9, "crm.a", "1crm", "a..b", "Crm", "", "a" * 64, "a-"])


_CHOICES = st.integers(0, 2**16)


class Part(NamedTuple):
    """A value inside an object: where it hangs, and what may stand there."""

    holder: Any
    key: str | int
    schema: Schema
    needed: bool


Change = Callable[[Draw, Part], None]


def variants(wholes: Sequence[Schema], schema: Schema) -> st.SearchStrategy[Schema]:
    """Variants of some objects; `schema` is that of their specs. About half of them are right."""

    @st.composite
    def variant(draw: Draw) -> Schema:
        obj: Schema = copy.deepcopy(draw(st.sampled_from(wholes)))
        obj["metadata"] = {"name": draw(_OBJECT_NAMES)}
        for choice in draw(st.lists(_CHOICES, max_size=10)):
            if spare := [one for one in _parts(obj["spec"], schema) if not one.needed]:
                _remove(spare[choice % len(spare)])
        for choice in draw(st.lists(_CHOICES, max_size=3)):
            parts = [Part(obj, "spec", schema, needed=True), *_parts(obj["spec"], schema)]
            draw(_CHANGES)(draw, parts[choice % len(parts)])
        return obj

    return variant()


def _parts(value: Any, schema: Schema) -> Iterator[Part]:
    """Everything below `value` that the schema speaks about."""
    if isinstance(value, dict):
        needed = value.keys() if _has_choices(schema) else schema.get("required", ())
        for name, child in value.items():
            below = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
            if below is not None:
                yield Part(value, name, below, name in needed)
                yield from _parts(child, below)
    if isinstance(value, list) and "items" in schema:
        for index, child in enumerate(value):
            yield Part(value, index, schema["items"], needed=False)
            yield from _parts(child, schema["items"])


def _has_choices(schema: Schema) -> bool:
    messages = [rule["message"] for rule in schema.get("x-kubernetes-validations", ())]
    return "oneOf" in schema or any(message.endswith("must be given") for message in messages)


def _remove(part: Part) -> None:
    del part.holder[part.key]


def _another(draw: Draw, part: Part) -> None:
    """Another value that may stand there, as far as it alone is looked at."""
    if "properties" not in part.schema and part.schema.get("type") != "array":
        part.holder[part.key] = draw(_values(str(part.key), part.schema))


def _wrong(draw: Draw, part: Part) -> None:
    """A value that may not stand there, or just may."""
    part.holder[part.key] = draw(st.one_of(_ODD, _SCALARS, _at_the_bounds(part.schema)))


def _add(draw: Draw, part: Part) -> None:
    """A field more: an unknown one, one in another spelling, one that takes the place of another."""
    found = part.holder[part.key]
    if isinstance(found, dict):
        fields = sorted(part.schema.get("properties", {}))
        name = draw(st.sampled_from([*fields, *map(_snake_case, fields), "unknown", "xkit.dev/x", "xkit.dev", ""]))
        found[name] = draw(_JSON | _values(name, part.schema.get("properties", {}).get(name, {})))


def _grow(draw: Draw, part: Part) -> None:
    """A list or a map with more in it: one twice, as many as there may be, or one more."""
    found = part.holder[part.key]
    most = part.schema.get("maxItems", part.schema.get("maxProperties", 2))
    size = draw(st.sampled_from([most, most + 1]))
    if isinstance(found, list) and found:
        again = found + found[-1:]
        many = [_renamed(found[0], number) for number in range(size)]
        part.holder[part.key] = draw(st.sampled_from([again, many]))
    elif isinstance(found, dict) and "additionalProperties" in part.schema:
        part.holder[part.key] = {f"key{number}": "x" for number in range(size)}


def _renamed(element: Any, number: int) -> Any:
    return element | {"name": f"n{number}"} if isinstance(element, dict) and "name" in element else element


def _values(field: str, schema: Schema) -> Values:
    """What may stand at a place, as far as it alone is looked at."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(schema["minimum"], schema["maximum"]) | _at_the_bounds(schema)
        case "string" if field in _QUANTITIES:
            return st.sampled_from(_QUANTITIES[field]) | _matching(schema)
        case "string":
            return _matching(schema) if "pattern" in schema else st.text(max_size=9)
        case "object" if "additionalProperties" in schema:
            return st.dictionaries(st.sampled_from(["team", "example.com/x", "xkit.dev", "xkit.dev/x", ""]), st.text())
        case "object" if "properties" not in schema:
            return _OBJECTS
        case "array":
            return st.lists(_values("", schema["items"]), max_size=3)
    return _JSON


def _matching(schema: Schema) -> Values:
    return st.from_regex(schema["pattern"]).map(lambda text: text[: schema["maxLength"]])


def _at_the_bounds(schema: Schema) -> Values:
    """Values at the bounds and one beyond, whole numbers as fractions, near misses of closed sets."""
    least, most = schema.get("minimum", 0), schema.get("maximum", 1)
    longest = min(schema.get("maxLength", 5), LONGEST)
    texts = ["a" * longest, "a" * (longest + 1), "é" * longest, "€" * (longest + 1)]
    closed = [*map(str.lower, schema.get("enum", ())), "constructor"]
    return st.sampled_from([least - 1, least, float(most), most, most + 1, *texts, *closed])


def _snake_case(name: str) -> str:
    return re.sub(r"[A-Z]", lambda capital: f"_{capital[0].lower()}", name)


_CHANGES = st.sampled_from([_another, _another, _another, _wrong, _add, _grow])
