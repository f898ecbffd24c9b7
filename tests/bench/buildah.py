"""The baseline for images: `buildah bud` and `buildah push` (Debian's package, as root), on a storage of its own.

Nothing is fetched and no RUN is needed, so what is measured is copying, packing and pushing.
"""

import asyncio
import subprocess
import time
from pathlib import Path

_PLAIN_HTTP = "--tls-verify=false"


def version() -> str:
    """Of the program on PATH."""
    return subprocess.run(["buildah", "--version"], capture_output=True, text=True, check=True).stdout.split()[2]


class Buildah:
    """Its images live in `folder`, on overlay where the kernel lets it: vfs copies the whole base for every build."""

    def __init__(self, folder: Path) -> None:
        self._storage = ["--root", str(folder / "storage"), "--runroot", str(folder / "run"), "--storage-driver"]
        probe = subprocess.run(["buildah", *self._storage, "overlay", "images"], capture_output=True, check=False)
        self.driver = "overlay" if probe.returncode == 0 else "vfs"

    async def pull(self, reference: str) -> None:
        """Have a base image ready, in storage as under its name in the registry."""
        await self._run("pull", "--quiet", _PLAIN_HTTP, reference)

    async def ship(self, context: Path, host: str, *options: str, repository: str | None = None) -> float:
        """Seconds to build the Dockerfile of `context`, with these options of `bud`, and to push it to `host`."""
        reference = f"{host}/buildah/{repository or context.name}:latest"
        begun = time.perf_counter()
        await self._run("bud", "--quiet", "--isolation=chroot", "--pull-never", *options, "-t", reference, str(context))
        await self._run("push", "--quiet", _PLAIN_HTTP, reference)
        return time.perf_counter() - begun

    async def _run(self, command: str, *arguments: str) -> None:
        """Raises RuntimeError with buildah's words."""
        process = await asyncio.create_subprocess_exec(
            "buildah",
            command,
            *self._storage,
            self.driver,
            *arguments,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        _, complaint = await process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"buildah {command} {' '.join(arguments)}: {complaint.decode(errors='replace')}")
