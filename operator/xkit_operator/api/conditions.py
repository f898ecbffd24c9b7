"""Conditions: what an object says about itself, from a closed set of types and reasons.

The operator's reconcilers decide type, status, reason and message; the functions here keep the list that is written to
the status. Pure: the time is given. docs/reference/conditions.md has one section for each reason.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from xkit_operator.api.model import Model

Status = Literal["True", "False", "Unknown"]
MESSAGE_LIMIT = 4096
"""Characters of a message; the API would take 32,768, people would not read them."""


class ConditionType(StrEnum):
    """What a condition speaks about."""

    ACCEPTED = "Accepted"
    BUILT = "Built"
    DEPLOYED = "Deployed"
    AVAILABLE = "Available"
    PROGRAMMED = "Programmed"
    READY = "Ready"
    RECONCILING = "Reconciling"
    STALLED = "Stalled"


class Reason(StrEnum):
    """Why a condition has its status."""

    ACCEPTED = "Accepted"
    BUILT = "Built"
    DEPLOYED = "Deployed"
    AVAILABLE = "Available"
    PROGRAMMED = "Programmed"
    READY = "Ready"
    SCALED_TO_ZERO = "ScaledToZero"
    PAUSED = "Paused"

    PENDING = "Pending"
    ROLLING_OUT = "RollingOut"

    REBASE_WAITING = "RebaseWaiting"
    REBASE_STOPPED = "RebaseStopped"
    REBASING = "Rebasing"
    REBASED = "Rebased"
    REBASE_FAILED = "RebaseFailed"

    INVALID_SPEC = "InvalidSpec"
    UNKNOWN_RUNTIME = "UnknownRuntime"
    FUNCTION_SYNTAX_ERROR = "FunctionSyntaxError"
    CONFIG_MAP_NOT_FOUND = "ConfigMapNotFound"
    CONFIG_MAP_KEY_NOT_FOUND = "ConfigMapKeyNotFound"
    SERVICE_ACCOUNT_NOT_FOUND = "ServiceAccountNotFound"
    DESTINATION_NOT_FOUND = "DestinationNotFound"
    MAPPING_DOES_NOT_FIT = "MappingDoesNotFit"
    SOURCE_CONFLICT = "SourceConflict"
    CONFLICT = "Conflict"
    INVALID_POD_SPEC = "InvalidPodSpec"
    INVALID_NETWORK_SPEC = "InvalidNetworkSpec"
    INVALID_AUTOSCALING_SPEC = "InvalidAutoscalingSpec"

    REGISTRY_UNREACHABLE = "RegistryUnreachable"
    REGISTRY_UNAUTHORIZED = "RegistryUnauthorized"
    REGISTRY_REFUSED = "RegistryRefused"
    INVALID_CREDENTIALS = "InvalidCredentials"

    API_UNREACHABLE = "ApiUnreachable"
    API_CONFLICT = "ApiConflict"
    API_NOT_FOUND = "ApiNotFound"
    API_FORBIDDEN = "ApiForbidden"
    QUOTA_EXCEEDED = "QuotaExceeded"
    API_REFUSED = "ApiRefused"

    INVALID_SETTING = "InvalidSetting"
    BUILD_FAILED = "BuildFailed"

    FUNCTION_LOAD_FAILED = "FunctionLoadFailed"
    IMAGE_PULL_FAILED = "ImagePullFailed"
    SECRET_NOT_FOUND = "SecretNotFound"  # noqa: S105 - the name of a reason
    SECRET_KEY_NOT_FOUND = "SecretKeyNotFound"  # noqa: S105 - the name of a reason
    CRASH_LOOP = "CrashLoop"
    MEMORY_EXCEEDED = "MemoryExceeded"
    UNSCHEDULABLE = "Unschedulable"
    DEADLINE_EXCEEDED = "DeadlineExceeded"

    IMAGES_DELETED = "ImagesDeleted"
    IMAGES_NOT_DELETED = "ImagesNotDeleted"


def _date_time(schema: dict[str, Any]) -> None:
    del schema["default"]
    schema["format"] = "date-time"


class Condition(Model):
    """One observation about the object."""

    type: Annotated[str, Field(min_length=1, max_length=316)]
    """What the condition speaks about, such as Ready."""
    status: Status
    """True, False or Unknown."""
    reason: Annotated[str, Field(pattern=r"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$", max_length=1024)]
    """Why, in one CamelCase word; the documentation has a section for each."""
    message: Annotated[str, Field(max_length=32768)]
    """What was found and what to do, for people."""
    observed_generation: Annotated[int, Field(ge=0)] | None = None
    """The metadata.generation that was looked at."""
    # the API demands it; here it is empty until `set_condition` stamps it
    last_transition_time: Annotated[str, Field(json_schema_extra=_date_time)] = ""
    """When status last changed."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={"required": ["type", "status", "reason", "message", "lastTransitionTime"]},
    )


Conditions = Annotated[
    tuple[Condition, ...],
    Field(max_length=16, json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"]}),
]
"""The conditions of an object, one of each type."""


def condition(
    kind: ConditionType, status: Status, reason: Reason, message: str = "", *, observed_generation: int | None = None
) -> Condition:
    """A condition of the closed set, its message bounded, its time not yet set."""
    return Condition(
        type=kind.value,
        status=status,
        reason=reason.value,
        message=message if len(message) <= MESSAGE_LIMIT else message[: MESSAGE_LIMIT - 1] + "…",
        observed_generation=observed_generation,
    )


def find_condition(conditions: Iterable[Condition], kind: str) -> Condition | None:
    """The condition of a type, if there is one."""
    return next((one for one in conditions if one.type == kind), None)


def set_condition(conditions: Sequence[Condition], new: Condition, now: str) -> tuple[Condition, ...]:
    """Put `new` in the place of the condition of its type, or at the end.

    Its lastTransitionTime is `now` (RFC 3339), or that of the condition before it when the status is the same.
    """
    old = find_condition(conditions, new.type)
    stamp = old.last_transition_time if old and old.status == new.status else now
    new = new.model_copy(update={"last_transition_time": stamp})
    if old is None:
        return (*conditions, new)
    return tuple(new if one is old else one for one in conditions)


def summarise(conditions: Iterable[Condition], *, observed_generation: int | None = None) -> Condition:
    """Ready: reason and message of the first of `conditions` that is not True, in the order given."""
    for one in conditions:
        if one.status != "True":
            changes = {"type": ConditionType.READY.value, "observed_generation": observed_generation}
            return one.model_copy(update={**changes, "last_transition_time": ""})
    return condition(ConditionType.READY, "True", Reason.READY, observed_generation=observed_generation)
