"""What stands under each field of the models: the text that `kubectl explain` shows.

Read from the source here, when CRDs are generated, and not by pydantic at import: that took 40 ms of every dispatcher's
start.
"""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping

from xkit_operator.api.model import Model

FieldDescriptions = Mapping[str, Mapping[str, str]]
"""By name of the model, then by the field's name on the wire."""


def field_descriptions() -> FieldDescriptions:
    """The texts of all models that have been imported."""
    models = set(_below(Model))
    modules = sorted({model.__module__ for model in models})
    classes = [
        statement
        for module in modules
        for statement in ast.parse(inspect.getsource(sys.modules[module])).body
        if isinstance(statement, ast.ClassDef)
    ]
    own = {one.name: dict(_texts(one)) for one in classes}
    return {model.__name__: _inherited(model, own) for model in models}


def _below(model: type[Model]) -> Iterator[type[Model]]:
    for child in model.__subclasses__():
        yield child
        yield from _below(child)


def _inherited(model: type[Model], own: FieldDescriptions) -> dict[str, str]:
    """The texts of a model and of those that it extends; its own win."""
    lines = [own.get(one.__name__, {}) for one in reversed(model.__mro__)]
    found = {field: text for texts in lines for field, text in texts.items()}
    return {str(field.alias): found[name] for name, field in model.model_fields.items() if name in found}


def _texts(model: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, text in zip(model.body, model.body[1:], strict=False):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                yield name, " ".join(words.split())
