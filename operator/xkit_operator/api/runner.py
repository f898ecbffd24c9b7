"""The document that tells a runner what to do: written by the operator into a ConfigMap, read by the dispatcher.

It holds what changes without a new image: inputs, mappings, limits, the names and literals of variables. Texts from
Secrets and ConfigMaps are never in it; they are files beside it.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import Field
from pydantic_core import to_json

from xkit_operator.api.destination import Input, Operation
from xkit_operator.api.model import Model
from xkit_operator.api.names import Key
from xkit_operator.api.sourcemapping import SourceMappingSpec

CONFIGURATION_KEY = "runner.json"
"""Key of the document in the ConfigMap, and name of its file in the Pod."""


class DestinationName(Model):
    """Whom the runner belongs to, for its logs."""

    namespace: str
    name: str


class RunnerLimits(Model):
    """The bounds that the dispatcher keeps."""

    timeout_seconds: Annotated[float, Field(gt=0)]
    concurrency: Annotated[int, Field(ge=1)]


class RunnerVariables(Model):
    """Static configuration for the functions: values given here, and names of files that hold texts."""

    literals: dict[Key, Any] = Field(default_factory=dict)
    files: tuple[Key, ...] = ()


class RunnerMapping(Model):
    """A SourceMapping that fits and is served."""

    name: str
    spec: SourceMappingSpec


class RunnerConfiguration(Model):
    """The whole document."""

    version: Literal[1] = 1
    destination: DestinationName
    inputs: tuple[Input, ...]
    delete_inputs: tuple[Key, ...] | None = None
    """Names of the inputs that a delete needs; None for all."""
    operations: tuple[Operation, ...]
    limits: RunnerLimits
    variables: RunnerVariables = RunnerVariables()
    tokens: Annotated[int, Field(ge=0)] = 0
    """How many bearer tokens are accepted, in files named 0, 1, …; with none, records are taken from everybody."""
    mappings: tuple[RunnerMapping, ...] = ()

    def inputs_of(self, operation: Operation) -> tuple[Input, ...]:
        """The inputs that the function of `operation` gets, in declared order."""
        if operation == "upsert" or self.delete_inputs is None:
            return self.inputs
        return tuple(one for one in self.inputs if one.name in self.delete_inputs)

    def to_text(self) -> str:
        """The document; equal configurations give equal texts, since the text's hash decides about a rollout."""
        return _sorted_json(self.to_dict())

    @classmethod
    def from_text(cls, text: str | bytes) -> Self:
        """Read a document. Raises pydantic's ValidationError: only another release can have written a bad one."""
        return cls.model_validate_json(text)


def _sorted_json(value: Any) -> str:
    return to_json(_sorted(value)).decode()


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(element) for element in value] if isinstance(value, list) else value
