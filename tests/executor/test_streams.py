"""Streams through the whole runner: one record a line, one answer a line, at the pace of both ends."""

import asyncio
import json
from collections.abc import AsyncIterator

from tests.executor.conftest import StartPod
from tests.executor.pod import Pod, eventually, record

NDJSON = {"content-type": "application/x-ndjson"}
ECHO = "module.exports = async ({ inputs }) => inputs.id"


def line(number: int) -> bytes:
    return json.dumps(record(f"r{number}")).encode() + b"\n"


class Conversation:
    """A sender that writes lines when it is told to, and reads the answers one by one."""

    def __init__(self, pod: Pod) -> None:
        assert pod.session is not None
        self._lines: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._request = pod.session.post(pod.url, data=self._body(), headers=NDJSON)

    async def _body(self) -> AsyncIterator[bytes]:
        while (text := await self._lines.get()) is not None:
            yield text

    def send(self, text: bytes | None) -> None:
        self._lines.put_nowait(text)

    async def answers(self) -> AsyncIterator[dict[str, object]]:
        async with self._request as response:
            assert (response.status, response.content_type) == (200, "application/x-ndjson")
            async for answer in response.content:
                yield json.loads(answer)


async def test_each_line_is_answered_before_the_next_one_is_sent(start_pod: StartPod) -> None:
    pod = await start_pod(ECHO)
    conversation = Conversation(pod)
    conversation.send(line(0))
    number = 0
    async for answer in conversation.answers():
        assert (answer["id"], answer["outcome"], answer["result"]) == (f"r{number}", "succeeded", f"r{number}")
        number += 1
        conversation.send(line(number) if number < 50 else None)
    assert number == 50


async def test_a_long_stream_is_answered_whole_and_in_order_in_bounded_memory(start_pod: StartPod) -> None:
    pod = await start_pod(ECHO, concurrency=10)
    conversation = Conversation(pod)
    for number in range(20_000):
        conversation.send(line(number))
    conversation.send(None)
    before = await _resident(pod)
    seen = 0
    async for answer in conversation.answers():
        assert answer["result"] == f"r{seen}"
        seen += 1
        if seen == 10_000:
            assert await pod.metric("xkit_runner_records_waiting") <= 20
    assert seen == 20_000
    assert await _resident(pod) - before < 16 * 2**20


async def test_what_a_stream_has_been_given_is_answered_when_the_runner_leaves(start_pod: StartPod) -> None:
    pod = await start_pod("module.exports = ({ inputs }) => new Promise((r) => setTimeout(r, 300, inputs.id))")
    conversation = Conversation(pod)
    sent = 0
    conversation.send(line(sent))
    answers = conversation.answers()
    results = [await anext(answers)]
    pod.terminate()

    async def is_leaving() -> bool:
        nonlocal sent
        sent += 1
        conversation.send(line(sent))
        return (await pod.admin("/readyz"))[0] == 503

    await eventually(is_leaving, "the runner leaves")
    results += [answer async for answer in answers]
    assert [answer["id"] for answer in results] == [f"r{number}" for number in range(len(results))]
    assert {answer["outcome"] for answer in results} == {"succeeded"}
    assert len(results) <= sent + 1
    assert await pod.ended("dispatcher") == 0


async def test_a_full_queue_refuses_a_stream_as_a_whole(start_pod: StartPod) -> None:
    pod = await start_pod("module.exports = () => new Promise(() => {})", concurrency=1, timeout=60)
    busy = [asyncio.create_task(pod.send(record(f"b{number}"))) for number in range(6)]

    async def is_full() -> bool:
        return await pod.metric("xkit_runner_records_waiting") == 5

    await eventually(is_full, "the queue is full")
    assert pod.session is not None
    async with pod.session.post(pod.url, data=line(0), headers=NDJSON) as response:
        assert (response.status, response.headers["retry-after"]) == (429, "1")
        assert (await response.json(content_type=None))["code"] == "QueueFull"
    for one in busy:
        one.cancel()


async def _resident(pod: Pod) -> float:
    return await pod.metric("xkit_runner_process_resident_memory_bytes")
