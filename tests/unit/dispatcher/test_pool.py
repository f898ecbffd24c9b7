"""Executors that come, serve, hang and die, played by the test over a real unix socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.dispatcher.awaited import AwaitedJob
from tests.unit.dispatcher.function_container import Peer
from xkit_operator.dispatcher.executors.executor import PING_SECONDS
from xkit_operator.dispatcher.executors.frames import FrameType
from xkit_operator.dispatcher.executors.pool import Pool
from xkit_operator.dispatcher.executors.reception import Reception
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure
from xkit_operator.dispatcher.queueing.queue import Queue
from xkit_operator.dispatcher.telemetry.log import Log
from xkit_operator.dispatcher.telemetry.metrics import Metrics


class Bench:
    """Pool, queue and socket, as runner.py puts them together."""

    def __init__(self, folder: Path, timeout: float = 60) -> None:
        self.socket = folder / "dispatcher.sock"
        log = Log(write=lambda line: self.lines.append(json.loads(line)))
        self.lines: list[dict[str, Any]] = []
        self.pool = Pool(timeout=timeout, on_available=self.changed, metrics=Metrics(), log=log)
        self.queue = Queue(self.pool, concurrency=100, timeout=60)
        self.reception = Reception(self.pool, folder=folder, timeout=timeout, configuration=b'{"v":1}', log=log)
        self.peers: list[Peer] = []

    def changed(self) -> None:
        if self.pool.is_hopeless:
            self.queue.give_up()
        else:
            self.queue.pump()

    async def host(self, executors: int = 1) -> Peer:
        self.peers.append(await Peer.host(self.socket, executors=executors))
        await self.until(lambda: not self.pool.is_hopeless)
        return self.peers[-1]

    async def executor(self, name: str) -> Peer:
        """An executor that the pool knows to be ready."""
        known = len(self.pool._ready)
        self.peers.append(await Peer.executor(self.socket, name))
        await self.until(lambda: len(self.pool._ready) > known)
        return self.peers[-1]

    def send(self, name: str) -> AwaitedJob:
        job = AwaitedJob(self.queue, json.dumps(name).encode())
        self.put(job)
        return job

    def put(self, *jobs: AwaitedJob) -> None:
        """One request with these records."""
        lane = self.queue.open_lane()
        assert lane is not None
        self.queue.put(jobs, lane)

    async def until(self, condition: Any) -> None:
        """Let the event loop turn until another side's bytes have had their effect."""
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110 - what is waited for has no event of its own
                await asyncio.sleep(0)


async def make(folder: Path, timeout: float) -> AsyncIterator[Bench]:
    found = Bench(folder, timeout)
    server = await asyncio.get_running_loop().create_unix_server(found.reception.new_link, found.socket)
    yield found
    for peer in found.peers:
        await peer.end()
    server.close()
    await found.until(lambda: not found.reception._links)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async for found in make(tmp_path, 60):
        yield found


@pytest.fixture
async def hasty(tmp_path: Path) -> AsyncIterator[Bench]:
    """The same with a short deadline."""
    async for found in make(tmp_path, 0.1):
        yield found


async def code(job: AwaitedJob) -> Code | None:
    answer = await asyncio.wait_for(job.answer, 20)
    return answer.code if isinstance(answer, Failure) else None


async def result(job: AwaitedJob) -> Any:
    answer = await asyncio.wait_for(job.answer, 20)
    assert isinstance(answer, bytes), answer
    return json.loads(answer)["result"]


async def test_the_first_ready_executor_serves_and_the_next_takes_over_at_once(bench: Bench) -> None:
    host = await bench.host()
    first, second = await bench.executor("e1"), await bench.executor("e2")
    one = bench.send("one")
    first.answer((await first.expect(FrameType.INVOKE)).id, 1)
    assert await result(one) == 1
    await first.end()
    host.say_exited("e1", reason="Exited", last=1, started=1)
    await bench.until(lambda: len(bench.pool._ready) == 1)
    two = bench.send("two")
    second.answer((await second.expect(FrameType.INVOKE)).id, 2)
    assert await result(two) == 2


async def test_records_are_spread_over_as_many_executors_as_the_host_says(bench: Bench) -> None:
    await bench.host(executors=2)
    executors = [await bench.executor(f"e{number}") for number in range(3)]
    jobs = [bench.send(f"r{number}") for number in range(4)]
    for executor in executors[:2]:
        for _ in range(2):
            executor.answer((await executor.expect(FrameType.INVOKE)).id, "done")
    assert [await result(job) for job in jobs] == ["done"] * 4


async def test_records_that_come_together_are_spread_as_well(bench: Bench) -> None:
    await bench.host(executors=2)
    executors = [await bench.executor(f"e{number}") for number in range(2)]
    bench.put(*(AwaitedJob(bench.queue, b"%d" % number) for number in range(4)))
    assert [[(await one.expect(FrameType.INVOKE)).payload for _ in range(2)] for one in executors] == [
        [b"0", b"2"],
        [b"1", b"3"],
    ]


