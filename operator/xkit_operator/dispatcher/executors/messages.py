"""What the frames with an object as payload say, as typed values: pure, and strict where the dispatcher relies on it.

Members that are not needed here are ignored, so that the other side may say more.
"""

from typing import Annotated, Any, Literal, Self

from msgspec import DecodeError, Meta, Struct
from msgspec.json import decode

from xkit_operator.dispatcher.executors.progress import Progress
from xkit_operator.errors import InvalidFrame

IDLE = "Idle"
"""Why an executor has ended that was too many: not one of those that are replaced."""
Word = Annotated[int, Meta(ge=0, lt=2**32)]


class Message(Struct, frozen=True, rename="camel"):
    """The payload of one frame."""

    @classmethod
    def read(cls, payload: bytes) -> Self:
        """Raises InvalidFrame when the payload is not what the protocol says."""
        try:
            return decode(payload, type=cls)
        except (DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InvalidFrame(f"{cls.__name__} is not what the protocol says") from error


class CallMeta(Struct, frozen=True, gc=False, omit_defaults=True):
    """The `meta` of a call, without what the executor takes for granted or adds: see PROTOCOL.md, *Calls*."""

    id: str
    attempt: int = 1
    time: str | None = None
    key: str | None = None
    traceparent: str | None = None


class Call(Struct, frozen=True, gc=False, rename="camel"):
    """What a function is called with, on its way there; a mapping would cost twice as much, once a record."""

    operation: str
    inputs: dict[str, Any]
    context: dict[str, Any]
    connection: dict[str, Any]
    source: dict[str, Any]
    meta: CallMeta
    timeout_ms: int


class Hello(Message, frozen=True):
    """Who has connected."""

    protocol: Literal[1]
    role: Literal["executor", "host"]
    executor: Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,64}\Z")] | None = None
    executors: Annotated[int, Meta(ge=1, le=1024)] = 1
    node: Annotated[str, Meta(max_length=32)] | None = None
    """Version of Node.js, from the host."""


class LoadFailed(Message, frozen=True):
    """Why a function does not load."""

    operation: str
    message: str


class Fault(Message, frozen=True):
    """An error that nobody awaited."""

    message: str
    request_id: int | None = None


class Memory(Message, frozen=True):
    """What the host's executors hold, in bytes, by name."""

    resident_bytes: Annotated[dict[str, Annotated[int, Meta(ge=0)]], Meta(max_length=4096)]


class Exited(Message, frozen=True, kw_only=True):
    """The host's word on an executor that has ended."""

    executor: str
    reason: str
    code: int | None = None
    signal: str | None = None
    last_started: Word
    started: Word

    @property
    def progress(self) -> Progress:
        """The last words of its progress file."""
        return Progress(self.last_started, self.started)

    @property
    def is_orderly(self) -> bool:
        """Whether it left because it was told to, with all its calls answered as far as it knew."""
        return self.reason in ("Drained", IDLE) and self.code == 0

    def __str__(self) -> str:
        return f"signal {self.signal}" if self.signal else f"exit code {self.code}"
