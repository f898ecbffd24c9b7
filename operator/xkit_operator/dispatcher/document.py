"""The operator's document as the dispatcher reads it: the fields of api.runner.RunnerConfiguration, and its defaults.

A second set of types for the same document, since those of `api` are written for people's mistakes: with pydantic and
the schemas of whole objects they take 11 MiB, in each Pod. What the operator has judged is not judged again here.
"""

from typing import Any, Literal

from msgspec import Struct, field

FILE = "runner.json"
InputType = Literal["string", "number", "integer", "boolean", "date", "array", "object"]
Operation = Literal["upsert", "delete"]


class Part(Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A part of the document; an unknown field is one of another release."""


class DestinationName(Part, frozen=True):
    namespace: str
    name: str


class Items(Part, frozen=True):
    type: InputType


class Input(Part, frozen=True):
    name: str
    type: InputType
    optional: bool = False
    items: Items | None = None
    on_invalid: Literal["Fail", "Null"] = "Fail"
    description: str | None = None


class Limits(Part, frozen=True):
    timeout_seconds: float
    concurrency: int


class Variables(Part, frozen=True):
    literals: dict[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()


class DestinationRef(Part, frozen=True):
    name: str


class Source(Part, frozen=True):
    slug: str
    object: str | None = None


class Direct(Part, frozen=True):
    pointer: str


class Static(Part, frozen=True):
    value: Any


class Where(Part, frozen=True):
    property: str
    equals: Any


class Find(Part, frozen=True):
    pointer: str
    where: Where
    extract: str | None = None


class Collect(Part, frozen=True):
    pointer: str
    extract: str


class Date(Part, frozen=True):
    pointer: str
    unit: Literal["Auto", "Seconds", "Milliseconds"] = "Auto"


class Empty(Part, frozen=True):
    pass


class Entry(Part, frozen=True):
    name: str
    direct: Direct | None = None
    static: Static | None = None
    find: Find | None = None
    collect: Collect | None = None
    date: Date | None = None
    empty: Empty | None = None
    default: Any = None

    @property
    def transformation(self) -> str:
        """Which of the choices is given."""
        choices = ("direct", "static", "find", "collect", "date", "empty")
        return next(name for name in choices if getattr(self, name) is not None)


class MappingSpec(Part, frozen=True):
    destination_ref: DestinationRef
    source: Source
    inputs: tuple[Entry, ...]


class Mapping(Part, frozen=True):
    name: str
    spec: MappingSpec


class Document(Part, frozen=True):
    """The whole of it."""

    destination: DestinationName
    inputs: tuple[Input, ...]
    operations: tuple[Operation, ...]
    limits: Limits
    version: Literal[1] = 1
    delete_inputs: tuple[str, ...] | None = None
    variables: Variables = Variables()
    tokens: int = 0
    mappings: tuple[Mapping, ...] = ()

    def inputs_of(self, operation: Operation) -> tuple[Input, ...]:
        """The inputs that the function of `operation` gets, in declared order."""
        if operation == "upsert" or self.delete_inputs is None:
            return self.inputs
        return tuple(one for one in self.inputs if one.name in self.delete_inputs)
