"""Which repositories have all layers of a runtime, as far as this process knows: an edit there needs no mounts.

A registry may lose a layer all the same. It says so when it gets a manifest that names it, hence a wrong memory costs a
second attempt and never an image.
"""

from collections import OrderedDict

_REMEMBERED = 10_000  # repositories, the latest: about 2 MB


class Grounds:
    """What images stand on, by repository."""

    def __init__(self) -> None:
        self._runtimes: OrderedDict[str, str] = OrderedDict()

    def has(self, repository: str, runtime: str) -> bool:
        """Whether the layers of the runtime with that digest were there when an image was stored last."""
        return self._runtimes.get(repository) == runtime

    def remember(self, repository: str, runtime: str) -> None:
        self._runtimes[repository] = runtime
        self._runtimes.move_to_end(repository)
        if len(self._runtimes) > _REMEMBERED:
            self._runtimes.popitem(last=False)

    def forget(self, repository: str) -> None:
        self._runtimes.pop(repository, None)
