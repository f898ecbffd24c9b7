"""Transformations: what a record gives for an input, before it is coerced, and where in the record that lies.

`get` runs for every record. `place` and `lack` are asked when something is wrong or somebody wants to know: they look
again, so that a record without errors pays nothing for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from xkit_operator.mapping.equality import equal_to
from xkit_operator.mapping.pointer import Getter, format_pointer, getter, parse_pointer
from xkit_operator.mapping.rendering import render, shorten
from xkit_operator.mapping.result import Fault, InputErrorCode, Refused

if TYPE_CHECKING:
    from xkit_operator.api.sourcemapping import Collect, Find

Steps = tuple[str | int, ...]
MOST_SEEN = 10


class Transformation(Protocol):
    """Where the value of one input comes from."""

    @property
    def get(self) -> Getter:
        """The value in a record; None when there is none. Raises Refused when an array is wanted and no array there."""

    def place(self, record: Any, path: Steps = ()) -> Steps:
        """The steps through `record` to the part `path` of what `get` gives, or to where it looked in vain."""

    def lack(self, record: Any) -> str:
        """Why `get` gives None, as the end of a sentence."""


class Constant:
    """The same for every record: a static value, or None."""

    def __init__(self, value: Any) -> None:
        self.get: Getter = lambda record: value

    def place(self, record: Any, path: Steps = ()) -> Steps:
        return path

    def lack(self, record: Any) -> str:
        return "nothing fills it"


class At:
    """What is at a place in the record."""

    def __init__(self, pointer: str) -> None:
        """Raises InvalidSpec when the pointer does not parse; so do those below."""
        self.parts = parse_pointer(pointer)
        self.get = getter(self.parts)

    def place(self, record: Any, path: Steps = ()) -> Steps:
        return (*self.parts, *path)

    def lack(self, record: Any) -> str:
        return f"the record has nothing at {written(self.parts)}"


class FoundElement:
    """The first element of an array that has a certain value at a certain place, or a part of it."""

    def __init__(self, find: Find) -> None:
        self._array = At(find.pointer)
        self._property = getter(parse_pointer(find.where.property))
        self._matches = equal_to(find.where.equals)
        self._extract = At("" if find.extract is None else find.extract)

    def get(self, record: Any) -> Any:
        array = elements(self._array.get(record))
        index = self._index(array)
        return None if index is None else self._extract.get(array[index])

    def place(self, record: Any, path: Steps = ()) -> Steps:
        array = self._array.get(record)
        index = self._index(array) if type(array) is list else None
        return self._array.parts if index is None else (*self._array.parts, index, *self._extract.parts, *path)

    def lack(self, record: Any) -> str:
        place = self.place(record)
        if place == self._array.parts and self._array.get(record) is not None:
            return f"no element at {written(place)} matches"
        return f"the record has nothing at {written(place)}"

    def seen(self, record: Any) -> tuple[str, ...] | None:
        """The different values where one was looked for, rendered, at most ten; None when an element matched."""
        array = self._array.get(record)
        if type(array) is not list or self._index(array) is not None:
            return None
        values = (self._property(element) for element in array if type(element) is dict)
        return tuple(dict.fromkeys(render(value) for value in values if value is not None))[:MOST_SEEN]

    def _index(self, array: list[Any]) -> int | None:
        for index, element in enumerate(array):
            if type(element) is dict and self._matches(self._property(element)):
                return index
        return None


class CollectedValues:
    """One value out of each element of an array that has it."""

    def __init__(self, collect: Collect) -> None:
        self._array = At(collect.pointer)
        self._extract = At(collect.extract)

    def get(self, record: Any) -> list[Any] | None:
        array = self._array.get(record)
        if array is None:
            return None
        extract = self._extract.get
        return [value for element in elements(array) if (value := extract(element)) is not None]

    def place(self, record: Any, path: Steps = ()) -> Steps:
        if not path:
            return self._array.parts
        extract = self._extract.get
        having = [index for index, element in enumerate(self._array.get(record)) if extract(element) is not None]
        return (*self._array.parts, having[int(path[0])], *self._extract.parts, *path[1:])

    def lack(self, record: Any) -> str:
        return self._array.lack(record)


def elements(array: Any) -> list[Any]:
    """The elements of an array, none where there is none. Raises Refused for anything else."""
    if array is None:
        return []
    if type(array) is not list:
        raise Refused([Fault(InputErrorCode.NOT_AN_ARRAY, "elements of an array", array)])
    return array


def written(place: Steps) -> str:
    """A place for people, bounded."""
    return shorten(format_pointer(place)) or "its root"
