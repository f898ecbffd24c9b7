"""Brings a cluster up, tells how it is, and takes it down without a trace.

`up` starts what does not run and then waits for what a user would miss; on a running cluster it only looks.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import time
from pathlib import Path

from dev.cluster import cgroups, images, instance, packages, pki, ports, preflight
from dev.cluster.build import build, cache_directory, planned
from dev.cluster.client import ApiClient
from dev.cluster.configs import write_configs
from dev.cluster.errors import ClusterProblem
from dev.cluster.identity import Cluster, state_directory
from dev.cluster.launch import launch
from dev.cluster.lock import locked
from dev.cluster.progress import Steps
from dev.cluster.readiness import dns_ready, node_ready, wait
from dev.cluster.reservation import take_ports

_SYSTEM = Path(__file__).with_name("system.yaml")
_PRIVATE = 0o700


def up(name: str, *, timeout: float) -> Cluster:
    """Start cluster `name` unless it runs, and return when the node and its DNS serve. Raises ClusterProblem."""
    steps = Steps()
    state = state_directory(name)
    cluster = Cluster.load(state)
    if cluster is None or instance.running(cluster) is None:
        binaries = _prepare(state)
        steps.done("programs and machine checked")
        with locked(state):
            cluster = _start(name, state, binaries, steps)
    deadline = time.monotonic() + timeout
    try:
        _settle(cluster, steps, deadline)
    except ClusterProblem as problem:
        log = cluster.logs / "supervisor.log"
        last = "".join(f"\n  {line}" for line in log.read_text().splitlines()[-8:]) if log.exists() else ""
        raise ClusterProblem(
            f"{problem}; the logs are in {cluster.logs}, the supervisor's ends with:{last}"
        ) from problem
    return cluster


def down(name: str, *, purge: bool) -> None:
    """Stop cluster `name`; with `purge` its state goes too. Raises ClusterProblem when something cannot be removed."""
    state = state_directory(name)
    if not state.exists():
        return
    with locked(state):
        cluster = Cluster.load(state)
        if cluster:
            instance.stop(cluster)
            cgroups.clear(cluster.group)
        if purge:
            shutil.rmtree(state)


def recorded(name: str) -> Cluster:
    """Cluster `name` as it is recorded, or as `up` would first try to make it."""
    state = state_directory(name)
    known = Cluster.load(state)
    if known:
        return known
    _, binaries = planned(cache_directory())
    return Cluster(name, state, next(ports.slots(name)), binaries)


def _prepare(state: Path) -> Path:
    preflight.extend_path()
    cache = cache_directory()
    programs, _ = planned(cache)
    preflight.check(state, cache, building=not all(program.exists() for program in programs.values()))
    return build(cache)


def _start(name: str, state: Path, binaries: Path, steps: Steps) -> Cluster:
    """Start the supervisor, with the cluster locked; another `up` may have done so in the meantime."""
    known = Cluster.load(state)
    if known and instance.running(known):
        return known
    if known:
        cgroups.clear(known.group)
    cluster, sockets = take_ports(name, state, binaries, known)
    try:
        for directory in (cluster.logs, cluster.config, state / "etcd"):
            directory.mkdir(exist_ok=True, mode=_PRIVATE)
        pki.make_certificates(cluster)
        pki.write_kubeconfigs(cluster)
        images.pack_images(cluster, machine=os.uname().machine)
        runc, plugins = shutil.which("runc"), packages.plugin_directory()
        if runc is None or plugins is None:
            raise ClusterProblem("runc or the CNI plugins have gone since they were checked; try again")
        write_configs(cluster, runc=runc, plugins=plugins)
        instance.record(cluster, launch(cluster, sockets))
    finally:
        ports.close(sockets)
    steps.done("supervisor started")
    return cluster


def _settle(cluster: Cluster, steps: Steps, deadline: float) -> None:
    """Wait until the cluster serves, and apply what every cluster holds."""
    api = ApiClient(cluster)
    running = instance.running(cluster)
    if running is None:
        raise ClusterProblem("the supervisor ended at once")

    def alive() -> bool:
        return instance.running(cluster) is not None

    wait("the API server", lambda: api.healthy("/readyz"), deadline=deadline, alive=alive)
    steps.done("API server ready")
    if _apply_system(cluster):
        steps.done("DNS, storage class and metrics applied")
    wait("the node", lambda: node_ready(api), deadline=deadline, alive=alive)
    steps.done("node ready")
    wait("the cluster's DNS", lambda: dns_ready(api, since=running.since), deadline=deadline, alive=alive)
    steps.done("DNS ready")


def _apply_system(cluster: Cluster) -> bool:
    """Apply system.yaml unless exactly this text has been applied before."""
    bundle = base64.b64encode((cluster.pki / "ca.crt").read_bytes()).decode()
    text = _SYSTEM.read_text().replace("@CA_BUNDLE@", bundle)
    mark = cluster.state / "applied"
    total = hashlib.sha256(text.encode()).hexdigest()
    if mark.exists() and mark.read_text() == total:
        return False
    command = [str(cluster.binaries / "kubectl"), "--kubeconfig", str(cluster.kubeconfig)]
    command += ["apply", "--server-side", "--force-conflicts", "--filename", "-"]
    applied = subprocess.run(command, input=text, capture_output=True, text=True)
    if applied.returncode:
        raise ClusterProblem(f"system.yaml was refused: {applied.stderr}")
    mark.write_text(total)
    return True
