"""What an image costs: build and push of a Destination's functions, in turn with `buildah bud` and `buildah push`.

Ours is timed from the sources to the manifest in the registry, with the check of their syntax, since the user waits for
that, too; Node runs already, but for the first round. buildah checks nothing: the ratio without the check stands in the
details. Both push gzip layers to the same docker-registry on loopback. What crosses the wire is counted in a round of
its own, through a proxy.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace

from tests.bench.breakdown import Details, breakdown, crossed
from tests.bench.buildah import version
from tests.bench.ours import Builder, Functions, Shipped, builder_at
from tests.bench.result import Result, ratio
from tests.bench.site import Site, site
from tests.executor.pod import Runtime
from tests.registry.wire import wire_to

ROUNDS = 9
FULL_ROUNDS = 5
MANY = 50
MANY_ROUNDS = 3
WORKERS = 4  # images at once: as many as the operator has workers, unless XKIT_WORKERS says more


def new(_: Runtime) -> list[Result]:
    """`image-new`: the first image of a Destination, on a runtime (for buildah: a base image, pulled) that is ready."""
    with site() as where:
        return [asyncio.run(_changed("image-new", where, of=None))]


def edited(_: Runtime) -> list[Result]:
    """`image-edit`: the same for new functions of a Destination that has an image already."""
    with site() as where:
        return [asyncio.run(_changed("image-edit", where, of="crm"))]


def unchanged(_: Runtime) -> list[Result]:
    """`image-unchanged`: an image that is there already; buildah has all its layers in its cache (`--layers`)."""
    with site() as where:
        return [asyncio.run(_unchanged(where))]


def full(_: Runtime) -> list[Result]:
    """`image-full`: all of an image from a Dockerfile by buildah, beside a new image by ours.

    That is what a change costs without and with a runtime that was built once per release. `image-full-first` has the
    same runs of buildah beside our first image in an empty registry, with the upload of the runtime.
    """
    with site() as where:
        return asyncio.run(_full(where))


def many(_: Runtime) -> list[Result]:
    """`image-50`: 50 new images by as many workers as the operator has, beside 50 one after the other."""
    with site() as where:
        return [asyncio.run(_many(where))]


async def _changed(name: str, where: Site, *, of: str | None) -> Result:
    """Functions that no registry has; `of` names their Destination and its repository, else each has its own."""
    mine, theirs = [], []
    async with builder_at(where.server.host, where.runtime) as builder:
        buildah = where.buildah()
        await builder.ship(where.functions(of=of))
        await buildah.pull(base := where.base(builder.host))
        for _ in range(ROUNDS + 1):
            one = where.functions(of=of)
            mine.append(await builder.ship(one))
            theirs.append(await buildah.ship(where.on_a_ready_base(one, base), builder.host, repository=of))
    async with wire_to(where.server.host) as wire, builder_at(wire.host, where.runtime) as builder:
        # pulled afresh: buildah mounts a layer only at the host from which it got it
        buildah = where.buildah()
        await buildah.pull(base := where.base(wire.host))
        await builder.ship(where.functions(of=of))
        one = where.functions(of=of)
        ours = await crossed(wire, "ours", builder.ship(one))
        context = where.on_a_ready_base(one, base)
        others = await crossed(wire, "buildah", buildah.ship(context, wire.host, repository=of))
    return _beside(name, theirs, mine, ours | others)


async def _unchanged(where: Site) -> Result:
    mine, theirs = [], []
    one = where.functions()
    async with builder_at(where.server.host, where.runtime) as builder:
        buildah = where.buildah()
        await builder.ship(one)
        await buildah.pull(base := where.base(builder.host))
        context = where.on_a_ready_base(one, base)
        for _ in range(ROUNDS + 1):
            mine.append(await builder.find(one))
            theirs.append(await buildah.ship(context, builder.host, "--layers"))
    async with wire_to(where.server.host) as wire, builder_at(wire.host, where.runtime) as builder:
        await buildah.ship(context, wire.host, "--layers")
        ours = await crossed(wire, "ours", builder.find(one))
        others = await crossed(wire, "buildah", buildah.ship(context, wire.host, "--layers"))
    return _beside("image-unchanged", theirs, mine, ours | others)


async def _full(where: Site) -> list[Result]:
    first, later, theirs = [], [], []
    host, buildah = where.server.host, where.buildah()
    context = where.from_nothing(where.functions())
    for _ in range(FULL_ROUNDS + 1):
        where.server.lose_everything()
        async with builder_at(host, where.runtime) as builder:
            first.append(await builder.ship(where.functions()))
            later.append(await builder.ship(where.functions()))
        where.server.lose_everything()
        theirs.append(await buildah.ship(context, host))
    where.server.lose_everything()
    async with wire_to(host) as wire, builder_at(wire.host, where.runtime) as builder:
        ours_first = await crossed(wire, "ours", builder.ship(where.functions()))
        ours_later = await crossed(wire, "ours", builder.ship(where.functions()))
        where.server.lose_everything()
        others = await crossed(wire, "buildah", buildah.ship(context, wire.host))
    return [
        _beside("image-full", theirs, later, ours_later | others),
        _beside("image-full-first", theirs, first, ours_first | others),
    ]


async def _many(where: Site) -> Result:
    at_once, in_turn = [], []
    async with builder_at(where.server.host, where.runtime) as builder:
        await builder.ship(where.functions())
        for _ in range(MANY_ROUNDS):
            at_once.append(await _wall(builder, [where.functions() for _ in range(MANY)], workers=WORKERS))
            in_turn.append(await _wall(builder, [where.functions() for _ in range(MANY)], workers=1))
    async with wire_to(where.server.host) as wire, builder_at(wire.host, where.runtime) as builder:
        wall = _wall(builder, [where.functions() for _ in range(MANY)], workers=WORKERS)
        ours = await crossed(wire, "ours", wall)
    return replace(ratio("image-50", "s", at_once, in_turn), details=ours)


async def _wall(builder: Builder, many: Sequence[Functions], *, workers: int) -> float:
    """Seconds until all are in the registry."""
    free = asyncio.Semaphore(workers)

    async def ship(one: Functions) -> None:
        async with free:
            await builder.ship(one)

    begun = time.perf_counter()
    await asyncio.gather(*map(ship, many))
    return time.perf_counter() - begun


def _beside(name: str, theirs: list[float], ours: list[Shipped], wire: Details) -> Result:
    """The ratio of buildah's seconds to ours. The first round of each warms up."""
    theirs, ours = theirs[1:], ours[1:]
    unchecked = ratio(name, "s", theirs, [one.seconds - one.checked for one in ours])
    details: Details = {"buildah": version(), "ratio without the syntax check": f"{unchecked.ratio:.2f}"}
    return replace(ratio(name, "s", theirs, [one.seconds for one in ours]), details=details | breakdown(ours) | wire)
