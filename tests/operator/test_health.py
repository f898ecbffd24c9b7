"""`/healthz` and `/readyz` tell the truth about an API server that is away, a stuck worker, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from kubernetes.aio import client

from tests.operator.gate import Gate
from tests.operator.world import World, destination, mapping
from tests.waiting import PATIENCE, until
from xkit_operator.app.health import Bounds, Health, heartbeat, serve
from xkit_operator.app.metrics import Metrics
from xkit_operator.engine.backoff import Backoff
from xkit_operator.engine.queue import KeyedQueue
from xkit_operator.engine.worker import Workers
from xkit_operator.kube.client import Cluster
from xkit_operator.reconcile.key import Key

BOUNDS = Bounds(heartbeat=0.3, api_silence_unready=2, api_silence_dead=5, longest_run=3, standstill=3)
KEYS = [Key("Destination", "team-a", name) for name in ("a", "b", "c")]


@dataclass
class Site:
    """The parts of an operator that know how it is, with short bounds, before a real API server."""

    queue: KeyedQueue[Key]
    port: int

    async def says(self, path: str, status: int, words: str, *, seconds: float = PATIENCE) -> None:
        """Wait until it does. In the loop of the server that is asked, so not by `tests.waiting`."""
        async with asyncio.timeout(seconds):
            while not self._fits(await self.ask(path), status, words):  # noqa: ASYNC110 - of another program's making
                await asyncio.sleep(0.1)

    async def ask(self, path: str) -> tuple[int, str]:
        url = f"http://127.0.0.1:{self.port}{path}"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status, await answer.text()

    @staticmethod
    def _fits(found: tuple[int, str], status: int, words: str) -> bool:
        return found[0] == status and words in found[1]


@pytest.fixture
async def site(api: Gate) -> AsyncIterator[Site]:
    # The library reads KUBECONFIG when it is imported.
    library = client.ApiClient(client.Configuration(host=f"http://{api.host}"))
    queue: KeyedQueue[Key] = KeyedQueue(Backoff(), lambda: 0.5)
    health = Health(queue, asyncio.get_running_loop().time, BOUNDS)
    health.listed()
    beating = asyncio.create_task(heartbeat(Cluster(library, health.api_request), BOUNDS.heartbeat))
    http = await serve(health, Metrics("1"), port=0)
    yield Site(queue, next(port for host, port, *_ in http.addresses if host == "0.0.0.0"))  # noqa: S104 - as it is told
    beating.cancel()
    await asyncio.gather(beating, return_exceptions=True)
    await http.cleanup()
    await library.close()


@pytest.mark.parametrize("fault", ["hangs up", "does not answer", "is starting"])
async def test_an_api_server_that_is_away_for_longer_than_the_bound(site: Site, api: Gate, fault: str) -> None:
    await site.says("/readyz", 200, "leading")
    match fault:
        case "hangs up":
            api.shut()
        case "does not answer":
            api.stalls = lambda *_: True
        case _:
            api.refuse = lambda *_: 503
    await site.says("/readyz", 503, "API server")
    assert await site.ask("/healthz") == (200, "leading")  # a restart would not bring it back
    await site.says("/healthz", 503, "API server")
    api.reopen()
    api.stalls, api.refuse = (lambda *_: False), (lambda *_: None)
    await site.says("/healthz", 200, "leading")
    await site.says("/readyz", 200, "leading")


async def test_a_worker_that_does_not_even_end_when_it_is_cancelled(site: Site) -> None:
    ends = asyncio.Event()

    async def work(key: Key) -> None:
        while key == KEYS[0] and not ends.is_set():
            try:
                await ends.wait()
            except asyncio.CancelledError:
                continue

    workers = Workers(site.queue, work, count=2, deadline=0.5, observe=lambda *_: None)
    workers.start()
    for key in KEYS:
        site.queue.add(key)
    await site.says("/healthz", 503, "a worker does not come to an end")
    ends.set()
    await site.says("/healthz", 200, "leading")
    await workers.stop(grace=1)


async def test_keys_that_nobody_takes(site: Site) -> None:
    site.queue.add(KEYS[0])
    assert (await site.ask("/healthz"))[0] == 200
    await site.says("/healthz", 503, "the queue is not worked off")
    site.queue.done(await site.queue.get())
    await site.says("/healthz", 200, "leading")


def test_what_users_do_wrong_and_a_registry_that_is_down_leave_the_operator_healthy(world: World) -> None:
    world.registry.shut()
    world.apply(
        destination("unbuilt"),
        destination("unparsed", upsert="module.exports = }"),
        destination("unknown", runtime="nodejs99"),
        destination("refused", pod={"affinity": {"bogus": {}}}),
        mapping("lonely", to="nobody"),
    )
    world.says("False", "RegistryUnreachable", name="unbuilt")
    world.says("False", "FunctionSyntaxError", name="unparsed")
    world.says("False", "UnknownRuntime", name="unknown")
    until("its mistake is said", lambda: world.condition("destination", "refused").get("status") == "False")
    until("it is judged", lambda: world.condition("sourcemapping", "lonely").get("status") == "False")
    assert world.operator.ask("/healthz") == (200, "leading")
    assert world.operator.ask("/readyz") == (200, "leading")
