"""The SourceMapping: how the records of one source app fill the inputs of a Destination.

These models are the one source of crds/sourcemappings.yaml and what operator and dispatcher parse mappings
with. Their docstrings are what `kubectl explain sourcemapping` shows.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from xkit_operator.api.conditions import Conditions
from xkit_operator.api.metadata import ObjectMeta
from xkit_operator.api.model import LIST_MAP, Choice, Model, Resource, unique_names
from xkit_operator.api.names import Default, JsonValue, Key, Pointer, ServiceName, Slug

Unit = Literal["Auto", "Seconds", "Milliseconds"]


class DestinationRef(Model):
    """A Destination in the same namespace."""

    name: ServiceName
    """Name of the Destination."""


class Source(Model):
    """Which records the mapping is for."""

    slug: Slug
    """Slug of the source app, such as hubspot."""
    object: Annotated[str, Field(min_length=1, max_length=63)] | None = None
    """Kind of record, such as contact, if the app sends several. Without it: all that have no mapping of their own."""


class Direct(Model):
    """Takes the value at a place in the record."""

    pointer: Pointer
    """JSON Pointer (RFC 6901) such as /properties/email, or the bare name of one member."""


class Static(Model):
    """Takes the same value for every record."""

    value: JsonValue
    """A literal of the input's own type; never null. The API server rounds integers beyond 64 bits."""


class Where(Model):
    """Which element of an array is meant: the first object that has a certain value at a certain place."""

    property: Annotated[Pointer, Field(min_length=1)]
    """Name of the element's member, or JSON Pointer into the element."""
    equals: JsonValue
    """The value that must be there, of the same type: 1 is 1.0, but neither "1" nor true; never null."""


class Find(Model):
    """Takes one element of an array, or a part of it."""

    pointer: Pointer
    """Where the array is: JSON Pointer, or the bare name of one member."""
    where: Where
    """Which element is meant."""
    extract: Pointer | None = None
    """Where the value is inside the element. Without it: the element itself, an object."""


class Collect(Model):
    """Takes one value out of each element of an array."""

    pointer: Pointer
    """Where the array is: JSON Pointer, or the bare name of one member."""
    extract: Pointer
    """Where the value is inside an element. Elements that have none are left out."""


class Date(Model):
    """Takes a date, and reads numbers in a unit that is known."""

    pointer: Pointer
    """Where the date is: JSON Pointer, or the bare name of one member."""
    unit: Unit = "Auto"
    """What a number counts since 1970. Auto: seconds up to 20,000,000,000, milliseconds above."""


class Empty(Model):
    """Leaves the input null on purpose."""


class Entry(Choice):
    """How one input is filled: exactly one of direct, static, find, collect, date and empty."""

    choices = ("direct", "static", "find", "collect", "date", "empty")
    nullable = ("default",)

    name: Key
    """Name of the input."""
    direct: Direct | None = None
    """Takes the value at a place in the record."""
    static: Static | None = None
    """Takes the same value for every record."""
    find: Find | None = None
    """Takes one element of an array, or a part of it."""
    collect: Collect | None = None
    """Takes one value out of each element of an array, for an input of type array."""
    date: Date | None = None
    """Takes a date, for an input of type date or string."""
    empty: Empty | None = None
    """Leaves an optional input null on purpose."""
    default: Default = None
    """A literal of the input's own type, used when the record has no value; not for static and empty."""

    # CEL cannot see a field without a type, not even by has(). No value but null, which the server compares with types
    # and enums alone, satisfies `not: {}`
    model_config = ConfigDict(
        json_schema_extra={
            "not": {
                "required": ["default"],
                "anyOf": [
                    {"required": ["static"]},
                    {"required": ["empty"]},
                    {"properties": {"default": {"not": {}}}},
                ],
            }
        }
    )

    @model_validator(mode="after")
    def _default_has_a_use(self) -> Self:
        if self.default is not None and (self.static or self.empty):
            raise PydanticCustomError("default", "default is of no use beside static and empty")
        return self

    @property
    def transformation(self) -> str:
        """Which of the choices is given."""
        return next(name for name in self.choices if getattr(self, name) is not None)


class SourceMappingSpec(Model):
    """What the SourceMapping should do."""

    destination_ref: DestinationRef
    """The Destination whose inputs are filled."""
    source: Source
    """Which records the mapping is for."""
    inputs: Annotated[
        tuple[Entry, ...], Field(max_length=100, json_schema_extra=LIST_MAP), AfterValidator(unique_names)
    ]
    """One entry for each input that is filled."""


class SourceMappingStatus(Model):
    """What the operator observed."""

    observed_generation: int = -1
    """The metadata.generation that the rest of the status speaks about; -1 before the first look."""
    conditions: Conditions = ()
    """Accepted, Programmed, their summary Ready, and Reconciling or Stalled while they hold."""
    unmapped: Annotated[
        tuple[str, ...], Field(max_length=100, json_schema_extra={"x-kubernetes-list-type": "set"})
    ] = ()
    """Optional inputs without an entry: they are null."""
    warnings: Annotated[
        tuple[str, ...], Field(max_length=100, json_schema_extra={"x-kubernetes-list-type": "atomic"})
    ] = ()
    """What is legal and looks wrong."""

    model_config = ConfigDict(extra="ignore")


class SourceMapping(Resource):
    """A SourceMapping as read from the API server or from a file."""

    metadata: ObjectMeta
    spec: SourceMappingSpec
    status: SourceMappingStatus = SourceMappingStatus()
