"""Whether the ConfigMaps that variables refer to exist. Secrets are not ours to read: the kubelet mounts them.

Asked before anything is built, at every reconcile; the kubelet would otherwise leave the Pods waiting without a word
in the Destination's status.
"""

from xkit_operator.api.destination import DestinationSpec, KeyRef
from xkit_operator.errors import ConfigMapKeyNotFound, ConfigMapNotFound
from xkit_operator.kube.client import Cluster, Object


async def check_references(cluster: Cluster, namespace: str, spec: DestinationSpec) -> None:
    """Raise ConfigMapNotFound or ConfigMapKeyNotFound for the first variable whose reference leads nowhere."""
    found: dict[str, Object | None] = {}
    for variable in spec.variables:
        reference = variable.value_from.config_map_key_ref if variable.value_from else None
        if reference is None:
            continue
        if reference.name not in found:
            found[reference.name] = await cluster.find("ConfigMap", namespace=namespace, name=reference.name)
        _check(found[reference.name], reference, f"variable {variable.name}")


def _check(config_map: Object | None, reference: KeyRef, user: str) -> None:
    if config_map is None:
        raise ConfigMapNotFound(f"{user}: there is no ConfigMap {reference.name} in this namespace")
    if reference.key not in config_map.get("data", {}) and reference.key not in config_map.get("binaryData", {}):
        raise ConfigMapKeyNotFound(f"{user}: ConfigMap {reference.name} has no key {reference.key}")
