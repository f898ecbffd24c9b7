"""Where ours and buildah build: one docker-registry, the runtime of this source tree, build contexts, storages.

The registry keeps its files in memory, for both: on a disk it flushes each blob, and would be most of what is measured.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.bench import dockerfiles
from tests.bench.buildah import Buildah
from tests.bench.ours import PREFIX, Functions, runtime_in
from tests.programs import program
from tests.registry.server import Server
from xkit_operator.image.function import function_image
from xkit_operator.image.manifest import Image
from xkit_operator.image.runtime import Runtime

_PROGRAMS = ("buildah", "docker-registry")
_SOURCE = "// {operation} of {version}\nmodule.exports = async ({{ inputs }}) => ({{ ok: true, id: inputs.id }});\n"


@dataclass(frozen=True)
class Site:
    """`folder` goes when the site does."""

    folder: Path
    server: Server
    runtime: Runtime
    _numbers: Iterator[int]

    def functions(self, *, of: str | None = None) -> Functions:
        """An upsert and a delete that were never there before, of a new Destination or of a certain one."""
        version = f"new-{next(self._numbers)}"
        sources = {one: _SOURCE.format(operation=one, version=version) for one in ("upsert", "delete")}
        return Functions(of or version, sources)

    def buildah(self) -> Buildah:
        """With an empty storage."""
        return Buildah(self._new_folder())

    def base(self, host: str) -> str:
        """The name of our runtime at `host`, for a Dockerfile."""
        return f"{host}/{PREFIX}/runtime-{self.runtime.name}:{self.runtime.digest.removeprefix('sha256:')[:12]}"

    def on_a_ready_base(self, functions: Functions, base: str) -> Path:
        """The context of a Dockerfile with the same content as our image."""
        return dockerfiles.on_a_ready_base(self._image(functions), base, self._new_folder())

    def from_nothing(self, functions: Functions) -> Path:
        """The same with all that the runtime consists of."""
        return dockerfiles.from_nothing(self._image(functions), self.runtime.process, self._new_folder())

    def _image(self, functions: Functions) -> Image:
        return function_image(self.runtime, functions.sources, dict.fromkeys(functions.sources, "commonjs"), labels={})

    def _new_folder(self) -> Path:
        folder = self.folder / f"number-{next(self._numbers)}"
        folder.mkdir()
        return folder


def _memory() -> tempfile.TemporaryDirectory[str]:
    """A folder on tmpfs, as Linux has one everywhere; `XKIT_BENCH_REGISTRY` names another place, such as on a disk."""
    return tempfile.TemporaryDirectory(prefix="xkit-bench-", dir=os.environ.get("XKIT_BENCH_REGISTRY", "/dev/shm"))


@contextmanager
def site() -> Iterator[Site]:
    """Installs what is missing."""
    for name in _PROGRAMS:
        program(name)
    with tempfile.TemporaryDirectory(prefix="xkit-bench-") as name, _memory() as memory:
        folder = Path(name)
        server = Server(Path(memory))
        server.start()
        try:
            yield Site(folder, server, runtime_in(folder), count())
        finally:
            server.stop()
