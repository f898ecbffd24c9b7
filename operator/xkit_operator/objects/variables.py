"""The volume with the variables that come from Secrets and ConfigMaps: one file each, named after the variable.

The kubelet fills and refreshes it; the operator never sees a Secret. Only the dispatcher mounts it.
"""

from typing import Any

from xkit_operator.api.destination import ValueFrom, Variable

VARIABLES_DIRECTORY = "/etc/xkit/variables"


def variables_volume(variables: tuple[Variable, ...]) -> dict[str, Any] | None:
    """The volume named `variables`, or None when no variable is a reference."""
    sources = [_source(variable.name, variable.value_from) for variable in variables if variable.value_from]
    if not sources:
        return None
    return {"name": "variables", "projected": {"defaultMode": 0o444, "sources": sources}}


def _source(name: str, value_from: ValueFrom) -> dict[str, Any]:
    references = {"secret": value_from.secret_key_ref, "configMap": value_from.config_map_key_ref}
    return {
        kind: {"name": reference.name, "items": [{"key": reference.key, "path": name}]}
        for kind, reference in references.items()
        if reference is not None
    }
