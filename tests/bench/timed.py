"""A registry client that keeps what each call took: where the time of a push goes."""

import time
from typing import Any

from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.client import Registry


class TimedRegistry(Registry):
    """A call's kind is the first word of what it attempts: look, mount, upload, store."""

    def __init__(self, host: str, access: Access) -> None:
        super().__init__(host, access)
        self._calls: list[tuple[str, float]] = []

    def take(self) -> list[tuple[str, float]]:
        """Kind and seconds of every call since the last time; calls may overlap."""
        taken, self._calls = self._calls, []
        return taken

    async def _call(self, repository: str, attempt: str, operation: Any) -> Any:
        begun = time.perf_counter()
        try:
            return await super()._call(repository, attempt, operation)
        finally:
            self._calls.append((attempt.split()[0], time.perf_counter() - begun))
