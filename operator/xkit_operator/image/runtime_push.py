"""The runtimes in the registry: however many function images wait for one, it is looked for and uploaded once.

An upload is a task of its own. Who waits for it may go away without ending it, and when it fails, all that wait are
told the same; the next one that asks tries again.
"""

import asyncio
from dataclasses import dataclass

from xkit_operator.image.progress import Progress
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.runtime import Runtime
from xkit_operator.image.transfer import Base, Pushed, Transfer, find_lost, push


@dataclass(frozen=True)
class _Upload:
    task: asyncio.Task[Pushed]
    progress: Progress


@dataclass(frozen=True, kw_only=True)
class Ensured:
    """The runtime is in the registry now. `was_missing`: before, it was not; `uploaded_bytes`: by this caller."""

    was_missing: bool
    uploaded_bytes: int


class RuntimePush:
    """The runtimes as images of their own, below `prefix`."""

    def __init__(self, registry: Registry, prefix: str) -> None:
        self._registry = registry
        self._prefix = prefix
        self._uploads: dict[str, _Upload] = {}
        self._seen: set[str] = set()

    def base(self, runtime: Runtime) -> Base:
        """Where function images mount the layers of `runtime` from."""
        return Base(repository=f"{self._prefix}/runtime-{runtime.name}", image=runtime.image)

    async def ensure(self, runtime: Runtime) -> Ensured:
        """Have the runtime in the registry. Raises RegistryError.

        The registry is asked whenever nobody else asks it at this moment: it may have lost the runtime since.
        """
        upload = self._uploads.get(runtime.digest)
        if upload is not None:
            return Ensured(was_missing=(await asyncio.shield(upload.task)).uploaded_bytes > 0, uploaded_bytes=0)
        total = sum(layer.blob.size for layer in runtime.image.layers) + runtime.image.config.size
        progress = Progress(f"the runtime {runtime.name}", total)
        task = asyncio.create_task(self._push(runtime, progress), name=f"push of the runtime {runtime.name}")
        self._uploads[runtime.digest] = _Upload(task, progress)
        task.add_done_callback(lambda _: self._ended(runtime))
        uploaded = (await asyncio.shield(task)).uploaded_bytes
        return Ensured(was_missing=uploaded > 0, uploaded_bytes=uploaded)

    def was_seen(self, runtime: Runtime) -> bool:
        """Whether the registry had it when it was last asked; a mount that fails tells that it has lost it since."""
        return runtime.digest in self._seen

    async def restore(self, runtime: Runtime) -> int:
        """Bring back what the registry has lost of it; the bytes uploaded. Raises RegistryError."""
        base = self.base(runtime)
        lost = await find_lost(self._registry, runtime.image, repository=base.repository)
        if not lost:
            return 0
        transfer = Transfer(self._registry, base.repository)
        return (await transfer.store(runtime.image, tag=_tag(runtime), lost=lost)).uploaded_bytes

    def progress(self, runtime: Runtime) -> Progress | None:
        """How far its upload has come; None when there is none."""
        upload = self._uploads.get(runtime.digest)
        return upload.progress if upload else None

    async def _push(self, runtime: Runtime, progress: Progress) -> Pushed:
        repository = self.base(runtime).repository
        pushed = await push(self._registry, runtime.image, repository=repository, tag=_tag(runtime), progress=progress)
        self._seen.add(runtime.digest)
        return pushed

    def _ended(self, runtime: Runtime) -> None:
        task = self._uploads.pop(runtime.digest).task
        if not task.cancelled():
            task.exception()  # marks it as seen: all that waited may be gone


def _tag(runtime: Runtime) -> str:
    return runtime.digest.removeprefix("sha256:")[:12]
