"""A request as its connection has it: how far it has come, and what is known once it can be answered."""

from enum import Enum, auto
from typing import NamedTuple

from xkit_operator.dispatcher.http.exchange import Stream, Whole
from xkit_operator.dispatcher.http.lines import Lines


class Phase(Enum):
    """What is expected next."""

    IDLE = auto()
    HEAD = auto()
    BODY = auto()
    STREAM = auto()


class WholeRequest(NamedTuple):
    """A request whose body is there, and what its connection must know about it."""

    answer: Whole
    body: bytes
    keep_alive: bool
    is_http_1_0: bool
    is_head: bool
    """Whether the method is HEAD: the answer's body is left out."""
    taken: int
    """Bytes of the budget that it holds until it is answered."""


class StreamRequest(NamedTuple):
    """A request whose body is a stream that begins."""

    answer: Stream
    lines: Lines
    keep_alive: bool
