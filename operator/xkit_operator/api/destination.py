"""The Destination: where records are sent, as two JavaScript functions, typed inputs and static variables.

These models are the one source of crds/destinations.yaml and what the operator parses objects with. Their docstrings
are what `kubectl explain destination` shows.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from xkit_operator.api.autoscaling import Autoscaling
from xkit_operator.api.conditions import Conditions
from xkit_operator.api.metadata import ObjectMeta
from xkit_operator.api.model import LIST_MAP, Choice, Model, Resource, cel, unique_names, unique_texts
from xkit_operator.api.names import DataKey, Description, JsonValue, Key, ObjectName, ServiceName
from xkit_operator.api.network import Network
from xkit_operator.api.podtemplate import PodOverrides
from xkit_operator.api.quantity import WHOLE, Cpu, Memory, Timeout, millicores, seconds, whole_bytes

InputType = Literal["string", "number", "integer", "boolean", "date", "array", "object"]
OnInvalid = Literal["Fail", "Null"]
ModuleType = Literal["Auto", "CommonJS", "ESModule"]
Operation = Literal["upsert", "delete"]
Flag = Annotated[bool, Field(strict=True)]


LONGEST_SOURCE = 131_072
"""How many characters a function may have, wherever it is written."""

IMAGE_HISTORY = 32
"""How many images a status remembers: more than any `revisionHistoryLimit`, and no burden on the watches."""

_ITEMS_RULE = "items is only for inputs of type array"
_NULL_RULE = "onInvalid may be Null only if the input is optional"
_DELETE_RULE = "functions.delete.inputs may name declared inputs only"


class KeyRef(Model):
    """A key of a Secret or ConfigMap in the same namespace."""

    name: ObjectName
    """Name of the Secret or ConfigMap."""
    key: DataKey
    """Key in its data."""


class ValueFrom(Choice):
    """Where the value of a variable is read from; it is always a text."""

    choices = ("secret_key_ref", "config_map_key_ref")

    secret_key_ref: KeyRef | None = None
    """A key of a Secret."""
    config_map_key_ref: KeyRef | None = None
    """A key of a ConfigMap."""


class Variable(Model):
    """Static configuration that both functions see as variables.NAME. Exactly one of value and valueFrom is given."""

    name: Key
    """Name of the variable."""
    value: JsonValue = None
    """Any JSON value but null."""
    value_from: ValueFrom | None = None
    """A key of a Secret or ConfigMap; the value is its text."""

    # oneOf, since CEL cannot see a field without a type, not even by has()
    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["value"]}, {"required": ["valueFrom"]}]})

    @model_validator(mode="after")
    def _one_is_given(self) -> Self:
        if (self.value is None) == (self.value_from is None):
            raise PydanticCustomError("choice", "exactly one of value, valueFrom must be given")
        return self


class Items(Model):
    """What every element of an array is."""

    type: InputType
    """Type of the elements; each is coerced to it, and none is null."""


class Input(Model):
    """One value that the functions receive as inputs.NAME, of a type that is guaranteed."""

    name: Key
    """Name of the input."""
    type: InputType
    """Type of the value; a date arrives as text in the form YYYY-MM-DDTHH:MM:SS.mmmZ, UTC."""
    optional: Flag = False
    """Whether the value may be null. Without it a record that has no value is rejected."""
    items: Items | None = None
    """What every element of an array is; without it, elements are passed on as they are."""
    on_invalid: OnInvalid = "Fail"
    """What to do with a value that does not become the type: reject the record (Fail), or pass null for it (Null),
    which may erase what the other side has; only an optional input can be null."""
    description: Description | None = None
    """What the input means, for those who write mappings."""

    model_config = ConfigDict(
        json_schema_extra=cel(
            ("!has(self.items) || self.type == 'array'", _ITEMS_RULE),
            ("self.onInvalid != 'Null' || self.optional", _NULL_RULE),
        )
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.items is not None and self.type != "array":
            raise PydanticCustomError("items", _ITEMS_RULE)
        if self.on_invalid == "Null" and not self.optional:
            raise PydanticCustomError("null", _NULL_RULE)
        return self


class SourceFrom(Model):
    """Where the source of a function is read from."""

    config_map_key_ref: KeyRef
    """A key of a ConfigMap in the same namespace; its text is the source, of at most 131072 characters. A change is
    seen at once if the ConfigMap has the label xkit.dev/reload: "true", else within minutes."""


class Function(Choice):
    """One JavaScript function. Exactly one of source and sourceFrom is given."""

    choices = ("source", "source_from")

    source: Annotated[str, Field(min_length=1, max_length=LONGEST_SOURCE)] | None = None
    """Source, CommonJS or ES module, that exports an async function of one argument: {variables, inputs, context,
    connection, source, meta}. Two long functions exceed the 256 KiB that client-side kubectl apply can carry: use
    kubectl apply --server-side, or sourceFrom."""
    source_from: SourceFrom | None = None
    """Where the source is read from, when it does not stand here."""
    module_type: ModuleType = "Auto"
    """Whether the source is a CommonJS or an ES module; Auto: CommonJS if it parses as that, else an ES module."""


class DeleteFunction(Function):
    """The JavaScript function for deleted records, which often have less to tell than others."""

    inputs: (
        Annotated[
            tuple[Key, ...],
            Field(max_length=100, json_schema_extra={"x-kubernetes-list-type": "set"}),
            AfterValidator(unique_texts),
        ]
        | None
    ) = None
    """Names of the inputs that a delete needs; the others are neither looked at nor passed. Without it: all inputs."""


class Functions(Model):
    """The functions by operation; records of an operation without one are skipped."""

    upsert: Function | None = None
    """Called for every new or changed record."""
    delete: DeleteFunction | None = None
    """Called for every deleted record."""

    model_config = ConfigDict(
        json_schema_extra=cel(("has(self.upsert) || has(self.delete)", "at least one of upsert, delete must be given"))
    )

    @model_validator(mode="after")
    def _at_least_one(self) -> Self:
        if not self.given():
            raise PydanticCustomError("choice", "at least one of upsert, delete must be given")
        return self

    def given(self) -> dict[Operation, Function]:
        """Each function that there is, by its operation."""
        both: dict[Operation, Function | None] = {"upsert": self.upsert, "delete": self.delete}
        return {operation: function for operation, function in both.items() if function}

    def module_types(self) -> dict[Operation, ModuleType]:
        """The module type of each function that is given."""
        return {operation: function.module_type for operation, function in self.given().items()}


class Limits(Model):
    """What one record, one Pod and one executor may use."""

    timeout: Timeout = "30s"
    """How long one call of a function may take, such as 30s or 1m30s; at most 1h."""
    concurrency: Annotated[int, Field(strict=True, ge=1, le=1000), WHOLE] = 20
    """How many records may run at once in one Pod; five times as many may wait."""
    memory: Memory = "256Mi"
    """Memory of each process that runs the functions; at least 64Mi."""
    cpu: Cpu = "1"
    """CPU of the function container, such as 500m or 2; one process for each whole CPU runs the functions."""

    @property
    def timeout_seconds(self) -> float:
        """The timeout as a number."""
        return seconds(self.timeout)

    @property
    def memory_bytes(self) -> int:
        """The memory as a number."""
        return whole_bytes(self.memory)

    @property
    def cpu_millicores(self) -> int:
        """The CPU in thousandths."""
        return millicores(self.cpu)


class Token(Model):
    """A bearer token that is accepted."""

    secret_key_ref: KeyRef
    """A key of a Secret in the same namespace; its text is the token."""


class Auth(Model):
    """Who may send records."""

    tokens: Annotated[
        tuple[Token, ...], Field(min_length=1, max_length=20, json_schema_extra={"x-kubernetes-list-type": "atomic"})
    ]
    """The bearer tokens that are accepted: several at once while one replaces another."""


class DestinationSpec(Model):
    """What the Destination should be."""

    type: Literal["Function"] = "Function"
    """Kind of Destination."""
    runtime: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*$", max_length=63)] = "nodejs14"
    """Runtime that the functions run on, out of those that the operator ships."""
    variables: Annotated[
        tuple[Variable, ...], Field(max_length=100, json_schema_extra=LIST_MAP), AfterValidator(unique_names)
    ] = ()
    """Static configuration for the functions."""
    inputs: Annotated[
        tuple[Input, ...],
        Field(min_length=1, max_length=100, json_schema_extra=LIST_MAP),
        AfterValidator(unique_names),
    ]
    """The values that the functions receive for each record."""
    functions: Functions
    """The JavaScript functions that are called."""
    limits: Limits = Limits()
    """Bounds on time, concurrency, memory and CPU."""
    auth: Auth | None = None
    """Who may send records. Without it: everybody who can reach the Service."""
    replicas: Annotated[int, Field(strict=True, ge=0, le=1000), WHOLE] = 1
    """Number of Pods; also set by kubectl scale, and by autoscalers that are made for this object by others. Not looked
    at while autoscaling is given."""
    autoscaling: Autoscaling | None = None
    """A HorizontalPodAutoscaler for the Pods. When it is taken away, their number stays until replicas changes."""
    network: Network | None = None
    """A NetworkPolicy for the Pods. Without it there is none."""
    pod: PodOverrides | None = None
    """Where and how the Pods run."""
    paused: Flag = False
    """Whether the operator leaves everything of this Destination as it is, whatever else is changed here."""
    revision_history_limit: Annotated[int, Field(strict=True, ge=0, le=20), WHOLE] = 3
    """Number of earlier versions to keep for kubectl rollout undo: as ReplicaSets, and their images in the registry."""

    model_config = ConfigDict(
        json_schema_extra=cel(
            (
                "!has(self.functions.delete) || !has(self.functions.delete.inputs)"
                " || self.functions.delete.inputs.all(name, self.inputs.exists(input, input.name == name))",
                _DELETE_RULE,
            )
        )
    )

    @model_validator(mode="after")
    def _delete_inputs_are_declared(self) -> Self:
        wanted = self.functions.delete.inputs if self.functions.delete else None
        if not {one.name for one in self.inputs}.issuperset(wanted or ()):
            raise PydanticCustomError("delete_inputs", _DELETE_RULE)
        return self


class DestinationStatus(Model):
    """What the operator observed."""

    observed_generation: int = -1
    """The metadata.generation that the rest of the status speaks about; -1 before the first look."""
    conditions: Conditions = ()
    """Accepted, Built, Deployed, Available, their summary Ready, and Reconciling or Stalled while they hold."""
    image: str | None = None
    """Image of the functions, by digest."""
    image_history: Annotated[tuple[str, ...], Field(max_length=IMAGE_HISTORY)] | None = None
    """Digests of the images that were used and not deleted since, the newest first."""
    source_hash: str | None = None
    """Hash over the functions and the runtime that the image was built from."""
    runtime: str | None = None
    """Runtime that the image stands on: its name and its digest, such as nodejs14@sha256:…."""
    url: str | None = None
    """Where records are sent to, inside the cluster."""
    sources: str | None = None
    """Slugs of the sources that are served, joined by commas."""
    replicas: int | None = None
    """Number of Pods that exist."""
    ready_replicas: int | None = None
    """Number of Pods that are ready."""
    selector: str | None = None
    """Label selector of the Pods, for autoscalers."""

    model_config = ConfigDict(extra="ignore")


class DestinationMeta(ObjectMeta):
    """Metadata of a Destination."""

    name: ServiceName


class Destination(Resource):
    """A Destination as read from the API server or from a file."""

    metadata: DestinationMeta
    spec: DestinationSpec
    status: DestinationStatus = DestinationStatus()
