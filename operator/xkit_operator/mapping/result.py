"""What a compiled mapping makes of a record: inputs, and everything that is wrong with them.

The codes reach senders and metrics; the messages, which may quote the record, reach the sender alone.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from msgspec import Struct

MOST_FAULTS = 20
"""How many errors tell of one input."""
DOUBLE = "a number that a double can hold"


class InputErrorCode(StrEnum):
    """What can be wrong with the value of an input."""

    REQUIRED_INPUT_MISSING = "RequiredInputMissing"
    NOT_COERCIBLE = "NotCoercible"
    OUT_OF_RANGE = "OutOfRange"
    NOT_A_DATE = "NotADate"
    NOT_AN_ARRAY = "NotAnArray"


@dataclass(frozen=True, slots=True)
class InputError:
    """One reason why the function is not called for a record."""

    input: str
    code: InputErrorCode
    message: str
    """Names the input, its type and the value found; at most 300 characters."""
    pointer: str
    """The place in the record, as a JSON Pointer; empty for the whole record and for no place."""


class Resolved(Struct, frozen=True):  # a tenth of a frozen dataclass's cost, once a record
    """The inputs of one record.

    Without errors `inputs` has exactly the declared names; with errors, those that have none.
    """

    inputs: dict[str, Any]
    errors: list[InputError]
    nulled: list[InputError]
    """What would be errors if their inputs did not say onInvalid: Null."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One part of a value that does not become the wanted type."""

    code: InputErrorCode
    expected: str
    found: Any
    path: tuple[str | int, ...] = ()
    """Steps from the value to the part of it that is at fault."""


class Refused(Exception):
    """A value that does not become the wanted type: raised by coercions, collected by their callers in this package."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


def not_coercible(expected: str, found: Any) -> Refused:
    """The refusal of a value of the wrong JSON type or grammar."""
    return Refused([Fault(InputErrorCode.NOT_COERCIBLE, expected, found)])


def out_of_range(expected: str, found: Any) -> Refused:
    """The refusal of a value that the type cannot hold."""
    return Refused([Fault(InputErrorCode.OUT_OF_RANGE, expected, found)])
