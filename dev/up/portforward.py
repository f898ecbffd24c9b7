"""A port of this machine that leads to a Service: `kubectl port-forward`, which works on every cluster.

kubectl chooses the port and says which; it is ended when the context is left.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from dev.up.failure import StepFailed
from dev.up.target import Target


@contextmanager
def port_forward(target: Target, *, namespace: str, service: str, port: int) -> Iterator[int]:
    """The local port. Raises StepFailed when kubectl cannot forward."""
    command = ["kubectl", "--namespace", namespace, "port-forward", "--address=127.0.0.1", f"service/{service}"]
    process = subprocess.Popen(
        [*command, f":{port}"],
        env=target.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            # "Forwarding from 127.0.0.1:40321 -> 8080"; nothing at all when kubectl has failed and ended
            line = next(iter(process.stdout or ()), "")
            if not line:
                said = [line.rstrip() for line in process.stderr or ()]
                raise StepFailed(f"kubectl cannot forward a port to service/{service}", evidence=said)
            yield int(line.split()[2].rpartition(":")[2])
        finally:
            process.terminate()
