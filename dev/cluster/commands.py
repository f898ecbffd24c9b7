"""The commands of `python3 -m dev.cluster`: one function each, from parsed arguments to an exit code."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable

from dev.cluster import instance, kernel, lifecycle, status
from dev.cluster.build import build, cache_directory
from dev.cluster.errors import ClusterProblem
from dev.cluster.identity import Cluster, state_directory
from dev.cluster.preflight import extend_path, require_root

Command = Callable[[argparse.Namespace], int]
_DOWN = 3


def main() -> None:
    """Run the command that the arguments name."""
    arguments = _parser().parse_args()
    command: Command = arguments.command
    try:
        sys.exit(command(arguments))
    except ClusterProblem as problem:
        sys.exit(f"cluster: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)


def _up(arguments: argparse.Namespace) -> int:
    require_root("up")
    cluster = lifecycle.up(arguments.name, timeout=arguments.timeout)
    ports = cluster.ports
    print(f"cluster {cluster.name} is up:")
    print(f"  export KUBECONFIG={cluster.kubeconfig} PATH={cluster.binaries}:$PATH   # kubectl, helm")
    print(f"  registry localhost:{ports.registry}   node ports {ports.node_ports.start}-{ports.node_ports.stop - 1}")
    return 0


def _down(arguments: argparse.Namespace) -> int:
    require_root("down")
    lifecycle.down(arguments.name, purge=arguments.purge)
    state = state_directory(arguments.name)
    print(f"cluster {arguments.name} is down{f', its state is kept in {state}' if state.exists() else ''}")
    return 0


def _status(arguments: argparse.Namespace) -> int:
    require_root("status")
    cluster = Cluster.load(state_directory(arguments.name))
    if cluster is None:
        print(f"there is no cluster {arguments.name}")
        return _DOWN
    healthy, lines = status.report(cluster)
    print("\n".join(lines))
    return 0 if healthy else _DOWN if instance.running(cluster) is None else 1


def _info(arguments: argparse.Namespace) -> int:
    print(json.dumps(status.info(lifecycle.recorded(arguments.name)), indent=1))
    return 0


def _kubeconfig(arguments: argparse.Namespace) -> int:
    cluster, _ = _running(arguments.name)
    print(cluster.kubeconfig)
    return 0


def _exec(arguments: argparse.Namespace) -> int:
    require_root("exec")
    command = arguments.arguments[1:] if arguments.arguments[:1] == ["--"] else arguments.arguments
    if not command:
        raise ClusterProblem("exec needs a command: exec -- kubectl get nodes")
    cluster, supervisor = _running(arguments.name)
    extend_path()
    environment = {
        **os.environ,
        "KUBECONFIG": str(cluster.kubeconfig),
        "PATH": f"{cluster.binaries}:{os.environ['PATH']}",
    }
    kernel.enter(supervisor.pid, "net")
    if command[0] in ("ctr", "crictl"):  # containerd's socket is in the cluster's own /run
        kernel.enter(supervisor.pid, "mnt")
    try:
        os.execvpe(command[0], command, environment)  # noqa: S606 - what the user typed
    except OSError as error:
        raise ClusterProblem(f"{command[0]}: {error.strerror}") from error


def _load(arguments: argparse.Namespace) -> int:
    require_root("load")
    _, supervisor = _running(arguments.name)
    extend_path()
    command = ["nsenter", f"--mount=/proc/{supervisor.pid}/ns/mnt", "ctr", "--namespace", "k8s.io"]
    for archive in arguments.archives:
        # opened on the host: the path may mean something else inside
        with open(archive, "rb") as opened:
            if subprocess.run([*command, "images", "import", "-"], stdin=opened).returncode:
                return 1
    return 0


def _build(_: argparse.Namespace) -> int:
    print(build(cache_directory()))
    return 0


def _running(name: str) -> tuple[Cluster, instance.Instance]:
    cluster = Cluster.load(state_directory(name))
    supervisor = instance.running(cluster) if cluster else None
    if cluster is None or supervisor is None:
        raise ClusterProblem(f"cluster {name} is down: python3 -m dev.cluster up --name {name}")
    return cluster, supervisor


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m dev.cluster", description="A real Kubernetes on this machine.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        default = os.environ.get("XKIT_CLUSTER", "dev")
        added.add_argument("--name", default=default, help="which cluster (default: $XKIT_CLUSTER, or dev)")
        added.set_defaults(command=command)
        return added

    up = add("up", _up, "start it, or heal it; returns when it serves")
    up.add_argument("--timeout", type=float, default=180, help="seconds to wait for it, once its programs are built")
    down = add("down", _down, "stop it; nothing of it is left but its state")
    down.add_argument("--purge", action="store_true", help="remove the state too")
    add("status", _status, "what runs; exit code 0 only if it is healthy, 3 if it is down")
    add("info", _info, "addresses, ports and paths, as JSON")
    add("kubeconfig", _kubeconfig, "print the path of its kubeconfig")
    inside = add("exec", _exec, "run a command in the cluster's network, with kubectl and helm on PATH")
    inside.add_argument("arguments", nargs=argparse.REMAINDER, metavar="-- COMMAND ...")
    load = add("load", _load, "import image archives straight into the node")
    load.add_argument("archives", nargs="+", metavar="ARCHIVE")
    add("build", _build, "build its programs into the cache and print where they are")
    return parser
