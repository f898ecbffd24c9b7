"""What all models of the API share: camelCase on the wire, frozen in memory, each rule stated once for two judges.

A rule of the API server (CEL, list-map) and its counterpart in Python stand together here, so that an object which no
server has seen is judged alike. Used by the modules beside this one; knows no kind.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, PydanticCustomError

from xkit_operator.errors import InvalidSpec


class Model(BaseModel):
    """A part of an object as users write it: unknown fields are refused. The text under a field describes it."""

    model_config = ConfigDict(
        extra="forbid",
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
    )

    nullable: ClassVar[tuple[str, ...]] = ()
    """Fields in which a null is seen, so that a rule can refuse it."""

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: Any) -> Any:
        """As the API server has it: a null is no value, and the default of the field takes its place."""
        if not isinstance(data, dict) or None not in data.values():
            return data
        droppable = {field.alias for field in cls.model_fields.values()} - {*cls.nullable}
        return {key: value for key, value in data.items() if value is not None or key not in droppable}

    def to_dict(self) -> dict[str, Any]:
        """The camelCase form, JSON types only, without what is absent."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class Resource(Model):
    """A whole object as read from the API server or from a file."""

    api_version: str = ""
    kind: str = ""

    @classmethod
    def parse(cls, obj: Mapping[str, Any]) -> Self:
        """Read an object in its JSON form.

        Raises InvalidSpec, which names every bad field.
        """
        try:
            return cls.model_validate(obj, by_alias=True, by_name=False)
        except ValidationError as error:
            raise invalid_spec(error) from error


class Choice(Model):
    """A model of which exactly one of the fields in `choices` is given."""

    choices: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="after")
    def _one_is_given(self) -> Self:
        if sum(getattr(self, name) is not None for name in self.choices) != 1:
            raise PydanticCustomError("choice", self._rule())
        return self

    @classmethod
    def _rule(cls) -> str:
        return f"exactly one of {', '.join(map(to_camel, cls.choices))} must be given"

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        count = " + ".join(f"(has(self.{to_camel(name)}) ? 1 : 0)" for name in cls.choices)
        schema = handler.resolve_ref_schema(handler(core_schema))
        return {**schema, **cel((f"{count} == 1", cls._rule()))}


class Named(Protocol):
    """An element of a list that is keyed by name."""

    @property
    def name(self) -> str:
        """The key."""


Elements = TypeVar("Elements", bound=tuple[Named, ...])


def unique_names(elements: Elements) -> Elements:
    """Refuse a name that is given twice, as a list-map does."""
    names = [element.name for element in elements]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PydanticCustomError("duplicate", "Duplicate name: {names}", {"names": ", ".join(twice)})
    return elements


def unique_texts(elements: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a text that is given twice, as a set does."""
    twice = sorted({text for text in elements if elements.count(text) > 1})
    if twice:
        raise PydanticCustomError("duplicate", "Duplicate value: {texts}", {"texts": ", ".join(twice)})
    return elements


def cel(*rules: tuple[str, str]) -> dict[str, Any]:
    """The schema extension for CEL `rules`: pairs of an expression and the message that users read."""
    return {"x-kubernetes-validations": [{"rule": rule, "message": message} for rule, message in rules]}


LIST_MAP = {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]}
"""The schema extension for a list whose elements are told apart, and merged, by their name."""


@dataclass(frozen=True, order=True)
class SpecFault:
    """One bad field; `kind` is pydantic's word for what is wrong, such as extra_forbidden."""

    field: tuple[int | str, ...]
    kind: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"

    @property
    def place(self) -> str:
        """The field for people, such as spec.inputs[0].type."""
        return _place(self.field)


def spec_faults(error: ValidationError) -> list[SpecFault]:
    """Every bad field of an object; the values found are not repeated."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    # pydantic counts only the good elements of a list, and finds it too short because of a bad one
    inside = {one["loc"][:length] for one in found for length in range(len(one["loc"]))}
    real = [one for one in found if (one["type"], one["loc"] in inside) != _ECHO]
    return [SpecFault(one["loc"], one["type"], one["msg"]) for one in real]


def invalid_spec(error: ValidationError) -> InvalidSpec:
    """Name every bad field of an object in one error, sorted by place."""
    return InvalidSpec("; ".join(sorted({str(fault) for fault in spec_faults(error)})))


_ECHO = ("too_short", True)


def _place(parts: Iterable[int | str]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).removeprefix(".")
