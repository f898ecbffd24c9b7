"""Why a Deployment is not rolled out: asked of its Pods, their Events, and at last of the Deployment itself.

Called by the Destination's reconcile while something is missing; on a healthy world it is not called at all.
"""

import re
from typing import Any

from xkit_operator.api.conditions import Reason
from xkit_operator.kube.client import Cluster
from xkit_operator.objects.deployment import revision
from xkit_operator.objects.labels import pod_selector
from xkit_operator.reconcile.reporting.mounts import mount_problem
from xkit_operator.reconcile.reporting.pods import is_ready, pod_problem, waits_for_volumes
from xkit_operator.reconcile.reporting.problem import Problem

_NO_SERVICE_ACCOUNT = re.compile(r'serviceaccount "([^"]+)" not found')
_QUOTA = re.compile(
    r"exceeded quota|failed quota|LimitRange|(usage|ratio|request) per (Container|Pod|PersistentVolumeClaim)"
)
_GENERATED_NAME = re.compile(r'^pods "[^"]*" is forbidden: ')


async def diagnose(cluster: Cluster, deployment: dict[str, Any]) -> Problem | None:
    """The most telling cause that can be found; None while all may still be well. Raises ClusterError."""
    metadata = deployment["metadata"]
    wanted = revision(deployment["spec"]["template"])
    selector = pod_selector(metadata["name"])
    pods = [
        pod
        async for pod in cluster.list("Pod", namespace=metadata["namespace"], labels=selector)
        if revision(pod) == wanted and not is_ready(pod) and "deletionTimestamp" not in pod["metadata"]
    ]
    overdue = deployment_problem(deployment)
    for pod in pods:
        problem = pod_problem(pod)
        if problem is not None:
            return _hopeless(problem, overdue) or problem
    for pod in filter(waits_for_volumes, pods[:1]):
        problem = await _mounts(cluster, pod)
        if problem is not None:
            return problem
    return overdue


def _hopeless(problem: Problem, overdue: Problem | None) -> Problem | None:
    """What is said of a Pod that no node has room for once the time of its Deployment is over: that has to end."""
    if problem.reason is not Reason.UNSCHEDULABLE or overdue is None or overdue.reason is not Reason.DEADLINE_EXCEEDED:
        return None
    return Problem(overdue.reason, f"{overdue.message}: {problem.message}")


def deployment_problem(deployment: dict[str, Any]) -> Problem | None:
    """What the Deployment says of itself: Pods that are refused, or that do not become ready in time."""
    conditions = {one["type"]: one for one in deployment.get("status", {}).get("conditions", ())}
    failure = conditions.get("ReplicaFailure", {})
    if failure.get("status") == "True":
        return _refusal(_GENERATED_NAME.sub("", failure.get("message", "")))
    progress = conditions.get("Progressing", {})
    if progress.get("status") == "False" and progress.get("reason") == "ProgressDeadlineExceeded":
        return Problem(Reason.DEADLINE_EXCEEDED, "the Pods of this version do not become ready")
    return None


def _refusal(message: str) -> Problem:
    absent = _NO_SERVICE_ACCOUNT.search(message)
    if absent is not None:
        return Problem(Reason.SERVICE_ACCOUNT_NOT_FOUND, f"there is no ServiceAccount {absent[1]} in this namespace")
    if _QUOTA.search(message):
        return Problem(Reason.QUOTA_EXCEEDED, message)
    if "violates PodSecurity" in message or "is invalid" in message:
        return Problem(Reason.INVALID_POD_SPEC, message)
    return Problem(Reason.API_REFUSED, message)


async def _mounts(cluster: Cluster, pod: dict[str, Any]) -> Problem | None:
    metadata = pod["metadata"]
    selector = f"involvedObject.uid={metadata['uid']}"
    events = [event async for event in cluster.list("CoreEvent", namespace=metadata["namespace"], fields=selector)]
    return mount_problem(pod, events)
