"""A job whose answer a test waits for."""

import asyncio
from collections.abc import Mapping
from typing import Any

from msgspec import field

from xkit_operator.dispatcher.queueing.job import Answer, Job


def _future() -> asyncio.Future[Answer]:
    return asyncio.get_running_loop().create_future()


class AwaitedJob(Job, eq=False):
    """`answer` is done once the job is; nobody else asks for it."""

    key: str | None = None
    asker: Any = None
    index: int = 0
    answer: asyncio.Future[Answer] = field(default_factory=_future)

    def __post_init__(self) -> None:
        self.asker = self

    def answered(self, answers: Mapping[int, Answer], now: float) -> None:
        """See Asker."""
        [answer] = answers.values()
        self.answer.set_result(answer)
