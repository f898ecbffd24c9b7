"""Where the texts of variables and tokens come from on this machine: manifests beside the Destination, or the user.

Pure: a project in, texts out. `kubectl` would put the same texts where the Pod reads them.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, cast

from xkit_operator.api.destination import Destination, KeyRef, ValueFrom, Variable
from xkit_operator.errors import ValueNotFound
from xkit_operator.local.manifest import Manifest
from xkit_operator.local.project import Project


def with_literals(destination: Destination, given: Mapping[str, str]) -> Destination:
    """`destination` with the values that the user gives instead of its own. Raises ValueNotFound for an unknown name.

    A text that is JSON stands for that value where the literal is no text either.
    """
    names = {variable.name for variable in destination.spec.variables}
    unknown = sorted(given.keys() - names)
    if unknown:
        raise ValueNotFound(f"there is no variable {', '.join(unknown)}; there is {', '.join(sorted(names)) or 'none'}")
    variables = tuple(_literal(variable, given) for variable in destination.spec.variables)
    return destination.model_copy(update={"spec": destination.spec.model_copy(update={"variables": variables})})


def texts(project: Project, manifest: Manifest, destination: Destination, given: Mapping[str, str]) -> dict[str, str]:
    """The text of each variable that is read from a Secret or ConfigMap. Raises ValueNotFound with all that are not."""
    found: dict[str, str] = {}
    missing: list[str] = []
    for variable in destination.spec.variables:
        if variable.value_from is None:
            continue
        kind, reference = _reference(variable.value_from)
        value = given[variable.name] if variable.name in given else text(project, manifest, kind, reference)
        if value is None:
            missing.append(
                f"variable {variable.name}: key {reference.key} of {kind} {reference.name} is not among the files;"
                f" say --set {variable.name}=…"
            )
        else:
            found[variable.name] = value
    if missing:
        raise ValueNotFound("; ".join(missing))
    return found


def tokens(project: Project, manifest: Manifest, destination: Destination) -> tuple[str, ...]:
    """The tokens that are accepted; with none of their Secrets here, none is asked for."""
    references = [token.secret_key_ref for token in (destination.spec.auth.tokens if destination.spec.auth else ())]
    found = (text(project, manifest, "Secret", reference) for reference in references)
    return tuple(token for token in found if token is not None)


def _reference(value_from: ValueFrom) -> tuple[str, KeyRef]:
    if value_from.secret_key_ref is not None:
        return "Secret", value_from.secret_key_ref
    return "ConfigMap", cast(KeyRef, value_from.config_map_key_ref)  # the model has exactly one of the two


def _literal(variable: Variable, given: Mapping[str, str]) -> Variable:
    if variable.value_from is not None or variable.name not in given:
        return variable
    value: Any = given[variable.name]
    if not isinstance(variable.value, str):
        with suppress(ValueError):  # then it is a text after all
            value = json.loads(value)
    return variable.model_copy(update={"value": value})


def text(project: Project, manifest: Manifest, kind: str, reference: KeyRef) -> str | None:
    """The text at a key of a Secret or ConfigMap; None when that is not here. Raises ValueNotFound."""
    found = project.find(kind, namespace=manifest.namespace, name=reference.name)
    if found is None:
        return None
    plain, encoded = ("stringData", "data") if kind == "Secret" else ("data", "binaryData")
    if (value := _member(found, plain, reference.key)) is not None:
        return value
    if (value := _member(found, encoded, reference.key)) is None:
        return None
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        place = found.place((encoded, reference.key))
        raise ValueNotFound(f"{place}: {reference.key} must be the base64 of a text in UTF-8") from error


def _member(manifest: Manifest, part: str, key: str) -> str | None:
    data = manifest.value.get(part)
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, str) else None
