"""All generators, and how often each is drawn: the costly ones seldom, so that hundreds of cases run in a second."""

from collections.abc import Callable
from random import Random

from tests.fuzz import bodies, breaks, chunks, events, heads, mutations, streams
from tests.fuzz.case import Case

Generator = Callable[[Random], Case]

_WEIGHTS: dict[Generator, float] = {
    heads.request_line: 10,
    heads.extra_headers: 8,
    heads.smuggled: 8,
    heads.line_ends: 4,
    heads.too_much: 4,
    heads.noise: 4,
    heads.pipelined: 3,
    chunks.tiny_chunks: 4,
    chunks.flood: 0.1,
    chunks.wrong_sizes: 6,
    chunks.extensions: 0.3,
    chunks.trailers: 2,
    chunks.too_long: 0.15,
    chunks.as_long_as_may_be: 0.15,
    chunks.stream_wrapping: 0.15,
    bodies.spliced: 12,
    bodies.twice: 4,
    bodies.dense: 0.6,
    bodies.random_text: 8,
    mutations.bytes_changed: 16,
    mutations.tree_changed: 12,
    mutations.many_mistakes: 1,
    mutations.batch_sizes: 1,
    events.structured: 6,
    events.batch: 2,
    events.binary: 8,
    events.dry_run: 6,
    streams.mixed: 6,
    streams.blank: 1,
    streams.too_long_line: 0.15,
    streams.cut_short: 6,
    streams.unread: 1,
    breaks.finished_early: 8,
    breaks.reset: 6,
    breaks.nothing: 4,
    breaks.more_after_the_end: 4,
}
_GENERATORS = tuple(_WEIGHTS)
_FREQUENCIES = tuple(_WEIGHTS.values())


def generate(seed: int, number: int) -> tuple[str, Case]:
    """Case `number` of the run with this seed, and the name of its generator: the same whenever it is asked for."""
    random = Random(f"{seed}:{number}")  # noqa: S311 - reproducible is what it must be
    generator = random.choices(_GENERATORS, _FREQUENCIES)[0]
    module = generator.__module__.rpartition(".")[2]
    return f"{module}.{generator.__name__}", generator(random)
