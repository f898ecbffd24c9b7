"""The node's network, in the cluster's network namespace: one address on a bridge, and no way to the world outside.

Runs once in PID 1. Whoever wants in from the host comes through the forwarder.
"""

import subprocess
from pathlib import Path

from dev.cluster.identity import NODE_ADDRESS, POD_NETWORK, SERVICE_NETWORK

POLICY_QUEUE = 100
"""The netfilter queue where the policy engine reads."""

_SYSCTLS = {
    "ipv4/ip_forward": "1",
    "ipv4/conf/all/route_localnet": "1",  # 127.0.0.1:<nodePort> inside the namespace
    "ipv4/conf/default/rp_filter": "0",
    "ipv4/icmp_ratelimit": "0",  # every refusal is told, not one a second
}


def prepare_network() -> None:
    """Bring the interfaces, routes and rules up. Raises CalledProcessError or OSError."""
    _run("ip", "link", "set", "lo", "up")
    _run("ip", "link", "add", "node0", "type", "bridge")
    _run("ip", "address", "add", f"{NODE_ADDRESS}/24", "dev", "node0")
    _run("ip", "link", "set", "node0", "up")
    # local clients' packets to a Service need a route to get as far as kube-proxy's translation
    _run("ip", "route", "add", SERVICE_NETWORK, "dev", "node0")
    # the internet is out of reach: said at once ("no route to host") instead of after a timeout
    _run("ip", "route", "add", "unreachable", "default")
    for name, value in _SYSCTLS.items():
        Path("/proc/sys/net", name).write_text(value)
    # A Service address that kube-proxy has not translated (yet) is refused at once instead of after 3 s of ARP. The
    # API server alone gets ready 3 s earlier by it: it probes the metrics APIService before kube-proxy runs.
    for chain in ("OUTPUT", "FORWARD"):
        _run("iptables", "--append", chain, "--destination", SERVICE_NETWORK, "--jump", "REJECT")
    _show_connections_to_policy_engine()


def _show_connections_to_policy_engine() -> None:
    """Have the engine decide about each new connection to or from a Pod; while it does not run, there are none.

    In the table mangle, because kube-proxy's chains in filter accept marked packets first, and after the translation of
    Service addresses. What the node itself sends to Pods is let through, as every network does: the kubelet's probes.
    """
    mangle = ("iptables", "--table", "mangle")
    queue = ("--jump", "NFQUEUE", "--queue-num", str(POLICY_QUEUE))
    new = ("--match", "conntrack", "--ctstate", "NEW")
    _run(*mangle, "--append", "FORWARD", *new, *queue)
    _run(*mangle, "--append", "INPUT", "--source", POD_NETWORK, *new, *queue)


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
