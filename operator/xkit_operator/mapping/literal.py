"""Static values: literals that must already be of the input's type; nothing is coerced."""

from typing import Any

from xkit_operator.api.destination import InputType
from xkit_operator.mapping.coercion import COERCIONS
from xkit_operator.mapping.result import Fault, InputErrorCode, Refused

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


def literal(value: Any, kind: InputType) -> Any:
    """The value in the form that the function sees: 5.0 is the integer 5, a date text gets the date form.

    Raises Refused when it is of another type: "5" is no integer, true is no string.
    """
    result = COERCIONS[kind](value) if type(value) in _LITERALS[kind] else None
    if result is None:
        raise Refused([Fault(InputErrorCode.NOT_COERCIBLE, _ARTICLES.get(kind, f"a {kind}"), value)])
    return result
