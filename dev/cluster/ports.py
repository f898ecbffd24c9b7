"""The ports of a cluster on 127.0.0.1, derived from its name so that they are the same on every machine.

A slot is one set of ports. `dev` has slot 0; any other name starts at a slot of its own and moves on to the next free
one. `lifecycle` records the slot that was taken, and holds the sockets that `listen` opened until the cluster has them.
"""

import hashlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass

from dev.cluster.errors import ClusterProblem

SLOTS = 80
NODE_PORTS_PER_SLOT = 32

Listener = socket.socket


@dataclass(frozen=True)
class Ports:
    """The same numbers on the host and inside the cluster, so that one kubeconfig and one image name work on both."""

    api: int
    registry: int
    node_ports: range

    @classmethod
    def of_slot(cls, slot: int) -> "Ports":
        """The ports of `slot`: below the kernel's ephemeral range, which starts at 32768."""
        first = 30000 + NODE_PORTS_PER_SLOT * slot
        return cls(api=16443 + slot, registry=15000 + slot, node_ports=range(first, first + NODE_PORTS_PER_SLOT))

    def all(self) -> list[int]:
        """Every port, in the order in which `listen` opens them."""
        return [self.api, self.registry, *self.node_ports]


class PortInUse(ClusterProblem):
    """Something else listens on one of the ports."""


def slots(name: str) -> Iterator[int]:
    """The slots that cluster `name` tries, best first; slot 0 is kept for `dev`."""
    if name == "dev":
        yield from range(SLOTS)
        return
    first = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % (SLOTS - 1)
    for step in range(SLOTS - 1):
        yield 1 + (first + step) % (SLOTS - 1)


def listen(ports: Ports) -> list[Listener]:
    """Listen on every port of `ports`, or raise PortInUse and hold none."""
    sockets: list[Listener] = []
    for port in ports.all():
        listener = socket.socket()
        sockets.append(listener)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen(128)  # may be refused, too: somebody else has bound it with SO_REUSEADDR as well
        except OSError as error:
            close(sockets)
            raise PortInUse(f"127.0.0.1:{port} cannot be used ({error.strerror})") from error
    return sockets


def close(sockets: list[Listener]) -> None:
    """Close this process's side of `sockets`."""
    for listener in sockets:
        listener.close()
