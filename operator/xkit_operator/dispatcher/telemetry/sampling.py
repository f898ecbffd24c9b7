"""Of the records that succeeded, one in a while is logged, with the number of those that it stands for."""

from xkit_operator.dispatcher.telemetry.log import Log

SECONDS = 10.0


class Successes:
    """Counts successes, and logs the first of each ten seconds."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._count = 0
        self._next = 0.0

    def add(self, count: int, record_id: str, *, operation: str, source: str, seconds: float, now: float) -> None:
        """Take note of records that were answered `now`, in the event loop's time; the id is that of one of them."""
        self._count += count
        if now < self._next:
            return
        self._log.info(
            "records succeeded",
            records=self._count,
            id=record_id,
            operation=operation,
            source=source,
            seconds=round(seconds, 4),
        )
        self._count = 0
        self._next = now + SECONDS
