"""The cluster that kubectl would talk to: `--kubeconfig`, $KUBECONFIG, ~/.kube/config, else that of the Pod we are in.

For the commands that ask a cluster. The operator's own way in is `connect.py`.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from kubernetes.aio import client, config

from xkit_operator.errors import NoCluster

_POD_NAMESPACE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
_MALFORMED = (config.ConfigException, OSError, ValueError, TypeError, AttributeError, KeyError, yaml.YAMLError)
"""What the library lets through for a file with YAML that is no kubeconfig."""


@dataclass(frozen=True)
class Login:
    """A way into a cluster: whoever asks for one must `await api.close()`."""

    api: Any
    namespace: str
    """The one that is meant where none is named."""
    where: str
    """The cluster in words: the context and the address of the server."""


async def log_in(kubeconfig: Path | None, context: str | None, environment: Mapping[str, str]) -> Login:
    """Log in as kubectl does. Raises NoCluster."""
    files = str(kubeconfig) if kubeconfig else environment.get("KUBECONFIG") or "~/.kube/config"
    found = _existing(files)
    # Unlike the operator a person may have to go through a proxy. One connection for each container that is followed.
    configuration = client.Configuration(client_session_kwargs={"trust_env": True})
    configuration.connection_pool_maxsize = 0
    if not found:
        return _in_pod(configuration, f"{files} is not there")
    try:
        loader = await config.load_kube_config(  # type: ignore[no-untyped-call] # the library ships no types
            os.pathsep.join(found), context, configuration, persist_config=False
        )
        chosen = loader.current_context
        namespace = chosen["context"].get("namespace") or "default"
    except _MALFORMED as error:
        raise NoCluster(_words(found, context, error)) from error
    try:
        api = client.ApiClient(configuration)
    except OSError as error:
        raise NoCluster(f"{files}: the certificates of context {chosen['name']} cannot be used: {error}") from error
    return Login(api, namespace, f"context {chosen['name']}, {configuration.host}")


def _existing(files: str) -> list[str]:
    return [name for name in files.split(os.pathsep) if name and Path(name).expanduser().is_file()]


def _in_pod(configuration: Any, missing: str) -> Login:
    try:
        config.load_incluster_config(configuration)  # type: ignore[no-untyped-call]
        namespace = _POD_NAMESPACE.read_text().strip()
    except (config.ConfigException, OSError) as error:
        raise NoCluster(
            f"there is no kubeconfig ({missing}) and this is no Pod: name one with --kubeconfig or $KUBECONFIG"
        ) from error
    return Login(client.ApiClient(configuration), namespace, f"this Pod's cluster, {configuration.host}")


def _words(files: list[str], context: str | None, error: Exception) -> str:
    """What is wrong with a kubeconfig, with the contexts that it has where one of them was to be chosen."""
    name = os.pathsep.join(files)
    try:
        contents = [yaml.safe_load(Path(one).expanduser().read_text()) for one in files]
        contexts = sorted({one["name"] for content in contents for one in content.get("contexts") or ()})
        current = next((one["current-context"] for one in contents if one.get("current-context")), None)
    except (OSError, ValueError, yaml.YAMLError) as unreadable:
        return f"{name} cannot be read as a kubeconfig: {unreadable}"
    except (TypeError, AttributeError, KeyError):
        return f"{name} is YAML, but no kubeconfig"
    wanted = context or current
    if not contexts:
        return f"{name} has no contexts"
    if wanted is None:
        return f"{name} has no current context: choose one of {', '.join(contexts)} with --context"
    if wanted not in contexts:
        return f"{name} has no context {wanted}; it has {', '.join(contexts)}"
    known = isinstance(error, config.ConfigException | OSError)
    return f"{name}: context {wanted} cannot be used" + (f": {error}" if known else ": a cluster or a user is missing")
