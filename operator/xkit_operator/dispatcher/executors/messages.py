"""What the frames with an object as payload say, as typed values: pure, and strict where the dispatcher relies on it.

Members that are not needed here are ignored, so that the other side may say more.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from xkit_operator.dispatcher.executors.progress import Progress
from xkit_operator.errors import InvalidFrame

Word = Annotated[int, Field(ge=0, lt=2**32)]


class Message(BaseModel):
    """The payload of one frame."""

    model_config = ConfigDict(frozen=True, strict=True, alias_generator=to_camel)

    @classmethod
    def read(cls, payload: bytes) -> Self:
        """Raises InvalidFrame when the payload is not what the protocol says."""
        try:
            return cls.model_validate_json(payload)
        except ValidationError as error:
            where = ".".join(map(str, error.errors()[0]["loc"]))
            raise InvalidFrame(f"{cls.__name__}: {where or 'payload'} is not what the protocol says") from error


class Hello(Message):
    """Who has connected."""

    protocol: Literal[1]
    role: Literal["executor", "host"]
    executor: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")] | None = None
    executors: Annotated[int, Field(ge=1, le=1024)] = 1
    node: Annotated[str, Field(max_length=32)] | None = None
    """Version of Node.js, from the host."""


class LoadFailed(Message):
    """Why a function does not load."""

    operation: str
    message: str


class Fault(Message):
    """An error that nobody awaited."""

    message: str
    request_id: int | None = None


class Memory(Message):
    """What the host's executors hold, in bytes, by name."""

    resident_bytes: Annotated[dict[str, Annotated[int, Field(ge=0)]], Field(max_length=4096)]


class Exited(Message):
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
        return self.reason == "Drained" and self.code == 0

    def __str__(self) -> str:
        return f"signal {self.signal}" if self.signal else f"exit code {self.code}"
