"""The key of an object: what the watches put into the queue, and all that a reconcile is told."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["Destination", "SourceMapping"]


@dataclass(frozen=True, order=True, slots=True)
class Key:
    """One of our objects, by name: whether it exists, and what it says now, is for the reconcile to read."""

    kind: Kind
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}"
