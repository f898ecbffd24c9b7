"""What a part of a CRD's schema demands, in words: its type, its bounds, its rules.

For docs/reference/api.md alone. A bound without words here is an error, so that none is missing on the page.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from xkit_operator.api.names import LABEL, SUBDOMAIN

Schema = Mapping[str, Any]

_WORDED = {"enum", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems"}
_WORDED |= {"minProperties", "maxProperties", "format", "not", "oneOf", "required", "x-kubernetes-validations"}
_NO_BOUNDS = {"type", "properties", "items", "additionalProperties", "description", "default", "nullable"}
_NO_BOUNDS |= {"x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-preserve-unknown-fields"}
_CONTENTS = {"properties", "additionalProperties", "x-kubernetes-preserve-unknown-fields"}
_PATTERNS = {SUBDOMAIN: "A DNS subdomain, as in RFC 1123.", LABEL: "A DNS label that begins with a letter."}
_FORMATS = {"date-time": "A time as in RFC 3339."}


def type_of(schema: Schema) -> str:
    """The type as readers call it."""
    match schema.get("type"):
        case "object" if not schema.keys() & _CONTENTS:
            return "empty object"
        case "object" if "additionalProperties" in schema:
            return f"map of {type_of(schema['additionalProperties'])}s"
        case "array":
            return f"list of {type_of(schema['items'])}s"
        case None:
            return "any JSON"
        case kind:
            return str(kind)


def bounds_of(schema: Schema) -> Iterator[str]:
    """Sentences about the values that a field takes. Raises ValueError for a bound that has no words."""
    if strange := schema.keys() - _WORDED - _NO_BOUNDS:
        raise ValueError(f"no words for {sorted(strange)}")
    if "enum" in schema:
        yield ("One of " if len(schema["enum"]) > 1 else "Only ") + f"{codes(schema['enum'])}."
    yield from _ranges(schema)
    if "pattern" in schema:
        yield _PATTERNS.get(schema["pattern"], f"Matches {code(schema['pattern'])}.")
    if "format" in schema:
        yield _FORMATS[schema["format"]]
    match schema.get("x-kubernetes-list-type"):
        case "map":
            yield f"{codes(schema['x-kubernetes-list-map-keys'])} is unique; server-side apply merges by it."
        case "set":
            yield "None twice."
    if not has_fields(schema):
        yield from (f"{rule}." for rule in rules_of(schema))
    element = schema.get("items", schema.get("additionalProperties"))
    if element and "properties" not in element and (each := " ".join(bounds_of(element))):
        yield f"Each: {each[0].lower()}{each[1:]}"


def rules_of(schema: Schema) -> Iterator[str]:
    """What is demanded of the fields of an object together."""
    yield from (rule["message"] for rule in schema.get("x-kubernetes-validations", ()))
    if "oneOf" in schema:
        yield f"exactly one of {codes(name for option in schema['oneOf'] for name in option['required'])} must be given"
    if "not" in schema:
        yield _forbidden(schema["not"])


def has_fields(schema: Schema) -> bool:
    """Whether a field has fields of its own, or its elements have."""
    return bool(schema.get("properties")) or bool(schema.get("items", {}).get("properties"))


def code(text: object) -> str:
    """Text as code in a cell of a table."""
    return f"`{escaped(str(text))}`"


def escaped(text: str) -> str:
    """Text that is safe in a cell of a table."""
    return text.replace("|", "\\|")


def codes(texts: Any) -> str:
    """Several texts as code."""
    return ", ".join(map(code, texts))


def _ranges(schema: Schema) -> Iterator[str]:
    for least, most, unit in (
        ("minLength", "maxLength", " characters"),
        ("minimum", "maximum", ""),
        ("minItems", "maxItems", " elements"),
        ("minProperties", "maxProperties", " keys"),
    ):
        if most in schema:
            yield (f"{schema[least]:,} to " if least in schema else "At most ") + f"{schema[most]:,}{unit}."
        elif least in schema:
            yield f"At least {schema[least]:,}{unit}."


def _forbidden(schema: Schema) -> str:
    """`not` of a field beside others, or of its null, which is all that the kinds need it for."""
    (field,) = schema["required"]
    beside = [option["required"][0] for option in schema["anyOf"] if "required" in option]
    null = any(option.get("properties") == {field: {"not": {}}} for option in schema["anyOf"])
    return f"{code(field)} must not be given with {codes(beside)}" + (", nor be null" if null else "")
