"""The functions of a Destination to an image: one small layer on top of a runtime.

Pure, and a matter of milliseconds. Inputs, mappings, variables and limits are configuration, not image: changing them
builds nothing, and no secret is ever in here.
"""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from xkit_operator import __version__
from xkit_operator.api.destination import ModuleType, Operation
from xkit_operator.image.layer import Entry, Layer, pack
from xkit_operator.image.manifest import Image, Process, canonical, image
from xkit_operator.image.runtime import Runtime

HASH_FORMAT = 1
MANIFEST_VERSION = 1  # read by runtimes/executor
BASE_DIGEST = "org.opencontainers.image.base.digest"
ModuleKind = Literal["commonjs", "module"]
EXTENSIONS: Mapping[ModuleKind, str] = {"commonjs": "cjs", "module": "mjs"}
_KINDS: Mapping[ModuleType, ModuleKind] = {"CommonJS": "commonjs", "ESModule": "module"}
_NOTHING_DECLARED: Mapping[str, ModuleKind] = MappingProxyType({})


def declared_kinds(types: Mapping[Operation, ModuleType]) -> dict[str, ModuleKind]:
    """The module kind of each function that says it itself, by its operation."""
    return {operation: _KINDS[one] for operation, one in types.items() if one in _KINDS}


def source_hash(
    runtime_digest: str, functions: Mapping[str, str], declared: Mapping[str, ModuleKind] = _NOTHING_DECLARED
) -> str:
    """64 hexadecimal digits that change when the image must: over the format, the runtime, and each operation's source.

    `declared` has the module kind of those functions that say it themselves.

    Not the image's digest: the bytes of a gzip layer depend on the zlib that made them, and "unchanged" must not.
    """
    document: dict[str, Any] = {"format": HASH_FORMAT, "runtime": runtime_digest, "functions": dict(functions)}
    if declared:
        document["kinds"] = dict(declared)
    return hashlib.sha256(canonical(document)).hexdigest()


def tag_of(source: str) -> str:
    """The tag under which the image of a source hash is found again."""
    return f"src-{source[:12]}"


def function_image(
    runtime: Runtime,
    functions: Mapping[str, str],
    kinds: Mapping[str, ModuleKind],
    *,
    labels: Mapping[str, str],
    declared: Mapping[str, ModuleKind] = _NOTHING_DECLARED,
) -> Image:
    """The image of `functions` (operation to source, with the module kind that the syntax check found) on `runtime`.

    `labels` say whose it is; what it is made of is added here.
    """
    source = source_hash(runtime.digest, functions, declared)
    return stack(runtime, _functions_layer(functions, kinds), labels=labels, source=source)


def stack(runtime: Runtime, functions: Layer, *, labels: Mapping[str, str], source: str) -> Image:
    """The image with the layer `functions` on `runtime`; `source` is the source hash of the two."""
    own = {
        **labels,
        "org.opencontainers.image.version": tag_of(source),
        "org.opencontainers.image.base.name": f"runtime-{runtime.name}",
        BASE_DIGEST: runtime.digest,
        "dev.xkit.source-hash": source,
        "dev.xkit.runtime": runtime.name,
        "dev.xkit.builder-version": __version__,
    }
    process = Process(entrypoint=runtime.process.entrypoint, environment=runtime.process.environment, labels=own)
    return image([*runtime.image.layers, functions], process)


def _functions_layer(functions: Mapping[str, str], kinds: Mapping[str, ModuleKind]) -> Layer:
    files = {operation: f"{operation}.{EXTENSIONS[kinds[operation]]}" for operation in functions}
    manifest = {
        "version": MANIFEST_VERSION,
        "functions": {operation: {"file": file} for operation, file in files.items()},
    }
    return pack(
        [
            Entry.directory("app"),
            Entry.directory("app/functions"),
            Entry.file("app/functions/manifest.json", canonical(manifest)),
            *(Entry.file(f"app/functions/{file}", functions[operation].encode()) for operation, file in files.items()),
        ]
    )
