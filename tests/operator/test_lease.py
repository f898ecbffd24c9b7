"""Two operators of which one works: who takes over when, and that never both write.

The seconds are those of real processes on a machine that may be busy; tests/unit/app/test_leading.py proves the bounds.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

import pytest

from tests.operator.conftest import StartWorld, write_kubeconfig
from tests.operator.gate import Gate
from tests.operator.process import Operator
from tests.operator.world import World, destination
from tests.waiting import until

LEASE_LOST = 3
LASTS = 15
"""Seconds for which the Lease counts after a renewal, of which there is one every two seconds."""


@dataclass
class Replica:
    """An operator and its own way to the API server. `writes` has the time and path of each that was let through."""

    operator: Operator
    api: Gate
    writes: list[tuple[float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.api.before = lambda _, path: self.writes.append((time.monotonic(), path))

    @property
    def role(self) -> str:
        return self.operator.ask("/readyz")[1]

    @property
    def leader(self) -> str:
        found = re.search(r"^xkit_operator_leader (\S+)$", self.operator.ask("/metrics")[1], re.MULTILINE)
        return found[1] if found else ""

    def began(self) -> float:
        """When it made the Lease its own, after waiting for that."""
        until("the standby leads", lambda: self.role == "leading")
        return next(when for when, path in self.writes if "/leases" in path)


@dataclass
class Pair:
    world: World
    first: Replica
    second: Replica

    def worked_on(self) -> None:
        """Wait until somebody has brought the Destination about, as far as its Pods."""
        until("the Deployment is there", lambda: self.world.get("deployment", "crm"))


@pytest.fixture
def pair(start_world: StartWorld, namespace: str, api: Gate, tmp_path: Path) -> Iterator[Pair]:
    """The first leads, the second stands by."""
    settings = {"XKIT_LEADER_ELECTION": "true", "POD_NAMESPACE": namespace, "XKIT_LEASE_NAME": "xo"}
    world = start_world(**settings, POD_NAME="first")
    other = Gate(api.upstream)
    other.start()
    kubeconfig = {"KUBECONFIG": str(write_kubeconfig(tmp_path / "second", other))}
    second = Operator(world.operator.environment | kubeconfig | {"POD_NAME": "second"}, tmp_path / "second.log")
    second.start()
    yield Pair(world, Replica(world.operator, api), Replica(second, other))
    if second.running:
        second.terminate()
    other.stop()
    assert "Traceback" not in second.log.read_text()


def test_a_standby_is_healthy_and_asks_for_nothing_but_the_lease(pair: Pair) -> None:
    pair.world.apply(destination())
    pair.worked_on()
    until("both know it", lambda: (pair.first.role, pair.second.role) == ("leading", "standby: first leads"))
    assert (pair.first.leader, pair.second.leader) == ("1.0", "0.0")
    assert pair.second.operator.ask("/healthz")[0] == 200
    assert pair.second.writes == []
    lease = f"/apis/coordination.k8s.io/v1/namespaces/{pair.world.namespace}/leases/xo"
    assert {one.path for one in pair.second.api.passed} == {lease, "/version"}


def test_the_standby_takes_over_at_its_first_look_after_the_release_that_sigterm_brings(pair: Pair) -> None:
    pair.world.apply(destination())
    pair.world.ready()  # what is being worked on would be given up to six seconds more
    asked: list[int] = []  # by the standby, when the leader's last write to the Lease was done
    pair.first.api.after = lambda _, path: asked.append(len(pair.second.api.passed)) if "/leases" in path else None
    start = time.monotonic()
    pair.first.operator.terminate()
    began = pair.second.began()
    print(f"takeover after SIGTERM: {began - start:.2f} s")
    since = [one for one in pair.second.api.passed[asked[-1] :] if "/leases" in one.path]
    assert len(list(takewhile(lambda one: one.method == "GET", since))) <= 1
    assert began - start < LASTS
    assert max(when for when, _ in pair.first.writes) < began
    pair.world.kubectl("delete", "service", "crm")
    until("the Service is back", lambda: pair.world.get("service", "crm"))


def test_the_standby_takes_over_after_kill_9_when_the_lease_has_run_out(pair: Pair) -> None:
    until("the first renews its Lease", lambda: pair.first.writes)
    start = time.monotonic()
    pair.first.operator.kill()
    pair.world.apply(destination())
    began = pair.second.began()
    print(f"takeover after kill -9: {began - start:.2f} s")
    renewed = max(when for when, path in pair.first.writes if "/leases" in path)
    assert LASTS <= began - renewed < 2 * LASTS
    pair.worked_on()


def test_a_leader_whose_api_server_stalls_says_so_and_ends_before_the_other_begins(pair: Pair) -> None:
    pair.first.api.stalls = lambda *_: True
    start = time.monotonic()
    until("it says that it is not well", lambda: pair.first.operator.ask("/healthz")[0] == 503)
    assert pair.first.operator.wait() == LEASE_LOST
    ended = time.monotonic()
    began = pair.second.began()
    print(f"stalled: the leader ended after {ended - start:.2f} s, the other began after {began - start:.2f} s")
    assert ended < began
    pair.world.apply(destination())
    assert "LeaseLost" in pair.first.operator.log.read_text()
    pair.worked_on()


def test_a_leader_that_was_frozen_meanwhile_does_not_write_once_more(pair: Pair) -> None:
    pair.first.operator.stop()
    pair.world.apply(destination())
    began = pair.second.began()
    pair.first.operator.go_on()
    assert pair.first.operator.wait() == LEASE_LOST
    assert [path for when, path in pair.first.writes if when > began] == []
    pair.worked_on()
