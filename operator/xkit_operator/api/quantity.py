"""Durations (`1m30s`), memory sizes (`256Mi`) and CPUs (`500m`) as Kubernetes users write them, and what they come to.

The text is kept in the models, so that what users read back is what they wrote.
"""

import math
import re
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from xkit_operator.api.model import cel

_SECONDS = {"ms": Decimal("0.001"), "s": Decimal(1), "m": Decimal(60), "h": Decimal(3600)}
_BYTES = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)")
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)(Ki|Mi|Gi|k|M|G)?")

LONGEST_TIMEOUT = 3600
LEAST_MEMORY = 64 * 2**20
LEAST_MILLICORES = 100
MOST_MILLICORES = 64_000


def seconds(duration: str) -> float:
    """How long `duration` is; the text has the form that `Timeout` demands."""
    return float(sum(Decimal(number) * _SECONDS[unit] for number, unit in _PART.findall(duration)))


def whole_bytes(size: str) -> int:
    """How many bytes `size` is, rounded up as Kubernetes does; the text has the form that `Memory` demands."""
    number, unit = _SIZE.fullmatch(size).groups("")  # type: ignore[union-attr]
    return math.ceil(Decimal(number) * _BYTES[unit])


def millicores(cpu: str) -> int:
    """How many thousandths of a CPU `cpu` is; the text has the form that `Cpu` demands."""
    return int(cpu[:-1]) if cpu.endswith("m") else int(Decimal(cpu) * 1000)


def _within_an_hour(duration: str) -> str:
    if not 0 < seconds(duration) <= LONGEST_TIMEOUT:
        raise PydanticCustomError("timeout", "The timeout must be more than 0s and at most 1h")
    return duration


def _enough_for_node(size: str) -> str:
    if whole_bytes(size) < LEAST_MEMORY:
        raise PydanticCustomError("memory", "The memory must be at least 64Mi: Node.js itself needs it")
    return size


def _enough_and_not_too_much(cpu: str) -> str:
    if not LEAST_MILLICORES <= millicores(cpu) <= MOST_MILLICORES:
        raise PydanticCustomError("cpu", "The CPU must be at least 100m and at most 64")
    return cpu


Timeout = Annotated[
    str,
    Field(
        pattern=r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$",
        max_length=32,
        json_schema_extra=cel(
            (
                "duration(self) > duration('0s') && duration(self) <= duration('1h')",
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
                "!quantity(self).isLessThan(quantity('64Mi'))",
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
                "!quantity(self).isLessThan(quantity('100m')) && !quantity(self).isGreaterThan(quantity('64'))",
                "The CPU must be at least 100m and at most 64",
            )
        ),
    ),
    AfterValidator(_enough_and_not_too_much),
]
"""A number of CPUs such as `1`, `0.5` or `500m`."""