async def test_without_its_host_nothing_serves(bench: Bench) -> None:
    await bench.executor("e1")
    assert not bench.pool.is_ready
    assert bench.pool.is_hopeless


async def test_a_death_names_its_culprit_and_runs_elsewhere_what_never_started(bench: Bench) -> None:
    host, first, second = await bench.host(), await bench.executor("e1"), await bench.executor("e2")
    innocent, culprit, unseen = bench.send("innocent"), bench.send("culprit"), bench.send("unseen")
    for _ in range(3):
        await first.expect(FrameType.INVOKE)
    await first.end()
    host.say_exited("e1", reason="Exited", last=2, started=2)
    assert json.loads((await second.expect(FrameType.INVOKE)).payload) == "unseen"
    second.answer(1, "elsewhere")
    assert await result(unseen) == "elsewhere"
    assert (await code(innocent), await code(culprit)) == (Code.EXECUTOR_LOST, Code.EXECUTOR_DIED)


async def test_memory_exceeded_is_what_all_hear_who_shared_the_memory(bench: Bench) -> None:
    host, executor = await bench.host(), await bench.executor("e1")
    hog, started_last = bench.send("hog"), bench.send("started last")
    for _ in range(2):
        await executor.expect(FrameType.INVOKE)
    host.say_exited("e1", reason="MemoryExceeded", last=2, started=2)
    await executor.end()
    assert [await code(hog), await code(started_last)] == [Code.MEMORY_EXCEEDED] * 2


async def test_an_executor_that_leaves_as_it_was_told_makes_nobody_the_culprit_of_a_lost_answer(bench: Bench) -> None:
    host, executor = await bench.host(), await bench.executor("e1")
    job = bench.send("its answer was swallowed by garbage on the link")
    await executor.expect(FrameType.INVOKE)
    await executor.end()
    host.say_exited("e1", reason="Drained", code=0, last=1, started=1)
    assert await code(job) is Code.EXECUTOR_LOST


async def test_an_answer_that_was_still_on_its_way_counts_although_the_executor_has_died(bench: Bench) -> None:
    host, executor = await bench.host(), await bench.executor("e1")
    job = bench.send("answered")
    await executor.expect(FrameType.INVOKE)
    host.say_exited("e1", reason="Exited", last=1, started=1)
    await bench.until(lambda: any(line["message"] == "an executor has ended" for line in bench.lines))
    executor.answer(1, "in time")
    assert await result(job) == "in time"


async def test_an_executor_that_closes_its_connection_and_lives_on_is_killed(bench: Bench) -> None:
    host, executor = await bench.host(), await bench.executor("e1")
    job = bench.send("closes all file descriptors")
    await executor.expect(FrameType.INVOKE)
    await executor.end()
    assert json.loads((await host.expect(FrameType.KILL)).payload) == {"executor": "e1", "reason": "ConnectionLost"}
    host.say_exited("e1", reason="Killed", last=1, started=1)
    assert await code(job) is Code.EXECUTOR_DIED


async def test_with_the_host_everything_that_ran_is_lost_to_nobody_in_particular(bench: Bench) -> None:
    host, executor = await bench.host(), await bench.executor("e1")
    jobs = [bench.send("a"), bench.send("b")]
    for job_id in (1, 2):
        assert (await executor.expect(FrameType.INVOKE)).id == job_id
    executor.progress(1, 1)
    await host.end()
    await executor.end()
    assert [await code(job) for job in jobs] == [Code.EXECUTOR_LOST, Code.NO_EXECUTOR]


async def test_a_blocked_event_loop_costs_the_culprit_504_and_an_innocent_503(hasty: Bench) -> None:
    host, first, second = await hasty.host(), await hasty.executor("e1"), await hasty.executor("e2")
    culprit, unseen = hasty.send("culprit"), hasty.send("unseen")
    first.progress(1, 1)
    assert [(await first.next()).type for _ in range(4)] == [
        FrameType.INVOKE, FrameType.INVOKE, FrameType.ABORT, FrameType.PING,
    ]  # fmt: skip
    assert await code(culprit) is Code.DEADLINE_EXCEEDED
    assert json.loads((await host.expect(FrameType.KILL)).payload) == {"executor": "e1", "reason": "DeadlineExceeded"}
    await first.end()
    host.say_exited("e1", reason="Killed", last=1, started=1)
    await second.expect(FrameType.INVOKE)
    second.answer(1, "elsewhere")
    assert await result(unseen) == "elsewhere"


