"""How a Pod gets its network: the chain of CNI plugins, and the one directory where containerd looks for all of them.

Called by `configs` at each start.
"""

import json
import shutil
from pathlib import Path

from dev.cluster.identity import NODE_POD_NETWORK, Cluster
from dev.cluster.packages import PLUGINS

_POLICIES = "network-policies"


def network_directory(cluster: Cluster) -> Path:
    """Where containerd finds the chain."""
    return cluster.config / "cni"


def plugin_links(cluster: Cluster) -> Path:
    """Where containerd finds the plugins."""
    return cluster.config / "cni-plugins"


def write_cni(cluster: Cluster, installed: Path) -> None:
    """Write the chain, and link the plugins of the directory `installed` and our own into one."""
    links = plugin_links(cluster)
    shutil.rmtree(links, ignore_errors=True)
    for directory in (links, network_directory(cluster)):
        directory.mkdir(parents=True, exist_ok=True)
    for plugin in [*(installed / name for name in PLUGINS), cluster.binaries / _POLICIES]:
        (links / plugin.name).symlink_to(plugin)
    chain = {"cniVersion": "0.4.0", "name": "pods", "plugins": _chain(cluster)}
    (network_directory(cluster) / "10-pods.conflist").write_text(json.dumps(chain, indent=1))


def _chain(cluster: Cluster) -> list[dict[str, object]]:
    # ptp routes each Pod's address to its own interface, so that netfilter sees every packet without br_netfilter;
    # a bridge with br_netfilter was seen to lose first packets of new flows
    pool = {"type": "host-local", "ranges": [[{"subnet": NODE_POD_NETWORK}]], "routes": [{"dst": "0.0.0.0/0"}]}
    return [
        {"type": "ptp", "ipMasq": False, "ipam": pool},
        {"type": "portmap", "capabilities": {"portMappings": True}},
        # publishes the Pod's address before a container starts: the policy engine knows the Pod by it
        {"type": _POLICIES, "kubeconfig": f"{cluster.pki}/{_POLICIES}.kubeconfig"},
    ]
