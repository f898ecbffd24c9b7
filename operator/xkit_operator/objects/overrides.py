"""What the author of a Destination says about its Pods, laid over the template that the operator makes.

Pure. What the runner needs to work is the operator's: labels, annotations and limits of its own always win.
"""

from typing import Any

from xkit_operator.api.podtemplate import PodOverrides

_VERBATIM = (
    "nodeSelector",
    "tolerations",
    "affinity",
    "topologySpreadConstraints",
    "imagePullSecrets",
    "priorityClassName",
    "runtimeClassName",
    "serviceAccountName",
)


def overridden(template: dict[str, Any], overrides: PodOverrides) -> dict[str, Any]:
    """A copy of the Pod `template` with `overrides` in it."""
    said = overrides.to_dict()
    metadata = template["metadata"]
    spec = template["spec"]
    resources = said.get("resources", {})
    return template | {
        "metadata": metadata
        | {
            "labels": said.get("labels", {}) | metadata["labels"],
            "annotations": said.get("annotations", {}) | metadata["annotations"],
        },
        "spec": spec
        | {name: said[name] for name in _VERBATIM if said.get(name)}
        | {"containers": [_with(container, resources.get(container["name"], {})) for container in spec["containers"]]},
    }


def _with(container: dict[str, Any], resources: dict[str, Any]) -> dict[str, Any]:
    """The container with `resources` over its own: a quantity that is not named stays."""
    before = container["resources"]
    return container | {"resources": before | {part: before[part] | said for part, said in resources.items()}}
