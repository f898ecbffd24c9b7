"""Which ports a starting cluster gets, held open from then on. Called by `lifecycle`, with the cluster locked.

A cluster keeps the ports that it was first given: its images are named after the registry's, and its Services hold
node ports.
"""

from pathlib import Path

from dev.cluster.errors import ClusterProblem
from dev.cluster.identity import Cluster
from dev.cluster.lock import locked
from dev.cluster.ports import Listener, PortInUse, Ports, listen, slots


def take_ports(name: str, state: Path, binaries: Path, known: Cluster | None) -> tuple[Cluster, list[Listener]]:
    """The cluster with its ports open: those recorded, or the first free ones."""
    if known:
        try:
            return _stored(Cluster(name, state, known.slot, binaries), listen(known.ports))
        except PortInUse as problem:
            remedy = f"end what listens there, or begin anew: python3 -m dev.cluster down --purge --name {name}"
            raise ClusterProblem(f"{problem}, and cluster {name} keeps its ports: {remedy}") from problem
    with locked(state.parent):
        taken = {other.slot for path in state.parent.iterdir() if path.is_dir() and (other := Cluster.load(path))}
        for slot in slots(name):
            if slot in taken:
                continue
            try:
                sockets = listen(Ports.of_slot(slot))
            except PortInUse as problem:
                print(f"{problem}; trying the next ports", flush=True)
            else:
                return _stored(Cluster(name, state, slot, binaries), sockets)
    raise ClusterProblem("no set of ports is free; take other clusters down, with --purge")


def _stored(cluster: Cluster, sockets: list[Listener]) -> tuple[Cluster, list[Listener]]:
    cluster.store()
    return cluster, sockets
