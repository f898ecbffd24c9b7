"""The SourceMapping: how the records of one source app fill the inputs of a Destination.

These models are the one source of crds/sourcemappings.yaml and what operator and dispatcher parse mappings
with. Their docstrings are what `kubectl explain sourcemapping` shows.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, ConfigDict, Field, ValidationError

from xkit_operator.api.conditions import Conditions
from xkit_operator.api.metadata import ObjectMeta
from xkit_operator.api.model import LIST_MAP, Choice, Model, invalid_spec, unique_names
from xkit_operator.api.names import JsonValue, Key, ObjectName, Pointer, Slug


class DestinationRef(Model):
    """A Destination in the same namespace."""

    name: ObjectName
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


class Empty(Model):
    """Leaves the input null on purpose."""


class Entry(Choice):
    """How one input is filled: exactly one of direct, static and empty."""

    choices = ("direct", "static", "empty")

    name: Key
    """Name of the input."""
    direct: Direct | None = None
    """Takes the value at a place in the record."""
    static: Static | None = None
    """Takes the same value for every record."""
    empty: Empty | None = None
    """Leaves an optional input null on purpose."""


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


class SourceMapping(Model):
    """A SourceMapping as read from the API server or from a file."""

    metadata: ObjectMeta
    spec: SourceMappingSpec
    status: SourceMappingStatus = SourceMappingStatus()

    model_config = ConfigDict(extra="ignore")

    @classmethod
    def parse(cls, obj: Mapping[str, Any]) -> Self:
        """Read an object in its JSON form.

        Raises InvalidSpec, which names every bad field.
        """
        try:
            return cls.model_validate(obj)
        except ValidationError as error:
            raise invalid_spec(error) from error