async def test_a_call_that_waited_behind_a_blocking_one_has_its_whole_time_from_its_start(hasty: Bench) -> None:
    _, executor = await hasty.host(), await hasty.executor("e1")
    blocking, behind = hasty.send("blocking"), hasty.send("behind")
    executor.progress(1, 1)
    frames = [await executor.next() for _ in range(4)]
    assert await code(blocking) is Code.DEADLINE_EXCEEDED
    assert not behind.answer.done()
    executor.progress(2, 2)
    executor.send(FrameType.PONG, request_id=frames[-1].id)
    abort = await executor.expect(FrameType.ABORT)
    assert (abort.id, await code(behind)) == (2, Code.DEADLINE_EXCEEDED)


async def test_an_executor_is_not_killed_while_the_call_that_blocks_it_has_time_left(tmp_path: Path) -> None:
    timeout, clock = 2 * PING_SECONDS, asyncio.get_running_loop().time
    aborted: list[float] = []
    async for bench in make(tmp_path, timeout):
        host, executor = await bench.host(), await bench.executor("e1")
        bench.send("first")
        executor.progress(1, 1)
        for frame_type in (FrameType.INVOKE, FrameType.ABORT, FrameType.PING):
            await executor.expect(frame_type)
        blocking = bench.send("blocking")
        blocking.answer.add_done_callback(lambda _: aborted.append(clock()))
        executor.progress(2, 2)  # from here on nobody answers the ping
        for frame_type in (FrameType.INVOKE, FrameType.ABORT, FrameType.PING):
            await executor.expect(frame_type)
        assert await code(blocking) is Code.DEADLINE_EXCEEDED
        await host.expect(FrameType.KILL)
        assert clock() - aborted.pop() > PING_SECONDS / 2


async def test_a_late_answer_is_dropped(hasty: Bench) -> None:
    _, executor = await hasty.host(), await hasty.executor("e1")
    late = hasty.send("late")
    executor.progress(1, 1)
    for frame_type in (FrameType.INVOKE, FrameType.ABORT, FrameType.PING):
        await executor.expect(frame_type)
    executor.send(FrameType.PONG)
    executor.answer(1, "late")
    assert await code(late) is Code.DEADLINE_EXCEEDED
    after = hasty.send("after")
    executor.answer((await executor.expect(FrameType.INVOKE)).id, "well")
    assert await result(after) == "well"


async def test_an_error_that_nobody_awaited_has_the_executor_drained_and_its_records_answered(bench: Bench) -> None:
    _, first, second = await bench.host(), await bench.executor("e1"), await bench.executor("e2")
    running = bench.send("running")
    await first.expect(FrameType.INVOKE)
    first.send(FrameType.FAULT, {"message": "boom", "requestId": 1})
    await first.expect(FrameType.DRAIN)
    after = bench.send("after")
    second.answer((await second.expect(FrameType.INVOKE)).id, "second")
    first.answer(1, "first")
    assert (await result(running), await result(after)) == ("first", "second")


async def test_new_variables_reach_all_executors(bench: Bench) -> None:
    executors = [await bench.executor(f"e{number}") for number in range(2)]
    bench.reception.configure(b'{"v":2}')
    late = await bench.executor("late")
    assert [(await executor.expect(FrameType.CONFIGURE)).payload for executor in executors] == [b'{"v":2}'] * 2
    assert late.unread == []


async def test_what_kept_functions_from_loading_is_told(bench: Bench) -> None:
    host = await bench.host()
    failed = {"operation": "upsert", "code": "FunctionLoadFailed", "message": "no left-pad", "executor": "e1"}
    host.send(FrameType.LOAD_FAILED, failed)
    await bench.until(lambda: bench.reception.load_failure == "upsert: no left-pad")


@pytest.mark.parametrize(
    "hello",
    [
        {"role": "host", "protocol": 2},
        {"role": "visitor"},
        {"role": "executor"},
        {"role": "executor", "executor": "../../etc/passwd"},
    ],
)
async def test_who_does_not_speak_the_protocol_is_hung_up_on(bench: Bench, hello: dict[str, Any]) -> None:
    peer = await Peer.connect(bench.socket, hello)
    assert await peer.is_hung_up_on()
    await peer.end()
    assert bench.lines[-1]["message"] == "the function container broke the protocol"


@pytest.mark.parametrize("garbage", [b"\0" * 9, b"\xff" * 64, b"GET / HTTP/1.1\r\n\r\n"])
async def test_garbage_ends_the_connection_and_the_record_hears_of_it(bench: Bench, garbage: bytes) -> None:
    host, executor = await bench.host(), await bench.executor("e1")
    job = bench.send("garbage")
    await executor.expect(FrameType.INVOKE)
    executor.progress(1, 1)
    executor.writer.write(garbage)
    assert await executor.is_hung_up_on()
    await host.expect(FrameType.KILL)
    host.say_exited("e1", reason="Killed", last=1, started=1)
    assert await code(job) is Code.EXECUTOR_DIED
