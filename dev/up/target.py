"""Where the story takes place: an embedded cluster, or the user's own with a registry of theirs.

Decided once, from the command line and the environment; the steps read the Target alone.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dev.up.commands import capture
from dev.up.failure import StepFailed

DEFAULT = "dev"
"""The embedded cluster of whoever names none."""
CURRENT = "current"
"""The name that stands for the cluster of the kubeconfig in use; any other is that of an embedded cluster."""
REGISTRY_PORT_OFFSET = 5
"""Which of the embedded cluster's node ports the bundled registry gets; the first ones are left to the user."""


@dataclass(frozen=True)
class Target:
    """A cluster that answers, and the two registries.

    `images` is host/prefix of our own images, pushed from here and pulled by the nodes. `registry` are the chart's
    values for the functions' images. `environment` makes kubectl and helm speak to the cluster; `exports` are the same
    as lines that a user can type, and `down` what ends it all.
    """

    name: str
    environment: Mapping[str, str]
    exports: tuple[str, ...]
    down: tuple[str, ...]
    images: str
    plain_http: bool
    registry: Mapping[str, Any]


def embedded(cluster: str, environment: Mapping[str, str]) -> Target:
    """The embedded cluster of that name, which is up."""
    told = capture([sys.executable, "-m", "dev.cluster", "info", "--name", cluster], environment=environment)
    info = json.loads(told)
    path = {"KUBECONFIG": info["kubeconfig"], "PATH": info["bin"] + os.pathsep + environment.get("PATH", "")}
    return Target(
        name=f"the embedded cluster {cluster}",
        environment=dict(environment) | path,
        exports=(f"export KUBECONFIG={info['kubeconfig']} PATH={info['bin']}:$PATH",),
        down=("make down" if cluster == DEFAULT else f"make down CLUSTER={cluster}",),
        images=f"{info['registry']}/xkit",
        plain_http=True,
        registry={
            "enabled": True,
            "nodePort": info["nodePorts"][0] + REGISTRY_PORT_OFFSET,
            # the class of the embedded cluster gives volumes that only root may write
            "persistence": {"enabled": False},
        },
    )


def current(registry: str, environment: Mapping[str, str]) -> Target:
    """The cluster of the current kubeconfig context, with the registry host[:port]/prefix. Raises StepFailed."""
    values = registry_values(registry, environment)
    context = capture(["kubectl", "config", "current-context"], environment=environment).strip()
    capture(["kubectl", "version", "--request-timeout=10s"], environment=environment)
    capture(["helm", "version", "--short"], environment=environment)
    return Target(
        name=f"the cluster of the kubeconfig context {context}",
        environment=environment,
        exports=(),
        down=(),
        images=registry.rstrip("/"),
        plain_http=bool(values["plainHttp"]),
        registry=values,
    )


def registry_values(registry: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """The chart's `registry` values for a registry of the user's own, given as host[:port]/prefix.

    REGISTRY_INSIDE is the host[:port] by which Pods reach the same registry, where that is another (one beside kind or
    k3d). Raises StepFailed.
    """
    host, _, prefix = registry.rstrip("/").partition("/")
    if not host or not prefix:
        raise StepFailed(
            f"REGISTRY={registry} does not say where images go",
            remedy="Give a registry that you may push to and the nodes may pull from: REGISTRY=host[:port]/prefix.",
        )
    return {
        "enabled": False,
        "push": environment.get("REGISTRY_INSIDE") or host,
        "pull": host,
        "prefix": prefix,
        "plainHttp": plain_http(environment),
    }


def plain_http(environment: Mapping[str, str]) -> bool:
    """Whether REGISTRY_PLAIN_HTTP says that the user's registry has no TLS."""
    return environment.get("REGISTRY_PLAIN_HTTP", "").lower() in ("1", "true", "yes")
