"""The Pod of a runner: a dispatcher that faces the network, and a function container that runs the user's code.

They share one unix socket in a small in-memory volume. The Pod meets the restricted Pod Security Standard. Pure; the
Deployment wraps it.
"""

import math
from typing import Any

from xkit_operator.api.destination import Destination, Limits
from xkit_operator.objects.labels import child_labels
from xkit_operator.objects.overrides import overridden
from xkit_operator.objects.tokens import TOKENS_DIRECTORY, tokens_volume
from xkit_operator.objects.variables import VARIABLES_DIRECTORY, variables_volume

DISPATCHER = "dispatcher"
"""The name of the container that faces the network."""
FUNCTION = "function"
RECORDS_PORT = "records"
_ADMIN_PORT = "admin"
_CONFIGURATION_DIRECTORY = "/etc/xkit/config"
_SOCKET_DIRECTORY = "/run/xkit"
_DIRECTORIES = {"variables": VARIABLES_DIRECTORY, "tokens": TOKENS_DIRECTORY}
_USER = 65532

_STANDBYS = 1
_HOST_AND_TEMPORARY_BYTES = 96 * 2**20  # the host process, /tmp and /run/xkit, which count as memory

_LAME_DUCK_SECONDS = 3  # until every kube-proxy has heard that the Pod is going
_DRAIN_SPARE_SECONDS = 10


def pod_template(destination: Destination, *, image: str, dispatcher_image: str, configuration: str) -> dict[str, Any]:
    """The template for Pods of `destination` with the function image `image` and the ConfigMap `configuration`."""
    spec = destination.spec
    references = [one for one in (variables_volume(spec.variables), tokens_volume(spec.auth)) if one]
    template = {
        "metadata": {
            "labels": child_labels(destination.metadata.name),
            "annotations": {"kubectl.kubernetes.io/default-container": FUNCTION},
        },
        "spec": {
            "serviceAccountName": destination.metadata.name,
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            # A call that has just started may take its whole time; the dispatcher waits for it.
            "terminationGracePeriodSeconds": (
                _LAME_DUCK_SECONDS + math.ceil(spec.limits.timeout_seconds) + _DRAIN_SPARE_SECONDS
            ),
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": _USER,
                "runAsGroup": _USER,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [
                _dispatcher(dispatcher_image, references),
                _function(image, spec.limits),
            ],
            "volumes": [
                {"name": "socket", "emptyDir": {"medium": "Memory", "sizeLimit": "16Mi"}},
                {"name": "tmp", "emptyDir": {"medium": "Memory", "sizeLimit": "16Mi"}},
                {"name": "configuration", "configMap": {"name": configuration, "defaultMode": 0o444}},
                *references,
            ],
        },
    }
    return template if spec.pod is None else overridden(template, spec.pod)


def _dispatcher(image: str, references: list[dict[str, Any]]) -> dict[str, Any]:
    mounts = [
        {"name": "socket", "mountPath": _SOCKET_DIRECTORY},
        {"name": "configuration", "mountPath": _CONFIGURATION_DIRECTORY, "readOnly": True},
        *({"name": one["name"], "mountPath": _DIRECTORIES[one["name"]], "readOnly": True} for one in references),
    ]
    return {
        "name": DISPATCHER,
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "ports": [
            {"name": RECORDS_PORT, "containerPort": 8080, "protocol": "TCP"},
            {"name": _ADMIN_PORT, "containerPort": 9090, "protocol": "TCP"},
        ],
        # Liveness is that of the dispatcher alone: the host restarts what the user's code breaks.
        "livenessProbe": {
            "httpGet": {"path": "/livez", "port": _ADMIN_PORT},
            "initialDelaySeconds": 10,
            "periodSeconds": 10,
            "timeoutSeconds": 5,
        },
        "readinessProbe": {
            "httpGet": {"path": "/readyz", "port": _ADMIN_PORT},
            "periodSeconds": 1,
            "timeoutSeconds": 2,  # while the Pod starts, the answer waits until it is ready
            "failureThreshold": 2,
        },
        "lifecycle": {"preStop": {"sleep": {"seconds": _LAME_DUCK_SECONDS}}},
        "resources": {"requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"memory": "512Mi"}},
        "securityContext": _container_security(),
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "volumeMounts": mounts,
    }


def _function(image: str, limits: Limits) -> dict[str, Any]:
    executors = max(1, limits.cpu_millicores // 1000)
    # The host ends an executor that exceeds its share; the container's limit lies above all shares together, so that
    # the kernel does not end the whole container for the fault of one.
    memory = (executors + _STANDBYS) * limits.memory_bytes + _HOST_AND_TEMPORARY_BYTES
    return {
        "name": FUNCTION,
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "env": [
            {"name": "XKIT_SOCKET", "value": f"{_SOCKET_DIRECTORY}/dispatcher.sock"},
            {"name": "XKIT_EXECUTORS", "value": str(executors)},
            {"name": "XKIT_MEMORY_BYTES", "value": str(limits.memory_bytes)},
        ],
        "resources": {
            "requests": {"cpu": "20m", "memory": "64Mi"},
            "limits": {"cpu": _canonical_cpu(limits.cpu_millicores), "memory": _canonical(memory)},
        },
        "securityContext": _container_security(),
        "volumeMounts": [
            {"name": "socket", "mountPath": _SOCKET_DIRECTORY},
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - a path in the container, not on this machine
        ],
    }


def _canonical(size: int) -> str:
    """`size` bytes, rounded up to a Mi, as the server would write it: what it rewrites looks like somebody's edit."""
    mebibytes = math.ceil(size / 2**20)
    return f"{mebibytes // 1024}Gi" if mebibytes % 1024 == 0 else f"{mebibytes}Mi"


def _canonical_cpu(millicores: int) -> str:
    return f"{millicores}m" if millicores % 1000 else str(millicores // 1000)


def _container_security() -> dict[str, Any]:
    return {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
