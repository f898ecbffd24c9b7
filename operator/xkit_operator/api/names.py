"""The texts that occur in both kinds: names, references, pointers, and JSON values that users write.

Every one is bounded, since the API server refuses CEL rules over texts without a bound.
"""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from xkit_operator.api.model import cel

RESERVED = ("__proto__", "constructor", "prototype")
"""Names that JavaScript objects carry from birth: an input of that name could change what others see."""

SUBDOMAIN = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
LABEL = r"^[a-z]([-a-z0-9]*[a-z0-9])?$"


_RESERVED_RULE = f"{', '.join(RESERVED)} are names that JavaScript keeps for itself"


def _not_reserved(name: str) -> str:
    if name in RESERVED:
        raise PydanticCustomError("reserved", _RESERVED_RULE)
    return name


def _not_null(value: Any) -> Any:
    if value is None:
        raise PydanticCustomError("null", "null is refused: kubectl apply drops it without a word")
    return value


def _without_nulls(texts: Any) -> Any:
    return {key: text for key, text in texts.items() if text is not None} if isinstance(texts, dict) else texts


Key = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$",
        max_length=63,
        json_schema_extra=cel((f"!(self in {[*RESERVED]})", _RESERVED_RULE)),
    ),
    AfterValidator(_not_reserved),
]
"""The name of an input or a variable: a JavaScript identifier."""

ObjectName = Annotated[str, Field(pattern=SUBDOMAIN, max_length=253)]
"""The name of a Kubernetes object: a DNS subdomain."""

ServiceName = Annotated[str, Field(pattern=LABEL, max_length=63)]
"""The name of a Destination: its Service has it, too, so it must be a DNS label that begins with a letter."""

DataKey = Annotated[str, Field(pattern=r"^\.?[-_a-zA-Z0-9][-._a-zA-Z0-9]*$", max_length=253)]
"""A key in the data of a ConfigMap or Secret: no file name that leads elsewhere, such as `..`."""

NULLS_ARE_ABSENT = BeforeValidator(_without_nulls)
"""Of maps: the API server drops a null in them."""

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]([-_a-z0-9]*[a-z0-9])?$", max_length=63)]
"""The slug of a source app."""

Pointer = Annotated[str, Field(max_length=1024)]
"""A place in a record; mapping/pointer.py has the grammar."""

Description = Annotated[str, Field(max_length=1024)]
"""Free text for people."""

JsonObject = Annotated[
    dict[str, Any],
    Field(json_schema_extra={"x-kubernetes-preserve-unknown-fields": True, "additionalProperties": False}),
]
"""An object of another kind of the Kubernetes API, verbatim: the API server judges it where it ends up."""

JsonValue = Annotated[
    Any, Field(json_schema_extra={"x-kubernetes-preserve-unknown-fields": True}), AfterValidator(_not_null)
]
"""Any JSON value but null. Without `nullable` the server drops a null, and then misses the field."""

Default = Annotated[
    Any,
    Field(json_schema_extra={"x-kubernetes-preserve-unknown-fields": True, "nullable": True}),
    AfterValidator(_not_null),
]
"""Any JSON value but null, or absent. The server would drop a null without a word if the field were not `nullable`; the
rule that then refuses it stands with the object that has the field."""
