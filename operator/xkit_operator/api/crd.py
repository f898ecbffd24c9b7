"""The two CustomResourceDefinitions, generated from the models: `python -m xkit_operator.api.crd DIRECTORY`.

The output depends on the models alone and is committed; a test proves it fresh. All that the API server enforces is
decided in the models; here is the frame around them: names, columns, subresources.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from xkit_operator.api.descriptions import field_descriptions
from xkit_operator.api.destination import DestinationMeta, DestinationSpec, DestinationStatus
from xkit_operator.api.group import GROUP, VERSION
from xkit_operator.api.metadata import ObjectMeta
from xkit_operator.api.sourcemapping import SourceMappingSpec, SourceMappingStatus
from xkit_operator.api.structural import structural

_HEADER = "# Generated from the models in xkit_operator.api by `make crds`; do not edit.\n"


def destination_crd() -> dict[str, Any]:
    """The CRD of Destinations."""
    return _crd(
        names=_names("Destination", "destinations", "dest"),
        schema=_object_schema(
            "Where the data of connected apps is sent: two JavaScript functions, one called for every new or changed"
            " record, one for every deleted record, with inputs whose types are guaranteed.",
            metadata=DestinationMeta,
            spec=DestinationSpec,
            status=DestinationStatus,
        ),
        columns=[
            *_ready_columns(),
            _column("Sources", ".status.sources"),
            _column("Replicas", ".status.replicas", kind="integer"),
            _column("URL", ".status.url", priority=1),
            _column("Image", ".status.image", priority=1),
            _AGE,
        ],
        selectable=[".spec.runtime"],
        scale={
            "specReplicasPath": ".spec.replicas",
            "statusReplicasPath": ".status.replicas",
            "labelSelectorPath": ".status.selector",
        },
    )


def sourcemapping_crd() -> dict[str, Any]:
    """The CRD of SourceMappings."""
    return _crd(
        names=_names("SourceMapping", "sourcemappings", "smap"),
        schema=_object_schema(
            "How the records of one source app fill the inputs of a Destination.",
            metadata=ObjectMeta,
            spec=SourceMappingSpec,
            status=SourceMappingStatus,
        ),
        columns=[
            _column("Destination", ".spec.destinationRef.name"),
            _column("Source", ".spec.source.slug"),
            *_ready_columns(),
            _AGE,
        ],
        selectable=[".spec.destinationRef.name", ".spec.source.slug"],
    )


def crd_files() -> dict[str, str]:
    """The text of each file, by its name."""
    crds = {"destinations.yaml": destination_crd(), "sourcemappings.yaml": sourcemapping_crd()}
    return {name: _HEADER + yaml.dump(crd, Dumper=_Dumper, sort_keys=False, width=120) for name, crd in crds.items()}


def main(arguments: list[str]) -> int:
    """Write both files into the directory that is named."""
    if len(arguments) != 1:
        print("usage: python -m xkit_operator.api.crd DIRECTORY", file=sys.stderr)
        return 2
    for name, text in crd_files().items():
        path = Path(arguments[0], name)
        path.write_text(text, encoding="utf-8")
        print(path)
    return 0


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # parts that models share must not become YAML anchors
        return True


def _names(kind: str, plural: str, short: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "listKind": f"{kind}List",
        "plural": plural,
        "singular": kind.lower(),
        "shortNames": [short],
        "categories": ["xkit"],
    }


def _object_schema(
    description: str, *, metadata: type[BaseModel], spec: type[BaseModel], status: type[BaseModel]
) -> dict[str, Any]:
    status_schema = _schema(status)
    # readers of the status (kubectl wait, kstatus) must not take an object that nobody has looked at for a ready one
    status_schema["default"] = {"observedGeneration": -1}
    return {
        "type": "object",
        "description": description,
        "required": ["spec"],
        "properties": {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": _metadata_schema(metadata),
            "spec": _schema(spec),
            "status": status_schema,
        },
    }


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    raw = model.model_json_schema(by_alias=True)
    return structural(raw, raw.get("$defs", {}), field_descriptions())


def _metadata_schema(model: type[BaseModel]) -> dict[str, Any]:
    if model is ObjectMeta:  # whose names are what the API server demands of every object
        return {"type": "object"}
    name = _schema(model)["properties"]["name"]  # the only part of metadata that a CRD may restrict
    return {"type": "object", "properties": {"name": name}}


def _column(name: str, path: str, *, kind: str = "string", priority: int = 0) -> dict[str, Any]:
    column: dict[str, Any] = {"name": name, "type": kind, "jsonPath": path}
    return column | {"priority": priority} if priority else column  # the server forgets a 0


_AGE = _column("Age", ".metadata.creationTimestamp", kind="date")


def _ready_columns() -> list[dict[str, Any]]:
    ready = '.status.conditions[?(@.type=="Ready")]'
    return [_column("Ready", f"{ready}.status"), _column("Reason", f"{ready}.reason")]


def _crd(
    *,
    names: dict[str, Any],
    schema: dict[str, Any],
    columns: list[dict[str, Any]],
    selectable: Iterable[str],
    scale: dict[str, str] | None = None,
) -> dict[str, Any]:
    version = {
        "name": VERSION,
        "served": True,
        "storage": True,
        "subresources": {"status": {}} | ({"scale": scale} if scale else {}),
        "additionalPrinterColumns": columns,
        "selectableFields": [{"jsonPath": path} for path in selectable],
        "schema": {"openAPIV3Schema": schema},
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{names['plural']}.{GROUP}"},
        "spec": {"group": GROUP, "scope": "Namespaced", "names": names, "versions": [version]},
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
