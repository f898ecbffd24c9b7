"""Further releases of the runtime, made from the one in build/oci: a harmless one, and ones that do not start."""

from pathlib import Path

from xkit_operator.image import layout
from xkit_operator.image.layer import Entry, pack
from xkit_operator.image.manifest import image
from xkit_operator.image.runtime import RuntimeCatalogue

_HOST = "app/executor/host.js"
_CRASHES = b"console.error('this runtime is broken'); process.exit(1)"
_CRASHES_WITH_SOME = b"""
const functions = require('fs').readFileSync('/app/functions/upsert.cjs', 'utf8')
if (functions.includes('fragile')) { console.error('this runtime is broken'); process.exit(1) }
require('./real-host.js')
"""


class Releases:
    """`first` is the runtime of this source tree. Each is a folder for XKIT_RUNTIMES_DIR."""

    def __init__(self, first: Path, root: Path, folder: Path) -> None:
        self.first = first
        self._folder = folder
        self._runtime = RuntimeCatalogue(first).get("nodejs14")
        host = (root / _HOST).read_bytes()
        self.second = self._release("second", Entry.file("opt/nodejs14/RELEASE", b"2"))
        self.third = self._release("third", Entry.file("opt/nodejs14/RELEASE", b"3"))
        self.broken = self._release("broken", Entry.file(_HOST, _CRASHES))
        self.fragile = self._release(
            "fragile", Entry.file(_HOST, _CRASHES_WITH_SOME), Entry.file("app/executor/real-host.js", host)
        )

    def reference(self, release: Path) -> str:
        """As a status names it."""
        return RuntimeCatalogue(release).get("nodejs14").reference

    def _release(self, name: str, *changes: Entry) -> Path:
        layers = [*self._runtime.image.layers, pack(changes)]
        layout.write(image(layers, self._runtime.process), self._folder / name / "nodejs14")
        return self._folder / name
