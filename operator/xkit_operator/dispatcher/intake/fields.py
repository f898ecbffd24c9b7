"""The members of one JSON object, read one by one, and every mistake that is found on the way. Pure.

Shared by a record's envelope and by CloudEvents, whose members lie in other places: each error names the place where
its sender has put the member. Members that are null count as not given.
"""

from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from xkit_operator.mapping.numbers import hold_doubles
from xkit_operator.mapping.pointer import format_pointer

MOST_UNKNOWN = 20
"""Members that are named: the answer must not be far more than the request."""
_MOST_NAME = 80

RecordErrorCode = Literal["UnknownField", "RequiredFieldMissing", "InvalidField", "NumberOutOfRange"]


@dataclass(frozen=True, slots=True)
class RecordError:
    """One mistake in what a sender sent."""

    code: RecordErrorCode
    pointer: str
    """A JSON Pointer into the record or event; for an attribute that is a header, the header's name."""
    message: str


class Fields:
    """The members of one object, read; what is wrong with them goes into `errors`."""

    def __init__(
        self, value: dict[str, Any], errors: list[RecordError], *, place: str = "", header: str = "", label: str = ""
    ) -> None:
        """`place` points to the object; where members are headers, `header` is what comes before their names there.

        `label` comes before a member's name in messages.
        """
        self._value = value
        self._errors = errors
        self._place = place
        self._header = header
        self._label = header or label

    def get(self, name: str) -> Any:
        """The member as it is."""
        return self._value.get(name)

    def text(self, name: str, *, required: bool = False) -> str | None:
        found = self._value.get(name)
        if isinstance(found, str) and found:
            return found
        if found is not None:
            self.invalid(name, "must be a text that is not empty")
        elif required:
            self.missing(name)
        return None

    def object(self, name: str, *, required: bool = False) -> dict[str, Any]:
        found = self._value.get(name)
        if isinstance(found, dict):
            return found
        if found is not None:
            self.invalid(name, "must be a JSON object")
        elif required:
            self.missing(name)
        return {}

    def source(self, expected: str = 'an object such as {"slug": "hubspot"}') -> dict[str, Any]:
        """The source of a record, by which its mapping is chosen; `expected` is told when it is missing."""
        if self._value.get("source") is None:
            self.missing("source", expected)
            return {}
        source = self.object("source")
        if not isinstance(self._value["source"], dict):
            return source
        slug, kind = source.get("slug"), source.get("object")
        if slug is None:
            self.missing("source.slug")
        elif not isinstance(slug, str) or not slug:
            self.invalid("source.slug", "must be a text that is not empty")
        if kind is not None and not isinstance(kind, str):
            self.invalid("source.object", "must be a text")
        return source

    def attempt(self) -> int:
        found = self._value.get("attempt", 1)
        if found is None:
            return 1
        if type(found) is int and 1 <= found < 2**53:
            return found
        self.invalid("attempt", "must be an integer from 1")
        return 1

    def check_numbers(self, *names: str) -> None:
        """These members reach the function as they are; a number that no double can hold would arrive as Infinity."""
        for name in names:
            value = self._value.get(name)
            if value and isinstance(value, dict) and not hold_doubles(value.values()):
                self._fault("NumberOutOfRange", name, f"{self._label}{name} holds a number that no double can hold")

    def check_names(self, known: frozenset[str], what: str) -> None:
        """Refuse other members; `what` is what they are no fields of."""
        if self._value.keys() <= known:
            return
        unknown = (name for name in self._value if name not in known)
        for name in islice(unknown, MOST_UNKNOWN):
            pointer = self._place + format_pointer((name[:_MOST_NAME],))
            self._errors.append(RecordError("UnknownField", pointer, f"{name[:_MOST_NAME]} is no field of {what}"))

    def missing(self, name: str, expected: str = "") -> None:
        """Say that a required member is not there; `name` has dots between its steps."""
        message = f"{self._label}{name} is missing" + (f": {expected}" if expected else "")
        self._fault("RequiredFieldMissing", name, message)

    def invalid(self, name: str, rule: str) -> None:
        """Say which rule a member breaks."""
        self._fault("InvalidField", name, f"{self._label}{name} {rule}")

    def _fault(self, code: RecordErrorCode, name: str, message: str) -> None:
        pointer = self._header + name if self._header else f"{self._place}/{name.replace('.', '/')}"
        self._errors.append(RecordError(code, pointer, message))
