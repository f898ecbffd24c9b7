"""Puts the parts together and runs them: Lease, workers, list, watches; and back in the opposite order.

The order at start matters: only a complete list says that everything has been seen, and it waits, visibly, while the
kinds are not installed. A standby has not even listed. Returns on SIGTERM or SIGINT; raises when a part that must
never end has ended.
"""

import asyncio
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from functools import partial
from random import random
from typing import Any

import kopf
from kopf._cogs.clients.errors import APINotFoundError  # not exported, but raised by operator()

from xkit_operator import __version__
from xkit_operator.app.beginning import look_again
from xkit_operator.app.forgetting import NoMemories
from xkit_operator.app.handlers import informer, informer_settings
from xkit_operator.app.health import Health, heartbeat, serve
from xkit_operator.app.leading import Leadership, abandon, lease_of
from xkit_operator.app.listing import list_keys
from xkit_operator.app.login import login
from xkit_operator.app.metrics import Metrics
from xkit_operator.app.reconciling import reconciler
from xkit_operator.engine.backoff import Backoff
from xkit_operator.engine.queue import KeyedQueue
from xkit_operator.engine.resync import Resync
from xkit_operator.engine.worker import Workers
from xkit_operator.errors import ApiNotFound, XkitError
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.registry.credentials import Credentials
from xkit_operator.image.runtime import RuntimeCatalogue
from xkit_operator.image.syntax import SyntaxChecker
from xkit_operator.kube.client import Cluster
from xkit_operator.kube.connect import connect
from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.mappings.index import MappingIndex
from xkit_operator.reconcile.provisioning.rebase import RebaseGate
from xkit_operator.reconcile.references.index import ReferenceIndex
from xkit_operator.settings import Settings

_LIST_RETRY = 2.0
_DEADLINE = 120.0  # of one run, which leaves a push that takes longer than a moment to itself
_GRACE = 6.0  # below kopf's own 10 s


def _access(settings: Settings) -> Access:
    return Access(
        plain_http=settings.registry_plain_http,
        plain_http_login=settings.registry_plain_http_login,
        authorities=settings.registry_authorities,
        credentials=Credentials(settings.registry_credentials),
    )


async def run(settings: Settings) -> None:
    """Be the operator until told to stop. Raises XkitError for an installation that cannot work."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)  # until kopf sets its own
    metrics = Metrics(__version__)
    queue: KeyedQueue[Key] = KeyedQueue(Backoff(), random)
    metrics.watch_queue(queue)
    health = Health(queue, loop.time)
    async with AsyncExitStack() as stack:
        api = await connect()
        stack.push_async_callback(api.close)
        observe = partial(_tell, (metrics.api_request, health.api_request))
        lease = lease_of(settings, Cluster(api, observe), loop.time)
        leads = _always if lease is None else lambda: lease.held
        metrics.watch_leadership(leads)
        cluster = Cluster(api, observe, leads)
        registry = Registry(settings.registry_push, _access(settings), metrics.registry_request)
        stack.push_async_callback(registry.close)
        checker = SyntaxChecker()
        stack.push_async_callback(checker.close)
        index, references = MappingIndex(), ReferenceIndex()
        catalogue = RuntimeCatalogue(settings.runtimes_directory, settings.runtimes_root)
        gate = RebaseGate(settings.rebase_concurrency, catalogue.references())
        work = reconciler(settings, cluster, registry, checker, index, references, catalogue, gate, metrics, queue.add)
        http = await serve(health, metrics, port=settings.http_port)
        stack.push_async_callback(http.cleanup)
        background = [asyncio.create_task(heartbeat(cluster, health.bounds.heartbeat))]
        stack.push_async_callback(_cancel, background)
        if lease is not None:
            health.watch_lease(lease)
            leadership = Leadership(lease, abandon)
            stack.push_async_callback(leadership.release)
            if not await _finished_before(stop, leadership.acquire()):
                return
        stack.push_async_callback(_cancel_all_but, asyncio.all_tasks())
        resync = Resync(
            queue,
            partial(list_keys, cluster, settings.namespaces, index, gate, queue.add),
            period=settings.resync_seconds,
            random=random,
        )
        workers = Workers(queue, work, count=settings.workers, deadline=_DEADLINE, observe=metrics.reconciled)
        workers.start()  # until the list is complete for those alone that are being deleted
        stack.push_async_callback(workers.stop, grace=_GRACE)
        if not await _finished_before(stop, resync.first(retry=_LIST_RETRY)):
            return
        gate.open()
        health.listed()
        background.append(asyncio.create_task(resync.run()))
        watching = asyncio.create_task(_watch(settings, queue, cluster, index, references, workers, metrics, stop))
        await asyncio.wait({watching, *background}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        await watching
        for task in background:
            if task.done():
                task.result()


async def _watch(
    settings: Settings,
    queue: KeyedQueue[Key],
    cluster: Cluster,
    index: MappingIndex,
    references: ReferenceIndex,
    workers: Workers[Key],
    metrics: Metrics,
    stop: asyncio.Event,
) -> None:
    """Run kopf until a signal or `stop`. Whatever is started in this loop while it runs is cancelled by its end.

    Raises ApiNotFound when a kind that it watches is gone.
    """
    registry = informer(queue.add, cluster.versions, cluster.copies, index, references.referring, metrics.watch_event)
    kopf.on.login(registry=registry)(login)

    @kopf.on.cleanup(registry=registry)
    async def drain(**_: Any) -> None:
        await workers.stop(grace=_GRACE)
        stop.set()  # kopf waits 5 s more for this flag when a signal, and not the flag, has stopped it

    looking = asyncio.create_task(look_again(cluster.versions, cluster.copies, queue.add))
    try:
        # At its end kopf also raises what the uploads that it has cancelled have failed with: none of them concerns it.
        with suppress(XkitError):
            await kopf.operator(
                registry=registry,
                settings=informer_settings(),
                memories=NoMemories(),
                clusterwide=not settings.namespaces,
                namespaces=settings.namespaces,
                # Else it is looked up in passwd, where our user need not be. kopf does not export the type it wants.
                identity=settings.instance,  # type: ignore[arg-type]
                stop_flag=stop,
            )
    except APINotFoundError as error:
        raise ApiNotFound("a watched kind is gone: this process ends, and the next one waits for the CRDs") from error
    finally:
        looking.cancel()


async def _finished_before(stop: asyncio.Event, work: Any) -> bool:
    """Await `work` unless `stop` comes first; whether it has finished."""
    tasks = [asyncio.create_task(work), asyncio.create_task(stop.wait())]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finished = tasks[0].done()
    await _cancel(tasks)
    if finished:
        tasks[0].result()
    return finished


def _always() -> bool:
    return True


async def _cancel(tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _cancel_all_but(kept: set[asyncio.Task[Any]]) -> None:
    """End what the work has left behind, such as uploads that no worker waits for."""
    await _cancel(list(asyncio.all_tasks() - kept))


def _tell(observers: tuple[Callable[[str, int], None], ...], verb: str, code: int) -> None:
    for observe in observers:
        observe(verb, code)
