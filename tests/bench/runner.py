"""What a record costs: CPU over the whole process tree, and latency, in turn with bare Node.js 14 and with peers."""

import json
import time
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager

from tests.bench import servers
from tests.bench.load import CONNECTIONS, Load, run
from tests.bench.processes import cpu_seconds, pss_mib, tree
from tests.bench.record import BATCH, CALLING_FUNCTION, SINGLE
from tests.bench.result import Result, number, ratio
from tests.bench.servers import Server
from tests.executor.pod import Runtime

ROUNDS = 7
SECONDS = 4
BATCH_CONNECTIONS = 4  # 400 records at once: more than ten times as many as run at once
IDLE_ROUNDS = 3
IDLE_SECONDS = 65  # after a minute without a record nobody stands by
FLOOR_SECONDS = 5
FEW = 3
_MICRO = 1e6

Start = Callable[[Runtime], AbstractContextManager[Server]]


def single(runtime: Runtime) -> list[Result]:
    """`runner-single` and `runner-p99`, from the same runs."""
    ours, base = _in_turn(runtime, servers.bare, SINGLE)
    return [
        ratio("runner-single", "µs CPU/record", [cost for cost, _ in ours], [cost for cost, _ in base]),
        ratio("runner-p99", "s", [load.p99 for _, load in ours], [load.p99 for _, load in base]),
    ]


def batch(runtime: Runtime) -> list[Result]:
    """`runner-batch100`: per record of a batch, beside bare Node.js per request."""
    ours, base = _in_turn(runtime, servers.bare, BATCH, per_request=100)
    return [ratio("runner-batch100", "µs CPU/record", [cost for cost, _ in ours], [cost for cost, _ in base])]


def peer(name: str, start: Start) -> Callable[[Runtime], list[Result]]:
    """`peer-…`: what the peer costs, beside ours."""

    def measure(runtime: Runtime) -> list[Result]:
        ours, theirs = _in_turn(runtime, start, SINGLE)
        return [ratio(name, "µs CPU/record", [cost for cost, _ in theirs], [cost for cost, _ in ours])]

    return measure


def axios(runtime: Runtime) -> list[Result]:
    """`runner-axios`: a record whose function calls another system once by axios, beside one that calls nobody.

    The inverse of the ratio is our share of what such a record costs; the system called is not counted.
    """
    with servers.target(runtime) as target:
        calling = servers.runner(runtime, function=CALLING_FUNCTION, base_url=target.url)
        costs, base = _in_turn(runtime, servers.runner, SINGLE, ours=calling)
    return [ratio("runner-axios", "µs CPU/record", [cost for cost, _ in costs], [cost for cost, _ in base])]


def idle_pss(runtime: Runtime) -> list[Result]:
    """`runner-idle-pss`: memory of a Pod that has served a few records, one by one, and has nothing to do.

    Beside it `runner-idle-floor`: what the same three processes hold without a line of ours.
    """
    ours, floor = [], []
    for _ in range(IDLE_ROUNDS):
        with servers.runner(runtime) as server:
            _send_a_few(server)
            time.sleep(IDLE_SECONDS)
            ours.append(pss_mib(_pids(server)))
        with servers.floor(runtime) as server:
            time.sleep(FLOOR_SECONDS)
            floor.append(pss_mib(_pids(server)))
    return [number("runner-idle-pss", "MiB", ours), number("runner-idle-floor", "MiB", floor)]


def ready(runtime: Runtime) -> list[Result]:
    """`runner-ready`: from the start of the processes until they are ready, beside bare Node.js until it listens."""
    ours, base = [], []
    for _ in range(ROUNDS):
        for start, times in ((servers.runner, ours), (servers.bare, base)):
            begun = time.monotonic()
            with start(runtime):
                times.append(time.monotonic() - begun)
    return [ratio("runner-ready", "s", ours, base)]


def _send_a_few(server: Server) -> None:
    for _ in range(FEW):
        request = urllib.request.Request(server.url, SINGLE, {"content-type": "application/json"})  # noqa: S310 - http
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - as above
            assert json.load(response)["outcome"] == "succeeded"


def _in_turn(
    runtime: Runtime,
    other: Start,
    body: bytes,
    *,
    per_request: int = 1,
    ours: AbstractContextManager[Server] | None = None,
) -> tuple[list[tuple[float, Load]], list[tuple[float, Load]]]:
    """CPU (µs per record) and load of ours and of the other, A B A B; the first round of each warms up."""
    mine, theirs = [], []
    with ours or servers.runner(runtime) as server, other(runtime) as peer_server:
        for _ in range(ROUNDS + 1):
            mine.append(_measured(server, body, per_request))
            theirs.append(_measured(peer_server, SINGLE, 1))
    return mine[1:], theirs[1:]


def _measured(server: Server, body: bytes, per_request: int) -> tuple[float, Load]:
    pids = _pids(server)
    before = cpu_seconds(pids)
    load = run(server.url, body, seconds=SECONDS, connections=CONNECTIONS if per_request == 1 else BATCH_CONNECTIONS)
    return (cpu_seconds(pids) - before) / (load.requests * per_request) * _MICRO, load


def _pids(server: Server) -> list[int]:
    return [pid for root in server.roots for pid in tree(root)]
