"""The final manifests of a project: what `kubectl apply` takes, with functions from files in them.

Secrets stay out: what stands beside the manifests for local runs must not replace the real ones.
"""

import copy
from typing import Any

import yaml

from xkit_operator.api.destination import Destination
from xkit_operator.errors import InvalidProject
from xkit_operator.local.finding import Finding
from xkit_operator.local.functions import functions_of
from xkit_operator.local.manifest import Manifest
from xkit_operator.local.project import Project
from xkit_operator.local.scalars import plain

LEFT_OUT = "Secret"


def rendered(project: Project) -> list[dict[str, Any]]:
    """All objects but Secrets. Raises InvalidSpec, and InvalidProject for a function that is nowhere."""
    if project.errors:
        raise InvalidProject("; ".join(map(str, project.errors)))
    return [
        _inlined(project, one) if one.kind == "Destination" else one.value
        for one in project.manifests
        if one.kind != LEFT_OUT
    ]


def to_yaml(objects: list[dict[str, Any]]) -> str:
    """The documents of one text, functions as blocks."""
    return yaml.dump_all(objects, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def _inlined(project: Project, manifest: Manifest) -> dict[str, Any]:
    destination = Destination.parse(manifest.value)
    functions, missing = functions_of(project, manifest, destination.spec.functions)
    if missing:
        raise InvalidProject("; ".join(_said(one) for one in missing))
    value = copy.deepcopy(manifest.value)
    for one in functions:
        if not isinstance(one.standing, tuple):
            function = value["spec"]["functions"][one.operation]
            del function["sourceFrom"]
            function["source"] = one.text
    return value


def _said(finding: Finding) -> str:
    return f"{finding.place}: {finding.message}"


class _Dumper(yaml.SafeDumper):
    """Writes what readers of YAML 1.1 and 1.2 understand alike, and texts of several lines as they are."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None if _stays_a_text(text) else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _stays_a_text(text: str) -> bool:
    try:
        return bool(plain(text) == text)
    except ValueError:
        return False


_Dumper.add_representer(str, _text)
