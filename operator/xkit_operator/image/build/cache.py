"""Layers that were built before, found by what they were built from: a rebuild with nothing new takes seconds.

A key covers the names and versions of what goes in and the code of this package; what is not in a key must not be in
the layer.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from xkit_operator.image import layer as layer_module
from xkit_operator.image.blob import Blob
from xkit_operator.image.layer import Layer, pack, tree
from xkit_operator.image.manifest import canonical

Report = Callable[[str], None]


def cache_directory() -> Path:
    """Where builds keep what they fetched and made: below $XDG_CACHE_HOME, else ~/.cache."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "xkit-operator"


class LayerCache:
    """Layers in `directory`; `report` hears of each one that is asked for."""

    def __init__(self, directory: Path, report: Report) -> None:
        self._directory = directory
        self._report = report

    def layer(self, name: str, inputs: Mapping[str, Any], fill: Callable[[Path], None]) -> Layer:
        """The layer of what `fill` puts into an empty directory; from the cache when `inputs` were seen before."""
        key = hashlib.sha256(canonical({"name": name, "inputs": inputs, "code": _code()})).hexdigest()
        data, facts = self._directory / f"{key}.tar.gz", self._directory / f"{key}.json"
        how = "kept"
        if not facts.exists():
            self._report(f"  {name}: building")
            how = "built"
            self._build(data, facts, fill)
        known = json.loads(facts.read_bytes())
        blob = Blob(digest=known["digest"], size=known["size"], content=data)
        self._report(f"  {name}: {how}, {blob.size / 1e6:.1f} MB, {blob.digest[:19]}")
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
            part.write_bytes(canonical({"digest": layer.blob.digest, "size": layer.blob.size, "diffId": layer.diff_id}))
            part.replace(facts)  # last: it says that the layer is complete


@cache
def _code() -> str:
    """The hash of the code that decides what is in a layer."""
    sources = [Path(layer_module.__file__), *sorted(Path(__file__).parent.glob("*.py"))]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()
