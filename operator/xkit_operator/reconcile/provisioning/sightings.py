"""When each image was last seen in the registry, and which ones their Pods could not pull since.

What was seen lately is not asked for again. A doubt overrules that, once in a while only: a Pod that cannot pull for
another reason, such as a missing pull secret, says so for as long as it stands.
"""

import asyncio
from collections import OrderedDict

_DOUBT_SECONDS = 60.0


class Sightings:
    """References of images, with the loop's clock; a sighting counts for `trusted` seconds."""

    def __init__(self, trusted: float) -> None:
        self._trusted = trusted
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._doubted: OrderedDict[str, float] = OrderedDict()
        self._open: set[str] = set()

    def lately(self, image: str) -> bool:
        """Whether `image` was seen lately, and nobody doubts it."""
        seen = self._seen.get(image)
        return image not in self._open and seen is not None and _now() - seen < self._trusted

    def remember(self, image: str) -> None:
        """It was seen now."""
        _stamp(self._seen, image, keep=self._trusted)

    def doubt(self, image: str) -> bool:
        """A Pod cannot pull it; whether that is news, and worth to look at each of its parts."""
        if _now() - self._doubted.get(image, -_DOUBT_SECONDS) < _DOUBT_SECONDS:
            return False
        _stamp(self._doubted, image, keep=_DOUBT_SECONDS)
        self._open.add(image)
        return True

    def settle(self, image: str) -> bool:
        """End a doubt, since somebody looks into it now; whether there was one."""
        doubted = image in self._open
        self._open.discard(image)
        return doubted


def _stamp(times: OrderedDict[str, float], image: str, *, keep: float) -> None:
    times.pop(image, None)
    times[image] = _now()
    while times and _now() - next(iter(times.values())) > keep:
        times.popitem(last=False)


def _now() -> float:
    return asyncio.get_running_loop().time()
