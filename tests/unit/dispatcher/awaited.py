"""A job whose answer a test waits for."""

import asyncio

from xkit_operator.dispatcher.queueing.job import Answer, Job, JobOwner


class AwaitedJob(Job):
    """`answer` is done once the job is."""

    def __init__(self, owner: JobOwner, payload: bytes, *, key: str | None = None) -> None:
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        super().__init__(owner, payload, key=key, on_answer=lambda answer, _: self.answer.set_result(answer))
