"""Numbers, durations (`1m30s`), memory sizes (`256Mi`) and CPUs (`500m`) as Kubernetes users write them.

The text is kept in the models, so that what users read back is what they wrote.
"""

import math
import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from xkit_operator.api.model import cel

_NANOSECONDS = {"ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_BYTES = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
_DURATION = r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$"
_PART = re.compile(r"([0-9]+)(?:\.([0-9]+))?(ms|s|m|h)")
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)(Ki|Mi|Gi|k|M|G)?")

_NANO = 10**9

LONGEST_TIMEOUT = 3600
LEAST_MEMORY = 64 * 2**20
LEAST_MILLICORES = 100
MOST_MILLICORES = 64_000


def seconds(duration: str) -> float:
    """How long `duration` is; the text has the form that `Timeout` demands."""
    return sum(_nanoseconds(*part) for part in _PART.findall(duration)) / 10**9


def whole_bytes(size: str) -> int:
    """How many bytes `size` is, rounded up as Kubernetes does; the text has the form that `Memory` demands."""
    return math.ceil(_bytes(size))


def _bytes(size: str) -> Decimal:
    number, unit = _SIZE.fullmatch(size).groups("")  # type: ignore[union-attr]
    return Decimal(number) * _BYTES[unit]


def millicores(cpu: str) -> int:
    """How many thousandths of a CPU `cpu` is; the text has the form that `Cpu` demands."""
    return int(cpu[:-1]) if cpu.endswith("m") else int(Decimal(cpu) * 1000)


def _nanoseconds(whole: str, fraction: str, unit: str) -> int:
    """As time.ParseDuration of Go, which cuts a fraction of a nanosecond off: the API server's rule compares these."""
    scale = _NANOSECONDS[unit]
    return int(whole) * scale + int(float(fraction or 0) * (scale / 10 ** len(fraction)))


def _within_an_hour(duration: str) -> str:
    if not 0 < seconds(duration) <= LONGEST_TIMEOUT:
        raise PydanticCustomError("timeout", "The timeout must be more than 0s and at most 1h")
    return duration


def _enough_for_node(size: str) -> str:
    if math.ceil(_bytes(size) * _NANO) < LEAST_MEMORY * _NANO:  # billionths, to which Kubernetes rounds quantities up
        raise PydanticCustomError("memory", "The memory must be at least 64Mi: Node.js itself needs it")
    return size


def _enough_and_not_too_much(cpu: str) -> str:
    if not LEAST_MILLICORES <= millicores(cpu) <= MOST_MILLICORES:
        raise PydanticCustomError("cpu", "The CPU must be at least 100m and at most 64")
    return cpu


def _whole(number: Any) -> Any:
    return int(number) if isinstance(number, float) and number.is_integer() else number


WHOLE = BeforeValidator(_whole)
"""Of integers: `2.0` is taken, too, since kubectl writes it as 2."""

# The rules below say nothing about a text of another form: its pattern does, and a rule that fails to read it would say
# so a second time.
Timeout = Annotated[
    str,
    Field(
        pattern=_DURATION,
        max_length=32,
        json_schema_extra=cel(
            (
                f"!self.matches(r'{_DURATION}') || duration(self) > duration('0s') && duration(self) <= duration('1h')",
                "The timeout must be more than 0s and at most 1h",
            )
        ),
    ),
    AfterValidator(_within_an_hour),
]
"""A duration such as `30s`, `1m30s` or `500ms`."""

Memory = Annotated[
    str,
    Field(
        pattern=r"^[0-9]+(\.[0-9]+)?(Ki|Mi|Gi|k|M|G)?$",
        max_length=20,
        json_schema_extra=cel(
            (
                "!isQuantity(self) || !quantity(self).isLessThan(quantity('64Mi'))",
                "The memory must be at least 64Mi: Node.js itself needs it",
            )
        ),
    ),
    AfterValidator(_enough_for_node),
]
"""A size such as `256Mi` or `1Gi`."""

Cpu = Annotated[
    str,
    Field(
        pattern=r"^([0-9]+m|[0-9]+(\.[0-9]{1,3})?)$",
        max_length=12,
        json_schema_extra=cel(
            (
                "!isQuantity(self)"
                " || !quantity(self).isLessThan(quantity('100m')) && !quantity(self).isGreaterThan(quantity('64'))",
                "The CPU must be at least 100m and at most 64",
            )
        ),
    ),
    AfterValidator(_enough_and_not_too_much),
]
"""A number of CPUs such as `1`, `0.5` or `500m`."""
