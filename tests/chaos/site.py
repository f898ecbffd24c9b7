"""A namespace with the operator at work in it, behind fault proxies to both of its servers."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.chaos.api_server import ApiServer
from tests.chaos.fault import Plan, calm
from tests.chaos.snapshot import Snapshot, differences, orphans, snapshot
from tests.chaos.turmoil import Turmoil
from tests.operator.cleaning import tags
from tests.operator.conftest import write_kubeconfig
from tests.operator.process import Operator
from tests.operator.world import World
from tests.waiting import until

IDLE_SECONDS = 20.0
PATIENCE = 240.0
"""Seconds: with the longest pause after a failure, a watch that is found dead after 70, and a machine that is busy."""
_MOMENT = 3.0
_EVENT = re.compile(r"POST /apis/events\.k8s\.io/.*/events\?.*")


@dataclass
class Site:
    """`world` is what a user does there; `api` and `registry` are the ways of its operator."""

    world: World
    operator: Operator
    server: ApiServer
    api: Turmoil
    registry: Turmoil

    def plan(self, plan: Plan) -> None:
        """From now on `plan` says what strikes."""
        self.api.plan = self.registry.plan = plan

    def snapshot(self, name: str) -> Snapshot:
        return snapshot(self.server, self.world.namespace, name)

    def settled(self, expected: dict[str, Snapshot], *, seconds: float = PATIENCE) -> float:
        """Wait until of each Destination there is what is expected; how many seconds that took."""
        start = time.monotonic()
        for name, wanted in expected.items():
            try:
                until(name, lambda name=name, wanted=wanted: self.snapshot(name) == wanted, seconds=seconds)
            except AssertionError:
                left = "\n".join(differences(self.snapshot(name), wanted))
                raise AssertionError(
                    f"{name} does not converge within {seconds:.0f} s:\n{left}\n{self.said()}"
                ) from None
        return time.monotonic() - start

    def said(self) -> str:
        """The end of the operator's log."""
        return "\n".join(self.operator.log.read_text().splitlines()[-20:])

    def orphans(self, expected: dict[str, Snapshot]) -> list[str]:
        return [one for name, wanted in expected.items() for one in orphans(self.snapshot(name), wanted)]

    def idle_writes(self) -> list[str]:
        """What the operator writes while nothing happens; its resync comes round meanwhile.

        But for the Events that come at once: a status is there a moment before the one that tells of it.
        """
        begun = time.monotonic()
        until("it has written nothing for a moment", lambda: not self._writes(time.monotonic() - _MOMENT))
        at_once = [one for one in self._writes(begun) if not _EVENT.fullmatch(one)]
        start = time.monotonic()
        time.sleep(IDLE_SECONDS)  # the measurement itself
        return at_once + self._writes(start)

    def _writes(self, since: float) -> list[str]:
        return self.api.passed.writes(since) + self.registry.passed.writes(since)

    def struck(self) -> list[str]:
        """The schedule of the faults that have struck, for people to read."""
        strikes = sorted([*self.api.passed.strikes, *self.registry.passed.strikes], key=lambda one: one[0])
        return [f"{when:12.2f}  {call.name}: {strike.fault.value}" for when, call, strike in strikes]

    def images(self, name: str) -> list[str]:
        """Tags of the images that the registry has for the Destination."""
        return tags(self.world, name)

    @contextmanager
    def kept_alive(self) -> Iterator[list[int]]:
        """Start the operator again whenever it ends, as the kubelet does; the exit codes that it ended with."""
        ended: list[int] = []
        over = threading.Event()

        def keep() -> None:
            while not over.wait(0.5):
                if not self.operator.running:
                    ended.append(self.operator.wait())
                    self.operator.start(ready=False)

        keeper = threading.Thread(target=keep)
        keeper.start()
        try:
            yield ended
        finally:
            over.set()
            keeper.join()


@contextmanager
def site(cluster: Any, namespace: str, settings: dict[str, str], folder: Path, **others: str) -> Iterator[Site]:
    """Starts the operator with `settings` and `others`; in the end nothing of it holds the namespace up."""
    server = ApiServer(cluster.info)
    operator = Operator({}, folder / "operator.log", python=())  # it has to start again and again
    api = Turmoil(server.url, operator.kill, tls=server.tls)
    registry = Turmoil(f"http://{cluster.info['registry']}", operator.kill)
    for proxy in (api, registry):
        proxy.start()
    operator.environment |= settings | {
        "KUBECONFIG": str(write_kubeconfig(folder / "kubeconfig", api)),
        "XKIT_NAMESPACES": namespace,
        "XKIT_REGISTRY_PUSH": registry.host,
        **others,
    }
    world = World(cluster, namespace, operator=operator, api=api, registry=registry)
    made = Site(world, operator, server, api, registry)
    try:
        operator.start(ready=False)
        until("the operator is ready", lambda: operator.ask("/readyz")[0] == 200, seconds=PATIENCE)
        yield made
    finally:
        made.plan(calm)
        _leave(made)
        for proxy in (api, registry):
            proxy.stop()
        server.close()
    assert "Traceback" not in operator.log.read_text()


def _leave(site: Site) -> None:
    if site.operator.running:
        site.operator.terminate()
    for name in site.world.kubectl("get", "destinations", "-o", "name", check=False).split():
        change = '{"metadata": {"finalizers": null}}'
        site.world.kubectl("patch", name, "--type=merge", "-p", change, check=False)
