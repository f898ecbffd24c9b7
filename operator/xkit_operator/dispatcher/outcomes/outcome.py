"""Every code that a sender can meet, in one table: its HTTP status, what it means for the record, whether to try again.

The same table serves single records, each element of a batch, the log and the metrics.
"""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a record, in one word."""

    SUCCEEDED = "succeeded"
    SKIPPED = "skipped"
    MAPPED = "mapped"
    """Of a dry run alone: the function would be called."""
    MALFORMED = "malformed"
    REJECTED = "rejected"
    FAILED = "failed"
    CRASHED = "crashed"
    UNAVAILABLE = "unavailable"
    EXPIRED = "expired"
    OVERLOADED = "overloaded"


class Code(StrEnum):
    """Why a request or a record did not succeed."""

    MALFORMED_REQUEST = "MalformedRequest"
    UNKNOWN_PARAMETER = "UnknownParameter"
    UNAUTHORIZED = "Unauthorized"
    NOT_FOUND = "NotFound"
    METHOD_NOT_ALLOWED = "MethodNotAllowed"
    REQUEST_TIMEOUT = "RequestTimeout"
    LENGTH_REQUIRED = "LengthRequired"
    BODY_TOO_LARGE = "BodyTooLarge"
    BATCH_TOO_LARGE = "BatchTooLarge"
    TOO_MANY_VALUES = "TooManyValues"
    UNSUPPORTED_MEDIA_TYPE = "UnsupportedMediaType"
    HEAD_TOO_LARGE = "HeadTooLarge"
    TOO_MANY_CONNECTIONS = "TooManyConnections"
    TOO_MANY_BYTES = "TooManyBytes"
    INTERNAL_ERROR = "InternalError"

    MALFORMED_BODY = "MalformedBody"
    MALFORMED_RECORD = "MalformedRecord"
    SOURCE_NOT_MAPPED = "SourceNotMapped"
    MAPPING_FAILED = "MappingFailed"
    VALIDATION_ERROR = "ValidationError"
    INVALID_EVENT_PAYLOAD = "InvalidEventPayload"
    TARGET_REFUSED = "TargetRefused"
    FUNCTION_ERROR = "FunctionError"
    RETRY_ERROR = "RetryError"
    TARGET_FAILED = "TargetFailed"
    EXECUTOR_DIED = "ExecutorDied"
    MEMORY_EXCEEDED = "MemoryExceeded"
    EXECUTOR_LOST = "ExecutorLost"
    NO_EXECUTOR = "NoExecutor"
    QUEUE_TIMEOUT = "QueueTimeout"
    SHUTTING_DOWN = "ShuttingDown"
    DEADLINE_EXCEEDED = "DeadlineExceeded"
    QUEUE_FULL = "QueueFull"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a code amounts to."""

    status: int
    outcome: Outcome
    retryable: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a record did not succeed, on its way to the sender."""

    code: Code
    detail: str
    retry_after: float | None = None
    """Seconds."""
    target_status: int | None = None
    """HTTP status of the system that the function called."""


_MALFORMED = Verdict(400, Outcome.MALFORMED)
_TOO_LARGE = Verdict(413, Outcome.MALFORMED)
_REJECTED = Verdict(422, Outcome.REJECTED)
_FAILED = Verdict(500, Outcome.FAILED, retryable=True)
_UNAVAILABLE = Verdict(503, Outcome.UNAVAILABLE, retryable=True)

VERDICTS: dict[Code, Verdict] = {
    Code.MALFORMED_REQUEST: _MALFORMED,
    Code.UNKNOWN_PARAMETER: _MALFORMED,
    Code.UNAUTHORIZED: Verdict(401, Outcome.REJECTED),
    Code.NOT_FOUND: Verdict(404, Outcome.MALFORMED),
    Code.METHOD_NOT_ALLOWED: Verdict(405, Outcome.MALFORMED),
    Code.REQUEST_TIMEOUT: Verdict(408, Outcome.MALFORMED, retryable=True),
    Code.LENGTH_REQUIRED: Verdict(411, Outcome.MALFORMED),
    Code.BODY_TOO_LARGE: _TOO_LARGE,
    Code.BATCH_TOO_LARGE: _TOO_LARGE,
    Code.TOO_MANY_VALUES: _TOO_LARGE,
    Code.UNSUPPORTED_MEDIA_TYPE: Verdict(415, Outcome.MALFORMED),
    Code.HEAD_TOO_LARGE: Verdict(431, Outcome.MALFORMED),
    Code.TOO_MANY_CONNECTIONS: _UNAVAILABLE,
    Code.TOO_MANY_BYTES: _UNAVAILABLE,
    Code.INTERNAL_ERROR: _FAILED,
    Code.MALFORMED_BODY: _MALFORMED,
    Code.MALFORMED_RECORD: _MALFORMED,
    Code.SOURCE_NOT_MAPPED: _REJECTED,
    Code.MAPPING_FAILED: _REJECTED,
    Code.VALIDATION_ERROR: _REJECTED,
    Code.INVALID_EVENT_PAYLOAD: _REJECTED,
    Code.TARGET_REFUSED: _REJECTED,
    Code.FUNCTION_ERROR: _FAILED,
    Code.RETRY_ERROR: _FAILED,
    Code.TARGET_FAILED: _FAILED,
    Code.EXECUTOR_DIED: Verdict(502, Outcome.CRASHED, retryable=True),
    Code.MEMORY_EXCEEDED: _UNAVAILABLE,
    Code.EXECUTOR_LOST: _UNAVAILABLE,
    Code.NO_EXECUTOR: _UNAVAILABLE,
    Code.QUEUE_TIMEOUT: _UNAVAILABLE,
    Code.SHUTTING_DOWN: _UNAVAILABLE,
    Code.DEADLINE_EXCEEDED: Verdict(504, Outcome.EXPIRED, retryable=True),
    Code.QUEUE_FULL: Verdict(429, Outcome.OVERLOADED, retryable=True),
}
