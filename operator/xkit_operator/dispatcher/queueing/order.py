"""The order of records with the same key: one waits for its turn or runs, and holds the others back."""

from collections import deque

from xkit_operator.dispatcher.queueing.job import Job


class Order:
    """The keys of all records that wait or run."""

    def __init__(self) -> None:
        self._held_back: dict[str, deque[Job]] = {}  # by key: who comes after the one that waits for its turn or runs

    def __len__(self) -> int:
        return len(self._held_back)

    def enter(self, job: Job) -> bool:
        """Take note of a new job; False when it is held back."""
        if job.key is None:
            return True
        held_back = self._held_back.get(job.key)
        if held_back is None:
            self._held_back[job.key] = deque()
            return True
        held_back.append(job)
        return False

    def leave(self, job: Job) -> Job | None:
        """The one that `job`, which was not held back, held back until now."""
        if job.key is None:
            return None
        held_back = self._held_back[job.key]
        if held_back:
            return held_back.popleft()
        del self._held_back[job.key]
        return None

    def give_up(self, job: Job) -> bool:
        """Forget `job` if it is held back; False when it is not."""
        held_back = None if job.key is None else self._held_back.get(job.key)
        if held_back is None or job not in held_back:
            return False
        held_back.remove(job)
        return True
