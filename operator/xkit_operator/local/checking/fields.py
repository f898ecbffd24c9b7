"""Which fields the models have at a place, for those who mistype one."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel


def similar_field(model: type[BaseModel], field: Sequence[int | str]) -> str | None:
    """The name that was probably meant by the last step of `field`, the way to an unknown field of `model`."""
    *way, name = field
    there = [model]
    for step in way:
        if isinstance(step, str):
            there = [inner for one in there for inner in _behind(one, step)]
    known = [str(one.alias or name) for each in there for name, one in each.model_fields.items()]
    same = [one for one in known if one.lower() == str(name).lower()]
    return next(iter([*same, *get_close_matches(str(name), known, n=1)]), None)


def _behind(model: type[BaseModel], step: str) -> Iterator[type[BaseModel]]:
    for field in model.model_fields.values():
        if field.alias == step:
            yield from _models_in(field.annotation)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
