"""Which record runs next."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.dispatcher.awaited import AwaitedJob
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure
from xkit_operator.dispatcher.queueing.job import settle_together
from xkit_operator.dispatcher.queueing.queue import WAITING_PER_RUNNING, Queue

DONE = b"{}"


class Executors:
    """Takes every job, unless it is closed; ends them when the test says so."""

    def __init__(self) -> None:
        self.running: list[AwaitedJob] = []
        self.started: list[bytes] = []
        self.is_ready = True

    def start(self, jobs: Sequence[AwaitedJob]) -> None:
        self.running += jobs
        self.started += [job.payload for job in jobs]

    def finish(self, position: int = 0) -> None:
        self.running.pop(position).settle(DONE)


class Bench:
    """A queue, its executors, and records by name."""

    def __init__(self, *, concurrency: int, timeout: float = 60) -> None:
        self.executors = Executors()
        self.queue = Queue(self.executors, concurrency=concurrency, timeout=timeout)

    def send(self, *names: str, key: str | None = None) -> list[AwaitedJob]:
        """One request with these records."""
        lane = self.queue.open_lane()
        assert lane is not None
        jobs = [AwaitedJob(self.queue, name.encode(), key=key) for name in names]
        self.queue.put(jobs, lane)
        return jobs

    @property
    def started(self) -> list[str]:
        return [payload.decode() for payload in self.executors.started]


def code(job: AwaitedJob) -> Code | None:
    answer = job.answer.result()
    return answer.code if isinstance(answer, Failure) else None


async def test_at_most_concurrency_records_run_and_the_rest_follow_in_order() -> None:
    bench = Bench(concurrency=2)
    for name in "abcde":
        bench.send(name)
    assert (bench.started, bench.queue.in_flight, bench.queue.waiting) == (["a", "b"], 2, 3)
    while bench.executors.running:
        bench.executors.finish()
    assert bench.started == ["a", "b", "c", "d", "e"]
    assert (bench.queue.in_flight, bench.queue.waiting) == (0, 0)


async def test_five_times_as_many_requests_may_wait() -> None:
    bench = Bench(concurrency=2)
    for number in range(2 + WAITING_PER_RUNNING * 2):
        bench.send(f"r{number}")
    assert bench.queue.open_lane() is None
    bench.executors.finish()
    assert bench.queue.open_lane() is not None


async def test_a_batch_is_taken_as_a_whole_and_single_records_take_turns_with_it() -> None:
    bench = Bench(concurrency=1)
    bench.send(*(f"b{number}" for number in range(100)))
    bench.send("single")
    bench.send("other")
    for _ in range(5):
        bench.executors.finish()
    assert bench.started == ["b0", "b1", "single", "other", "b2", "b3"]


async def test_requests_share_what_is_free_evenly() -> None:
    bench = Bench(concurrency=5)
    bench.executors.is_ready = False
    bench.send(*(f"a{number}" for number in range(9)))
    bench.send("single")
    bench.send(*(f"b{number}" for number in range(9)))
    bench.executors.is_ready = True
    bench.queue.pump()
    assert sorted(bench.started) == ["a0", "a1", "b0", "b1", "single"]


async def test_records_answered_together_make_room_for_as_many() -> None:
    bench = Bench(concurrency=3)
    jobs = bench.send(*"abcdef")
    settle_together(dict.fromkeys(jobs[:3], DONE))
    assert (bench.started, [job.answer.done() for job in jobs]) == (list("abcdef"), [True] * 3 + [False] * 3)


async def test_records_of_one_key_run_one_after_the_other_and_hold_nobody_else_back() -> None:
    bench = Bench(concurrency=3)
    bench.send("a1", "a2", "a3", key="a")
    bench.send("b1", key="b")
    assert bench.started == ["a1", "b1"]
    bench.executors.finish()
    assert bench.started == ["a1", "b1", "a2"]
    bench.executors.finish(1)
    assert bench.started == ["a1", "b1", "a2", "a3"]


async def test_waiting_is_bounded_by_the_timeout() -> None:
    bench = Bench(concurrency=1, timeout=0.05)
    [running] = bench.send("running")
    [waiting] = bench.send("waiting")
    [held] = bench.send("held", key="k")
    [behind] = bench.send("behind", key="k")
    await asyncio.wait_for(asyncio.gather(waiting.answer, held.answer, behind.answer), 5)
    assert {code(job) for job in (waiting, held, behind)} == {Code.QUEUE_TIMEOUT}
    assert not running.answer.done()
    bench.executors.finish()
    [again] = bench.send("again", key="k")
    assert bench.started == ["running", "again"]
    assert not again.answer.done()


async def test_a_job_that_was_handed_back_is_the_next_to_run() -> None:
    bench = Bench(concurrency=2)
    jobs = [*bench.send("a", key="k"), *bench.send("b"), *bench.send("c"), *bench.send("d", key="k")]
    bench.executors.is_ready = False
    for job in reversed(jobs[:2]):
        bench.executors.running.remove(job)
        job.hand_back()
    bench.executors.is_ready = True
    bench.queue.pump()
    assert bench.started == ["a", "b", "a", "b"]
    bench.executors.finish()
    assert bench.started[4:] == ["c"]


async def test_while_nobody_can_run_records_they_wait() -> None:
    bench = Bench(concurrency=2)
    bench.executors.is_ready = False
    bench.send("a")
    assert (bench.queue.in_flight, bench.queue.waiting) == (0, 1)
    bench.executors.is_ready = True
    bench.queue.pump()
    assert bench.started == ["a"]


async def test_closing_answers_what_waits_and_lets_finish_what_runs() -> None:
    bench = Bench(concurrency=1)
    [running, *waiting] = bench.send("a1", "a2", "a3", key="a") + bench.send("b")
    bench.queue.close()
    [late] = bench.send("late")
    assert {code(job) for job in (*waiting, late)} == {Code.SHUTTING_DOWN}
    assert not running.answer.done()
    running.hand_back()
    assert code(running) == Code.SHUTTING_DOWN
    assert (bench.queue.in_flight, bench.queue.waiting) == (0, 0)


async def test_giving_up_answers_what_waits() -> None:
    bench = Bench(concurrency=1)
    bench.executors.is_ready = False
    jobs = bench.send("a1", "a2", key="a")
    bench.queue.give_up()
    assert {code(job) for job in jobs} == {Code.NO_EXECUTOR}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_happens_every_record_is_answered_once_in_the_order_of_its_key(data: st.DataObject) -> None:
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:  # the factory leaves the tests' own loop alone
        runner.run(_whatever_happens(data))


async def _whatever_happens(data: st.DataObject) -> None:
    concurrency = data.draw(st.integers(1, 3))
    bench = Bench(concurrency=concurrency)
    jobs: list[AwaitedJob] = []
    running = bench.executors.running
    for step in data.draw(st.lists(st.sampled_from(["send", "finish", "hand back", "close", "open"]), max_size=40)):
        if step == "send":
            keys = data.draw(st.lists(st.sampled_from([None, "x", "y"]), min_size=1, max_size=4))
            lane = bench.queue.open_lane()
            if lane is not None:
                sent = [AwaitedJob(bench.queue, b"%d" % (len(jobs) + at), key=key) for at, key in enumerate(keys)]
                bench.queue.put(sent, lane)
                jobs += sent
        elif step == "finish" and running:
            bench.executors.finish(data.draw(st.integers(0, len(running) - 1)))
        elif step == "hand back" and running:
            job = running.pop(data.draw(st.integers(0, len(running) - 1)))
            bench.executors.started.remove(job.payload)
            job.hand_back()
            bench.queue.pump()
        elif step in ("close", "open"):
            bench.executors.is_ready = step == "open"
            bench.queue.pump()
        busy = [job.key for job in running if job.key is not None]
        assert len(running) == bench.queue.in_flight <= concurrency
        assert len(busy) == len(set(busy))
    bench.executors.is_ready = True
    bench.queue.pump()
    while running:
        bench.executors.finish()
    assert all(job.answer.result() == DONE for job in jobs)
    assert bench.queue.waiting == 0
    for key in ("x", "y"):
        of_key = [job.payload for job in jobs if job.key == key]
        assert [payload for payload in bench.executors.started if payload in of_key] == of_key


@pytest.mark.parametrize("concurrency", [1, 5])
async def test_a_key_is_forgotten_when_its_last_record_is_answered(concurrency: int) -> None:
    bench = Bench(concurrency=concurrency)
    bench.send("a", "b", key="k")
    while bench.executors.running:
        bench.executors.finish()
    assert len(bench.queue._order) == 0
