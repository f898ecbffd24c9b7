"""Literals in a mapping, static values and defaults: they must already be of the input's type; nothing is coerced."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xkit_operator.mapping.coercion import COERCIONS
from xkit_operator.mapping.result import Fault, Refused, not_coercible

if TYPE_CHECKING:
    from xkit_operator.api.destination import Input, InputType

_LITERALS: dict[InputType, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int, float),
    "boolean": (bool,),
    "date": (str,),
    "array": (list,),
    "object": (dict,),
}
_ARTICLES: dict[InputType, str] = {"integer": "an integer", "array": "an array", "object": "an object"}


def literal(value: Any, declared: Input) -> Any:
    """The value in the form that the function sees: 5.0 is the integer 5, a date text gets the date form.

    Raises Refused when it, or an element of it, is of another type: "5" is no integer, true is no string.
    """
    whole = _literal(value, declared.type)
    if declared.items is None:
        return whole
    kind = declared.items.type
    return [_element(element, kind, index) for index, element in enumerate(whole)]


def _literal(value: Any, kind: InputType) -> Any:
    result = COERCIONS[kind](value) if type(value) in _LITERALS[kind] else None
    if result is None:
        raise not_coercible(_ARTICLES.get(kind, f"a {kind}"), value)
    return result


def _element(value: Any, kind: InputType, index: int) -> Any:
    try:
        return _literal(value, kind)
    except Refused as refused:
        raise Refused([_inside(fault, index) for fault in refused.faults]) from refused


def _inside(fault: Fault, index: int) -> Fault:
    return replace(fault, expected=f"an array whose elements are each {fault.expected}", path=(index, *fault.path))
