"""A number of Destinations: time until all are Ready beside the bare script, and what the operator takes meanwhile."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from kubernetes.aio import client, config

from tests.scale.applying import apply_all
from tests.scale.fleet import children, unit
from tests.scale.operator import Measured
from tests.scale.readiness import Tables, deployments_available, destinations_ready, wait_for
from tests.scale.site import NAMESPACE, Site
from tests.scale.writing import Writer, write_all
from xkit_operator.image.push import Pusher
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.client import Registry
from xkit_operator.kube.client import Cluster

IMAGE = "localhost/scale/scale/contacts@sha256:" + "0" * 64
_RESYNC = {"XKIT_RESYNC_SECONDS": "150"}
"""Of the process that is left idle: in five minutes it looks at everything once more, and does so twice as often as by
default."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What it took the operator until all are Ready, and then to have nothing left to do."""

    ready_seconds: float
    applied_seconds: float
    quiet_seconds: float
    cpu_seconds: float
    rss_mib: float
    peak_mib: float
    parsers_mib: float
    api_requests: Counter[str]
    registry_requests: int


@dataclass(frozen=True, kw_only=True)
class Restarted:
    """A new process that finds everything as it should be."""

    first_reconcile_seconds: float
    quiet_seconds: float
    rss_mib: float
    peak_mib: float
    writes: int


@dataclass(frozen=True, kw_only=True)
class Idle:
    """What it does while nobody changes anything."""

    seconds: float
    cpu_seconds: float
    reconciles: int
    writes: int
    changed_objects: int


async def script_seconds(where: Site, count: int) -> float:
    """How long the bare script takes: apply all that is there in the end, wait until the Pods are.

    The Destinations and their SourceMappings, of which nobody takes notice here, and what the operator makes of them.
    """
    async with _api(where) as api:
        objects = [
            [*unit(n, NAMESPACE), *children(n, NAMESPACE, image=IMAGE, dispatcher_image=where.dispatcher)]
            for n in range(count)
        ]
        start = time.monotonic()
        await apply_all(Cluster(api, _nobody), objects)
        ask = partial(deployments_available, Tables(api, NAMESPACE))
        return await wait_for("Deployments available", count, ask, seconds=_patience(count)) - start


async def writes_seconds(where: Site, count: int, *, least: bool) -> float:
    """How long the script takes that also writes all else that the operator does, until the last status is right.

    `least`: only what any operator would have to write.
    """
    settings = where.environment
    async with _api(where) as api, Registry(settings["XKIT_REGISTRY_PUSH"], Access(plain_http=True)) as registry:
        writer = Writer(
            Cluster(api, _nobody),
            Pusher(registry, settings["XKIT_REGISTRY_PREFIX"]),
            where.runtime,
            pull_host=registry.host,
            dispatcher=where.dispatcher,
            least=least,
        )
        start = time.monotonic()
        async with asyncio.timeout(_patience(count)):
            await write_all(writer, count, Tables(api, NAMESPACE))
        return time.monotonic() - start


async def operator_takes(where: Site, operator: Measured, count: int) -> Taken:
    """Apply `count` Destinations while `operator` runs, wait until all are Ready, and until it is quiet."""
    async with _api(where) as api:
        objects = [unit(number, NAMESPACE) for number in range(count)]
        used, start = operator.cpu, time.monotonic()
        await apply_all(Cluster(api, _nobody), objects)
        applied = time.monotonic()
        ask = partial(destinations_ready, Tables(api, NAMESPACE))
        ready = await wait_for("Destinations ready", count, ask, seconds=_patience(count))
        quiet = await operator.quiet(seconds=_patience(count))
        return Taken(
            ready_seconds=ready - start,
            applied_seconds=applied - start,
            quiet_seconds=quiet - start,
            cpu_seconds=operator.cpu - used,
            rss_mib=operator.rss_mib,
            peak_mib=operator.peak_mib,
            parsers_mib=operator.parsers_mib,
            api_requests=operator.count("api_requests", "verb"),
            registry_requests=operator.count("registry_requests", "method").total(),
        )


async def restart(operator: Measured, count: int) -> Restarted:
    """End it and start it again."""
    operator.terminate()
    operator.environment |= _RESYNC
    start = time.monotonic()
    operator.start(ready=False)
    first = await operator.first_reconcile(start, seconds=120)
    quiet = await operator.quiet(seconds=_patience(count))
    return Restarted(
        first_reconcile_seconds=first,
        quiet_seconds=quiet - start,
        rss_mib=operator.rss_mib,
        peak_mib=operator.peak_mib,
        writes=operator.writes,
    )


async def idle(where: Site, operator: Measured, *, seconds: float) -> Idle:
    """Leave it alone."""
    async with _api(where) as api:
        cluster = Cluster(api, _nobody)
        versions = await _versions(cluster)
        used, writes, reconciles = operator.cpu, operator.writes, operator.reconciles
        start = time.monotonic()

        async def passed() -> int:
            return int(time.monotonic() - start)

        await wait_for("seconds idle", int(seconds), passed, seconds=seconds + 10)
        return Idle(
            seconds=seconds,
            cpu_seconds=operator.cpu - used,
            reconciles=operator.reconciles - reconciles,
            writes=operator.writes - writes,
            changed_objects=len(versions.items() ^ (await _versions(cluster)).items()),
        )


async def _versions(cluster: Cluster) -> dict[tuple[str, str], str]:
    """The resourceVersion of everything that the operator writes to."""
    found = {}
    for kind in ("Destination", "SourceMapping", "Deployment", "ConfigMap", "Service", "ServiceAccount", "Event"):
        async for one in cluster.list(kind, namespace=NAMESPACE):
            found[kind, one["metadata"]["name"]] = one["metadata"]["resourceVersion"]
    return found


@asynccontextmanager
async def _api(where: Site) -> AsyncIterator[Any]:
    """The official client as the operator has it."""
    configuration = client.Configuration(client_session_kwargs={"trust_env": False})
    await config.load_kube_config(config_file=where.cluster.kubeconfig, client_configuration=configuration)  # type: ignore[no-untyped-call] # the library ships no types
    async with client.ApiClient(configuration) as api:
        yield api


def _patience(count: int) -> float:
    return 300 + count * 0.5


def _nobody(_verb: str, _code: int) -> None:
    """Nobody counts the requests of a script."""
