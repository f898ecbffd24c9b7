"""Layers that were built before, found by what they were built from: a rebuild with nothing new takes seconds.

A key covers the names and versions of what goes in and the code of this package; what is not in a key must not be in
the layer. Beside each layer lies the inventory of what it brought.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from xkit_operator.image import layer as layer_module
from xkit_operator.image.blob import Blob
from xkit_operator.image.build.inventory import Component, inventory
from xkit_operator.image.layer import Layer, pack, tree
from xkit_operator.image.manifest import canonical

# What chooses the inputs, which are in the key, or tells of layers that are there: a change of these rebuilds nothing.
ABOUT_LAYERS = frozenset(
    {
        *("apt.py", "debian_lock.py", "declaration.py", "npm_lock.py", "release.py", "runtime.py"),
        *("output.py", "renewal.py", "sbom.py", "sizes.py"),
    }
)

Report = Callable[[str], None]


def cache_directory() -> Path:
    """Where builds keep what they fetched and made: below $XDG_CACHE_HOME, else ~/.cache."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "xkit-operator"


class LayerCache:
    """Layers in `directory`; `report` hears of each one, and of what else a build has to say."""

    def __init__(self, directory: Path, report: Report) -> None:
        self._directory = directory
        self.report = report
        self._names: dict[str, str] = {}
        self._components: dict[str, list[Component]] = {}

    def name(self, layer: Layer) -> str:
        """What a layer of this cache was asked for as."""
        return self._names[layer.diff_id]

    def components(self, layers: Iterable[Layer]) -> list[Component]:
        """What these layers of this cache brought, together."""
        return [component for layer in layers for component in self._components[layer.diff_id]]

    def layer(self, name: str, inputs: Mapping[str, Any], fill: Callable[[Path], None]) -> Layer:
        """The layer of what `fill` puts into an empty directory; from the cache when `inputs` were seen before."""
        key = hashlib.sha256(canonical({"name": name, "inputs": inputs, "code": _code()})).hexdigest()
        data, facts = self._directory / f"{key}.tar.gz", self._directory / f"{key}.json"
        how = "kept"
        if not facts.exists():
            self.report(f"  {name}: building")
            how = "built"
            self._build(data, facts, fill)
        known = json.loads(facts.read_bytes())
        blob = Blob(digest=known["digest"], size=known["size"], content=data)
        self.report(f"  {name}: {how}, {blob.size / 1e6:.1f} MB, {blob.digest[:19]}")
        self._names[known["diffId"]] = name
        self._components[known["diffId"]] = [_component(one) for one in known["components"]]
        return Layer(blob=blob, diff_id=known["diffId"])

    def _build(self, data: Path, facts: Path, fill: Callable[[Path], None]) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._directory) as work:
            root = Path(work) / "root"
            root.mkdir()
            fill(root)
            layer = pack(tree(root))
            part = Path(work) / "part"
            part.write_bytes(layer.blob.read())
            part.replace(data)
            known = {
                "digest": layer.blob.digest,
                "size": layer.blob.size,
                "diffId": layer.diff_id,
                "components": [asdict(component) for component in inventory(root)],
            }
            part.write_bytes(canonical(known))
            part.replace(facts)  # last: it says that the layer is complete


def _component(known: Mapping[str, Any]) -> Component:
    return Component(**{**known, "licence_files": tuple(known["licence_files"])})


@cache
def _code() -> str:
    """The hash of the code that decides what is in a layer."""
    sources = [path for path in sorted(Path(__file__).parent.glob("*.py")) if path.name not in ABOUT_LAYERS]
    sources.append(Path(layer_module.__file__))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()
