"""What to do next about a Destination, in one line. Pure; docs/reference/conditions.md says it at length."""

from xkit_operator.api.conditions import Reason
from xkit_operator.inspecting.facts import NOT_OBSERVED, DestinationFacts, MappingFacts, Verdict

_MEND = "mend the manifest and apply it again; `xkit check` says the same of files before they are applied"
_MEND_UNSEEN = "mend what the message names and apply it again; only a cluster can tell"
_MAKE = "make what is missing; it heals by itself then"
_LOGS = "look at what the function says: xkit logs {name} -n {namespace}"
_WAIT = "wait: kubectl wait --for=condition=Ready destination/{name} -n {namespace}"
_RETRIED = "nothing, unless it stays: it is tried again by itself, and the operator's log tells more"
_INSTALLER = "tell whoever runs the operator: the registry, its logins or the installation must be mended"

NEXT: dict[str, str] = {
    Reason.SCALED_TO_ZERO: "kubectl scale destination {name} -n {namespace} --replicas=1 lets it serve",
    Reason.PAUSED: "set spec.paused to false when changes are to be taken up again",
    **dict.fromkeys((Reason.PENDING, Reason.ROLLING_OUT), _WAIT),
    **dict.fromkeys(
        (
            Reason.INVALID_SPEC,
            Reason.UNKNOWN_RUNTIME,
            Reason.FUNCTION_SYNTAX_ERROR,
            Reason.MAPPING_DOES_NOT_FIT,
            Reason.SOURCE_CONFLICT,
        ),
        _MEND,
    ),
    **dict.fromkeys(
        (Reason.CONFLICT, Reason.INVALID_POD_SPEC, Reason.INVALID_NETWORK_SPEC, Reason.INVALID_AUTOSCALING_SPEC),
        _MEND_UNSEEN,
    ),
    **dict.fromkeys(
        (
            Reason.CONFIG_MAP_NOT_FOUND,
            Reason.CONFIG_MAP_KEY_NOT_FOUND,
            Reason.SERVICE_ACCOUNT_NOT_FOUND,
            Reason.DESTINATION_NOT_FOUND,
            Reason.SECRET_NOT_FOUND,
            Reason.SECRET_KEY_NOT_FOUND,
        ),
        _MAKE,
    ),
    **dict.fromkeys((Reason.FUNCTION_LOAD_FAILED, Reason.CRASH_LOOP, Reason.MEMORY_EXCEEDED), _LOGS),
    **dict.fromkeys((Reason.REGISTRY_UNREACHABLE, Reason.API_UNREACHABLE, Reason.API_CONFLICT), _RETRIED),
    **dict.fromkeys((Reason.API_NOT_FOUND, Reason.API_REFUSED), _RETRIED),
    **dict.fromkeys((Reason.REGISTRY_UNAUTHORIZED, Reason.REGISTRY_REFUSED, Reason.INVALID_CREDENTIALS), _INSTALLER),
    **dict.fromkeys((Reason.API_FORBIDDEN, Reason.INVALID_SETTING, Reason.BUILD_FAILED), _INSTALLER),
    Reason.QUOTA_EXCEEDED: "ask for less in spec.limits and spec.pod, or for a larger quota of the namespace",
    Reason.IMAGE_PULL_FAILED: "the nodes cannot pull the image: see the Pod's message, and registry.pull of the chart",
    Reason.UNSCHEDULABLE: "the nodes have no room for a Pod as spec.limits and spec.pod have it",
    Reason.DEADLINE_EXCEEDED: "the new Pods do not become ready: xkit logs {name} -n {namespace}, and the Pods below",
    NOT_OBSERVED: "wait a moment; if it stays, the operator does not run, or not for this namespace",
}
"""By the reason of Ready, where that is not simply Ready."""

_UNMAPPED = "apply a SourceMapping: no source is served yet"
_SERVES = "send records to {url}; xkit logs {name} -n {namespace} -f shows what becomes of them"


def next_step(facts: DestinationFacts) -> str:
    """What to do: about the Destination itself, else about the first of its mappings that needs it, else use it."""
    where = {"name": facts.name, "namespace": facts.namespace, "url": facts.status.url}
    if facts.verdict.reason != Reason.READY:
        return _next(facts.verdict).format(**where)
    troubled = next((one for one in facts.mappings if one.verdict.reason != Reason.READY), None)
    if troubled is not None:
        return f"{troubled.name}: {next_of_mapping(troubled)}"
    return (_SERVES if facts.mappings else _UNMAPPED).format(**where)


def next_of_mapping(facts: MappingFacts) -> str:
    """What to do about a SourceMapping that is not ready."""
    return _next(facts.verdict).format(name=facts.destination, namespace=facts.namespace)


def _next(verdict: Verdict) -> str:
    """A release of the operator that is newer than this command may know more reasons."""
    return NEXT.get(verdict.reason, "see docs/reference/conditions.md")
