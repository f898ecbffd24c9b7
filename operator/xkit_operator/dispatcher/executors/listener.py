"""The unix socket on which the function container connects, and its renewal when user code has meddled with it.

User code may remove the file and put anything in its place: then whoever connects later would find nobody, or somebody
else. The runner looks again and again; connections made before go on.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

from xkit_operator.dispatcher.executors.link import Link
from xkit_operator.dispatcher.telemetry.log import Log


class Listener:
    """A listening socket at `path`."""

    def __init__(self, path: Path, accept: Callable[[], Link], *, log: Log) -> None:
        self._path = path
        self._accept = accept
        self._log = log
        self._server: asyncio.Server
        self._own: tuple[int, int] | None = None

    async def open(self) -> None:
        """Listen, whatever is there: a dispatcher that was killed leaves its socket behind. Raises OSError."""
        _clear(self._path)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(self._accept, str(self._path))
        self._own = _identity(self._path)

    async def renew(self) -> None:
        """Listen anew if what is at the path is not our socket any more."""
        if self._own is not None and _identity(self._path) == self._own:
            return
        self._log.warning("the socket was removed; it is made again")
        self.close()
        self._own = None
        try:
            await self.open()
        except OSError as error:
            self._log.error("the socket cannot be made; it is tried again", detail=str(error))

    def close(self) -> None:
        """Let nobody in any more."""
        self._server.close()


def _identity(path: Path) -> tuple[int, int] | None:
    """Tells one file from another at the same path; the number of a removed file may be used again at once."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_ino, found.st_ctime_ns


def _clear(path: Path) -> None:
    """A folder, which may hold any number of files, is only moved out of the way: nobody waits for its removal."""
    try:
        path.unlink(missing_ok=True)
    except IsADirectoryError:
        path.rename(path.with_name(f"{path.name}-{path.lstat().st_ino}"))
