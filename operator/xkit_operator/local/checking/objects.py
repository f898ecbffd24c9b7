"""One object by itself, as the API server would judge it: the operator's models, and strict validation of fields."""

from collections.abc import Mapping
from typing import cast

from pydantic import ValidationError

from xkit_operator.api.destination import Destination, Functions
from xkit_operator.api.model import Resource, SpecFault, spec_faults
from xkit_operator.api.sourcemapping import SourceMapping
from xkit_operator.local.checking.fields import similar_field
from xkit_operator.local.checking.frame import Frame
from xkit_operator.local.finding import Finding
from xkit_operator.local.manifest import Manifest

_MODELS: Mapping[str, type[Resource]] = {"Destination": Destination, "SourceMapping": SourceMapping}


def read_object(manifest: Manifest) -> tuple[Destination | SourceMapping | None, list[Finding]]:
    """The object as a model, when it can be one, and all that is wrong with it."""
    model, faults = _judged(_MODELS[manifest.kind], manifest)
    said = {fault.field for fault in faults}
    _, around = _judged(Frame, manifest)
    faults += [fault for fault in around if fault.field not in said]
    return cast("Destination | SourceMapping | None", model), [_finding(manifest, fault) for fault in faults]


def readable_functions(manifest: Manifest) -> Functions | None:
    """The functions of a Destination, if they are in order, whatever the rest of it is."""
    spec = manifest.value.get("spec")
    try:
        given = spec.get("functions") if isinstance(spec, dict) else None
        return Functions.model_validate(given, by_alias=True, by_name=False)
    except ValidationError:
        return None


def _judged(model: type[Resource] | type[Frame], manifest: Manifest) -> tuple[Resource | Frame | None, list[SpecFault]]:
    try:
        return model.model_validate(manifest.value, by_alias=True, by_name=False), []
    except ValidationError as error:
        return None, spec_faults(error)


def _finding(manifest: Manifest, fault: SpecFault) -> Finding:
    if fault.kind != "extra_forbidden":
        return manifest.finding(fault.field, "InvalidSpec", str(fault))
    model = Frame if fault.field[0] != "spec" else _MODELS[manifest.kind]
    similar = similar_field(model, fault.field)
    hint = f"; did you mean {similar}?" if similar else ""
    return manifest.finding(fault.field, "UnknownField", f"{fault.place} is no field of a {manifest.kind}{hint}")
