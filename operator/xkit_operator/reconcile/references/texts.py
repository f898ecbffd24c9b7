"""What a Destination takes from the ConfigMaps that it refers to.

Of its functions the texts. Of its variables that they are there: the kubelet mounts them, and would leave the Pods
waiting without a word in the status. Secrets are not ours to read. Pure: ConfigMaps as read in, texts or an error out.
"""

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from xkit_operator.api.destination import LONGEST_SOURCE, DestinationSpec, KeyRef, Operation
from xkit_operator.errors import ConfigMapKeyNotFound, ConfigMapNotFound, InvalidSpec

Found = Mapping[str, Mapping[str, Any] | None]
"""ConfigMaps by their names; None for one that does not exist."""


def referred(spec: DestinationSpec) -> set[str]:
    """The names of the ConfigMaps that `spec` refers to."""
    return {reference.name for _, reference in (*_of_variables(spec), *_of_functions(spec))}


def function_texts(spec: DestinationSpec, found: Found) -> dict[Operation, str]:
    """The source of each function, whether it stands in `spec` or in a ConfigMap.

    Raises ConfigMapNotFound and ConfigMapKeyNotFound, for variables too, and InvalidSpec for a text that is too long,
    empty, or none; each says who refers to it.
    """
    for name, reference in _of_variables(spec):
        read_value(found, reference, f"variable {name}")
    read = {
        operation: read_function(found, reference, f"functions.{operation}")
        for operation, reference in _of_functions(spec)
    }
    given = spec.functions.given()
    return {operation: function.source or read[operation] for operation, function in given.items()}


def _of_variables(spec: DestinationSpec) -> Iterator[tuple[str, KeyRef]]:
    for variable in spec.variables:
        if variable.value_from is not None and variable.value_from.config_map_key_ref is not None:
            yield variable.name, variable.value_from.config_map_key_ref


def _of_functions(spec: DestinationSpec) -> Iterator[tuple[Operation, KeyRef]]:
    for operation, function in spec.functions.given().items():
        if function.source_from is not None:
            yield operation, function.source_from.config_map_key_ref


def read_function(found: Found, reference: KeyRef, user: str) -> str:
    """The source at `reference`, for the `user` that the message is to name. Raises as `function_texts` does."""
    value = read_value(found, reference, user)
    place = f"{user}: key {reference.key} of ConfigMap {reference.name}"
    try:
        text = value.decode() if isinstance(value, bytes) else value
    except UnicodeDecodeError as error:
        raise InvalidSpec(f"{place} is no text in UTF-8: byte {error.start} cannot be read as such") from error
    if not text:
        raise InvalidSpec(f"{place} is empty")
    if len(text) > LONGEST_SOURCE:
        raise InvalidSpec(f"{place} has {len(text):,} characters; a function may have {LONGEST_SOURCE:,}")
    return text


def read_value(found: Found, reference: KeyRef, user: str) -> str | bytes:
    """What stands at `reference`. Raises ConfigMapNotFound and ConfigMapKeyNotFound."""
    config_map = found[reference.name]
    if config_map is None:
        raise ConfigMapNotFound(f"{user}: there is no ConfigMap {reference.name} in this namespace")
    data: dict[str, str] = config_map.get("data", {})
    binary: dict[str, str] = config_map.get("binaryData", {})
    if reference.key in data:
        return data[reference.key]
    if reference.key in binary:
        return base64.b64decode(binary[reference.key])
    raise ConfigMapKeyNotFound(f"{user}: ConfigMap {reference.name} has no key {reference.key}")
