"""What kopf remembers of the objects that it watches: nothing, since its handlers here only pass on keys.

By default it keeps a record of each object for ever, which takes 1 KB, and compares each event with the one before,
which takes three copies of the object.
"""

from typing import Any

import kopf
from kopf._core.reactor.inventory import ResourceMemories, ResourceMemory  # not exported, but a parameter of operator()


class NoEssence(kopf.DiffBaseStorage):
    """No object has anything in it that two events could be compared by."""

    def build(self, **_: Any) -> kopf.BodyEssence:
        """Empty."""
        return kopf.BodyEssence()

    def fetch(self, **_: Any) -> kopf.BodyEssence | None:
        """None is ever stored."""
        return None

    def store(self, **_: Any) -> None:
        """Nothing to store."""


class NoMemories(ResourceMemories):
    """Each event is the first that is heard of its object."""

    async def recall(self, raw_body: kopf.RawBody, **arguments: Any) -> ResourceMemory:
        """A new record, which nobody keeps."""
        return await super().recall(raw_body, **arguments | {"ephemeral": True})
