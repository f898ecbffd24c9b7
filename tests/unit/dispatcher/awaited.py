"""A job whose answer a test waits for."""

import asyncio
from collections.abc import Mapping

from xkit_operator.dispatcher.queueing.job import Answer, Job, JobOwner


class AwaitedJob(Job):
    """`answer` is done once the job is; nobody else asks for it."""

    def __init__(self, owner: JobOwner, payload: bytes, *, key: str | None = None) -> None:
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        super().__init__(owner, payload, key, self, 0)

    def answered(self, answers: Mapping[int, Answer], now: float) -> None:
        """See Asker."""
        [answer] = answers.values()
        self.answer.set_result(answer)
