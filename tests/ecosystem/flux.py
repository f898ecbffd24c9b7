"""The real Flux beside the tests' cluster: its source-controller and kustomize-controller, processes of this machine.

Without helm-controller, which cannot be built of what the module proxy gives.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import Cluster
from tests.ecosystem.programs import running
from tests.gotool import go_tool, module_sources
from tests.ports import HeldPort

MODULES = {name: f"github.com/fluxcd/{name}" for name in ("source-controller", "kustomize-controller")}
NAMESPACE = "flux-system"


def programs() -> dict[str, Path]:
    """Flux's programs, built if the cache lacks them: minutes, the first time."""
    return {name: go_tool(name, module, module="flux") for name, module in MODULES.items()}


@contextlib.contextmanager
def installed(cluster: Cluster, directory: Path) -> Iterator[None]:
    """Run Flux, with its kinds in the cluster; `directory` is for its files and logs."""
    kinds = [f"--filename={module_sources(module, of='flux')}/config/crd/bases" for module in MODULES.values()]
    cluster.kubectl("apply", "--server-side", *kinds)
    cluster.kubectl("create", "namespace", NAMESPACE)
    environment = {"KUBECONFIG": cluster.kubeconfig, "RUNTIME_NAMESPACE": NAMESPACE, "TMPDIR": str(directory)}
    artifacts, *health = (HeldPort() for _ in range(1 + len(MODULES)))
    storage = (
        f"--storage-path={directory}",
        f"--storage-adv-addr={artifacts.address}",
        f"--storage-addr={artifacts.address}",
    )
    options = {"source-controller": storage, "kustomize-controller": ()}
    with contextlib.ExitStack() as all_of_it:
        for (name, program), port in zip(programs().items(), health, strict=True):
            ports = ("--metrics-addr=0", f"--health-addr={port.address}", "--enable-leader-election=false")
            command = [str(program), *ports, *options[name]]
            all_of_it.enter_context(running(command, directory / f"{name}.log", environment))
        yield
    cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false")
    cluster.kubectl("delete", "--wait=false", *kinds)
