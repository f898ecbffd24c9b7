"""Coercion of arrays and objects: nothing is wrapped, split or parsed, and what is inside must fit, too."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from xkit_operator.mapping.numbers import is_double
from xkit_operator.mapping.result import DOUBLE, MOST_FAULTS, Fault, InputErrorCode, Refused, not_coercible

_CHECKED = (dict, list, int, float)


def to_array(value: Any) -> list[Any]:
    """Arrays, unchanged to the leaves."""
    if type(value) is not list:
        raise not_coercible("an array", value)
    _must_hold_doubles(value)
    return value


def to_object(value: Any) -> dict[str, Any]:
    """Objects, unchanged to the leaves."""
    if type(value) is not dict:
        raise not_coercible("an object", value)
    _must_hold_doubles(value)
    return value


def array_of(coerce: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    """The coercion to an array, each element of which `coerce` takes; one that counts as missing is refused."""

    def to_array_of(value: Any) -> list[Any]:
        if type(value) is not list:
            raise not_coercible("an array", value)
        try:
            coerced = [None if element is None else coerce(element) for element in value]
        except Refused:
            coerced = [None]
        if None in coerced:
            raise Refused(list(islice(_faults(value, coerce), MOST_FAULTS)))
        return coerced

    return to_array_of


def _faults(array: list[Any], coerce: Callable[[Any], Any]) -> Iterator[Fault]:
    """All that is wrong with the elements, in order."""
    for index, element in enumerate(array):
        try:
            missing = element is None or coerce(element) is None
        except Refused as refused:
            yield from (replace(fault, path=(index, *fault.path)) for fault in refused.faults)
            continue
        if missing:
            yield Fault(InputErrorCode.NOT_COERCIBLE, "no missing elements", element, (index,))


def _must_hold_doubles(value: Any) -> None:
    faults = [
        Fault(InputErrorCode.OUT_OF_RANGE, DOUBLE, found, path)
        for found, path in islice(_too_large(value), MOST_FAULTS)
    ]
    if faults:
        raise Refused(faults)


def _too_large(container: Any) -> Iterator[tuple[int | float, tuple[str | int, ...]]]:
    """The numbers inside that no double can hold, in document order, with the steps that lead to them."""
    # own stack: what Python's would bear must not decide about a record; paths are made for containers only
    stack: list[tuple[Any, tuple[str | int, ...]]] = [(container, ())]
    while stack:
        value, path = stack.pop()
        if type(value) is dict or type(value) is list:
            members = list(value.items() if type(value) is dict else enumerate(value))
            stack.extend((member, (*path, step)) for step, member in reversed(members) if type(member) in _CHECKED)
        elif not is_double(value):
            yield value, path
