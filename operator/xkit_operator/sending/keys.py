"""Order per key: of the records of one key, one is on its way, and the others wait for it in the order of the file."""

from collections import deque

from xkit_operator.sending.record import Record


class Keys:
    """The keys that have a record on its way."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Record]] = {}

    def enter(self, record: Record) -> bool:
        """Whether `record` may be sent now; else it is given back by `leave` when its turn comes."""
        if record.key is None:
            return True
        if (waiting := self._waiting.get(record.key)) is not None:
            waiting.append(record)
            return False
        self._waiting[record.key] = deque()
        return True

    def leave(self, record: Record) -> Record | None:
        """`record` is settled: the next one of its key, which may be sent now."""
        if record.key is None:
            return None
        if waiting := self._waiting[record.key]:
            return waiting.popleft()
        del self._waiting[record.key]
        return None
