"""What a Destination refers to: its runtime, and the ConfigMaps and Secrets of its variables and tokens.

What is not among the files may still be in the cluster; what is there must have the key that is asked for.
"""

from collections.abc import Iterator

from xkit_operator.api.destination import Destination, KeyRef
from xkit_operator.local.finding import Finding, Level
from xkit_operator.local.manifest import Manifest
from xkit_operator.local.project import Project
from xkit_operator.local.shipped import known_runtimes

Field = tuple[int | str, ...]


def reference_findings(project: Project, manifest: Manifest, destination: Destination) -> Iterator[Finding]:
    """Findings about all references but those of functions, which functions.py reads."""
    spec = destination.spec
    if spec.runtime not in known_runtimes():
        message = f"this release has no runtime {spec.runtime}; choose one of: {', '.join(known_runtimes())}"
        yield manifest.finding(("spec", "runtime"), "UnknownRuntime", message)
    for index, variable in enumerate(spec.variables):
        source = variable.value_from
        where: Field = ("spec", "variables", index, "valueFrom")
        if source is not None and source.secret_key_ref is not None:
            yield from _key(project, manifest, where, "Secret", source.secret_key_ref)
        if source is not None and source.config_map_key_ref is not None:
            yield from _key(project, manifest, where, "ConfigMap", source.config_map_key_ref)
    for index, token in enumerate(spec.auth.tokens if spec.auth else ()):
        yield from _key(project, manifest, ("spec", "auth", "tokens", index), "Secret", token.secret_key_ref)


def _key(project: Project, manifest: Manifest, field: Field, kind: str, reference: KeyRef) -> Iterator[Finding]:
    found = project.find(kind, namespace=manifest.namespace, name=reference.name)
    if found is None:
        # A Secret belongs into no repository: that it is not here is how it should be.
        if kind == "ConfigMap":
            message = f"there is no ConfigMap {reference.name} here: it must be in the cluster"
            yield Finding(manifest.place(field), "ConfigMapNotFound", message, Level.WARNING)
        return
    parts = [found.value.get(part) for part in ("data", "binaryData", "stringData")]
    if not any(isinstance(part, dict) and reference.key in part for part in parts):
        message = f"{kind} {reference.name} ({found.place()}) has no key {reference.key}"
        yield manifest.finding(field, f"{kind}KeyNotFound", message)
