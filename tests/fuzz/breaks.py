"""Connections that end too early: cut at a random byte, closed or reset, whatever they carried."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.fuzz import bodies, chunks, heads, mutations, streams
from tests.fuzz.case import Case, Ending
from tests.fuzz.wire import post, valid

_CARRIED: tuple[Callable[[Random], Case], ...] = (
    heads.pipelined,
    heads.request_line,
    chunks.tiny_chunks,
    bodies.spliced,
    mutations.tree_changed,
    streams.mixed,
    streams.too_long_line,
    chunks.as_long_as_may_be,
)


def finished_early(random: Random) -> Case:
    """The writing half is closed in the middle of something."""
    text = valid(random)
    return Case((text[: random.randrange(len(text))],))


def reset(random: Random) -> Case:
    """The connection is reset in the middle of something."""
    carried = random.choice(_CARRIED)(random)
    kept = list(carried.parts[: random.randint(1, len(carried.parts))])
    kept[-1] = kept[-1][: random.randrange(len(kept[-1]) + 1)]
    return replace(carried, parts=tuple(kept), ending=Ending.RESET)


def nothing(random: Random) -> Case:
    """Connected, and gone again."""
    return Case((random.choice((b"", b"\r\n", b"\r\n" * 2000)),), random.choice((Ending.FINISH, Ending.RESET)))


def more_after_the_end(random: Random) -> Case:
    """A request that says it is the last, and more behind it."""
    last = post(b"{}", (b"content-type", b"application/json"), (b"connection", b"close"))
    return Case((last + random.choice((valid(random), random.randbytes(100_000))),), least=1)
