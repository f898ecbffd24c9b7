"""PID 1 of the cluster: prepares the namespaces, then starts, reaps and restarts the components until told to end.

`launch` starts it. On SIGTERM it stops the components in order, so that etcd can close its files; whatever is left then
dies with it.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from dev.cluster import kernel
from dev.cluster.client import ApiClient
from dev.cluster.components import Component, components
from dev.cluster.identity import NODE, REPOSITORY, Cluster
from dev.cluster.logs import bound, open_log
from dev.cluster.mounts import prepare_mounts
from dev.cluster.network import prepare_network
from dev.cluster.orphans import reap_orphans

_SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ENVIRONMENT = {
    "PATH": _SEARCH_PATH,
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "OTEL_SDK_DISABLED": "true",
    "PYTHONPATH": str(REPOSITORY),  # for the forwarder
}
_STABLE_SECONDS = 30.0
_LOG_CHECK_SECONDS = 10.0
# who writes through the API server goes first, then the server, then what it stores in
_STOPPED_LAST = ("apiserver", "etcd", "containerd", "forwarder")


def restart_delay(failures: int) -> float:
    """Seconds between a component's start and its next one, after so many short lives in a row."""
    return min(10.0, 0.5 * 2.0 ** min(failures, 10))


class Supervisor:
    """The components' processes; `step` is called again and again."""

    def __init__(self, cluster: Cluster, wanted: list[Component]) -> None:
        self._cluster = cluster
        self._wanted = wanted
        self._api = ApiClient(cluster)
        self._api_ready = False
        self._imported = False
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._started: dict[str, float] = {}
        self._failures: dict[str, int] = {}
        self._logs_checked = 0.0

    def step(self) -> float:
        """Do what is due; returns the seconds to sleep before the next step."""
        self._reap()
        self._start_due()
        if not self._imported and Path("/run/containerd/containerd.sock").exists():
            self._imported = import_images(self._cluster)
        if not self._api_ready:
            self._api_ready = self._api.healthy("/readyz", timeout=1)
        if time.monotonic() - self._logs_checked > _LOG_CHECK_SECONDS:
            self._logs_checked = time.monotonic()
            for component in self._wanted:
                bound(self._log(component.name))
        return 0.3 if self._imported and self._api_ready else 0.05

    def stop(self) -> None:
        """End every component, in the order that loses nothing."""
        self._end(set(self._processes) - set(_STOPPED_LAST), signal.SIGTERM, seconds=1)
        # its graceful end waits for every open watch
        self._end(["apiserver"], signal.SIGTERM, seconds=0.5)
        self._end(["apiserver"], signal.SIGKILL, seconds=1)
        self._end(["etcd", "containerd"], signal.SIGTERM, seconds=3)

    def _start_due(self) -> None:
        for component in self._wanted:
            name = component.name
            if name in self._processes or (component.needs_api and not self._api_ready):
                continue
            since = time.monotonic() - self._started.get(name, float("-inf"))
            if since > restart_delay(self._failures.get(name, 0)):
                self._start(component)

    def _start(self, component: Component) -> None:
        name = component.name
        with open_log(self._log(name), fresh=name not in self._started) as log:
            self._processes[name] = subprocess.Popen(
                component.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_ENVIRONMENT,
                start_new_session=True,
                pass_fds=component.inherits,
            )
        self._started[name] = time.monotonic()
        say(f"start {name} as {self._processes[name].pid}")

    def _reap(self) -> None:
        for name, process in list(self._processes.items()):
            if process.poll() is not None:
                say(f"{name} ended with {process.returncode}")
                del self._processes[name]
                short = time.monotonic() - self._started[name] < _STABLE_SECONDS
                self._failures[name] = self._failures.get(name, 0) + 1 if short else 0
        reap_orphans({process.pid for process in self._processes.values()})

    def _end(self, names: Iterable[str], number: signal.Signals, *, seconds: float) -> None:
        ending = [self._processes[name] for name in names if name in self._processes]
        for process in ending:
            process.send_signal(number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and any(process.poll() is None for process in ending):
            time.sleep(0.02)

    def _log(self, name: str) -> Path:
        return self._cluster.logs / f"{name}.log"


def import_images(cluster: Cluster) -> bool:
    """Import the archives that are newer than the last import into containerd; False when it is not ready for them."""
    mark = cluster.state / "imported"
    last = mark.stat().st_mtime if mark.exists() else 0.0
    for archive in sorted(cluster.images.glob("*.tar")):
        if archive.stat().st_mtime > last:
            command = ["ctr", "--namespace", "k8s.io", "images", "import", str(archive)]
            if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
                return False
    mark.touch()
    say("images imported")
    return True


def say(text: str) -> None:
    """Write a line to the supervisor's log."""
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def main(state: Path, sockets: str) -> None:
    """Be PID 1 of the cluster in `state`; `sockets` are the descriptors that the forwarder gets, with commas."""
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopping.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cluster = Cluster.load(state)
    if cluster is None:
        sys.exit(f"no cluster is recorded in {state}")
    prepare_mounts(cluster)
    prepare_network()
    kernel.set_hostname(NODE)
    command = (sys.executable, "-m", "dev.cluster.forwarder", sockets)
    forwarder = Component("forwarder", command, inherits=tuple(int(number) for number in sockets.split(",")))
    supervisor = Supervisor(cluster, [forwarder, *components(cluster)])
    while not stopping:
        time.sleep(supervisor.step())
    supervisor.stop()
    say("stopped")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
