"""Asks the cluster that is meant, and puts its refusals into words that say who can do something about them."""

import os
from collections.abc import Awaitable, Callable
from difflib import get_close_matches
from typing import TypeVar

from xkit_operator.errors import ApiForbidden, ApiNotFound, ApiUnreachable, ClusterError
from xkit_operator.inspecting.access import Access
from xkit_operator.kube.client import Cluster, Object
from xkit_operator.kube.kubeconfig import log_in

Found = TypeVar("Found")


Question = Callable[[Cluster, str], Awaitable[Found]]
"""Asked with the cluster, and the namespace that is meant where none is named."""


async def ask(access: Access, question: Question[Found]) -> Found:
    """The answer of the cluster. Raises NoCluster, and ClusterError in words for the person who asks."""
    login = await log_in(access.kubeconfig, access.context, os.environ)
    try:
        return await question(Cluster(login.api, lambda verb, status: None), access.namespace or login.namespace)
    except ApiUnreachable as error:
        raise ApiUnreachable(f"the cluster does not answer ({login.where}): {error}") from error
    except ApiForbidden as error:
        raise ApiForbidden(_refused(str(error), login.where)) from error
    finally:
        await login.api.close()


async def destination(cluster: Cluster, namespace: str, name: str) -> Object:
    """The Destination. Raises ApiNotFound, with a hint at where it is or what may have been meant."""
    try:
        return await cluster.get("Destination", namespace=namespace, name=name)
    except ApiNotFound as error:
        raise await _not_found(cluster, namespace, name) from error


def not_installed() -> ApiNotFound:
    """For a cluster that does not know our kinds."""
    return ApiNotFound(
        "this cluster knows no Destinations: xkit-operator is not installed in it, or --context is wrong"
    )


async def _not_found(cluster: Cluster, namespace: str, name: str) -> ApiNotFound:
    try:
        here = [one["metadata"]["name"] async for one in cluster.list("Destination", namespace=namespace)]
    except ApiNotFound:
        return not_installed()
    except ClusterError:
        here = []
    words = f"there is no Destination {name} in namespace {namespace}"
    elsewhere = sorted(one for one, other in await _everywhere(cluster) if other == name)
    if elsewhere:
        return ApiNotFound(f"{words}; there is one in {', '.join(elsewhere)}: say --namespace {elsewhere[0]}")
    mapping = await cluster.find("SourceMapping", namespace=namespace, name=name)
    if mapping is not None:
        return ApiNotFound(f"{words}; that is a SourceMapping, for {mapping['spec']['destinationRef']['name']}")
    similar = get_close_matches(name, here, n=1)
    if similar:
        return ApiNotFound(f"{words}. Did you mean {similar[0]}?")
    return ApiNotFound(f"{words}" + (f"; it has {', '.join(sorted(here)[:10])}" if here else ", and no other one"))


async def _everywhere(cluster: Cluster) -> list[tuple[str, str]]:
    """Namespace and name of all Destinations, as far as that may be asked."""
    try:
        found = [one["metadata"] async for one in cluster.list("Destination")]
    except ClusterError:
        return []
    return [(one["namespace"], one["name"]) for one in found]


def _refused(words: str, where: str) -> str:
    if "HTTP 401" in words:
        return f"the cluster does not know you ({where}): log in again, or choose another --context: {words}"
    return (
        f"you may not look at that ({where}): {words}. The chart adds what is needed to the roles view, edit and admin:"
        " ask for one of them in the namespace"
    )
