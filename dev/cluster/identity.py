"""Which cluster: its name, where its state lies, its ports and its programs. Every other module is given this.

The state directory holds everything that outlives a `down`: etcd's data, images, the registry's blobs, certificates.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dev.cluster.atomic import write_text
from dev.cluster.errors import ClusterProblem
from dev.cluster.ports import Ports

REPOSITORY = Path(__file__).resolve().parent.parent.parent

NODE = "node1"
NODE_ADDRESS = "100.64.0.1"
POD_NETWORK = "10.244.0.0/16"
NODE_POD_NETWORK = "10.244.1.0/24"
SERVICE_NETWORK = "10.96.0.0/16"
API_SERVICE_ADDRESS = "10.96.0.1"
DNS_ADDRESS = "10.96.0.10"

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?")


def clusters_directory(environment: Mapping[str, str]) -> Path:
    """Where the states of all clusters lie."""
    home = environment.get("XDG_STATE_HOME")
    return (Path(home) if home else Path("/var/lib")) / "xkit-operator" / "clusters"


def state_directory(name: str, environment: Mapping[str, str] = os.environ) -> Path:
    """Where the state of cluster `name` lies. Raises ClusterProblem for a name that cannot be part of a host name."""
    if not _NAME.fullmatch(name):
        raise ClusterProblem(f"{name!r} is no cluster name: 1 to 20 of a-z, 0-9 and -, no - at either end")
    return clusters_directory(environment).absolute() / name


@dataclass(frozen=True)
class Cluster:
    """A cluster as `up` made it; `store` and `load` carry it from there to the supervisor and later commands."""

    name: str
    state: Path
    slot: int
    binaries: Path

    @property
    def ports(self) -> Ports:
        """The ports on 127.0.0.1."""
        return Ports.of_slot(self.slot)

    @property
    def title(self) -> str:
        """What kubeconfigs and certificates call it."""
        return f"xkit-{self.name}"

    @property
    def group(self) -> str:
        """The name of its directory in every cgroup hierarchy: no other state has the same, whatever its name."""
        return f"{self.title}-{hashlib.sha256(str(self.state).encode()).hexdigest()[:8]}"

    @property
    def pki(self) -> Path:
        """Keys, certificates and the components' kubeconfigs."""
        return self.state / "pki"

    @property
    def config(self) -> Path:
        """The components' configuration files, written at each start."""
        return self.state / "config"

    @property
    def logs(self) -> Path:
        """One log per component, and the supervisor's."""
        return self.state / "log"

    @property
    def images(self) -> Path:
        """Archives of the two images that every node needs."""
        return self.state / "images"

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig: valid on the host and inside."""
        return self.state / "kubeconfig"

    def store(self) -> None:
        """Record the cluster in its state directory."""
        record = {"name": self.name, "slot": self.slot, "binaries": str(self.binaries)}
        write_text(self.state / "cluster.json", json.dumps(record))

    @classmethod
    def load(cls, state: Path) -> "Cluster | None":
        """The cluster recorded in `state`, or None."""
        try:
            record = json.loads((state / "cluster.json").read_text())
        except FileNotFoundError:
            return None
        return cls(name=record["name"], state=state, slot=record["slot"], binaries=Path(record["binaries"]))
