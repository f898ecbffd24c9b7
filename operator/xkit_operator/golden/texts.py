"""The texts of variables in golden tests: ConfigMaps are read, Secrets never."""

from collections.abc import Mapping

from xkit_operator.api.destination import Destination
from xkit_operator.local.manifest import Manifest
from xkit_operator.local.project import Project
from xkit_operator.running import values


def test_texts(
    project: Project, manifest: Manifest, destination: Destination, given: Mapping[str, str]
) -> dict[str, str]:
    """`test-NAME` for what comes from a Secret, and for a ConfigMap that is not here: the same on every machine."""
    read = [variable for variable in destination.spec.variables if variable.value_from is not None]
    stand_ins = {variable.name: f"test-{variable.name}" for variable in read}
    for variable in read:
        if variable.value_from is not None and variable.value_from.config_map_key_ref is not None:
            text = values.text(project, manifest, "ConfigMap", variable.value_from.config_map_key_ref)
            stand_ins[variable.name] = text or stand_ins[variable.name]
    return {**stand_ins, **{name: text for name, text in given.items() if name in stand_ins}}
