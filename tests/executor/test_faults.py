"""What a function throws on purpose, what never starts, what never loads; for all other faults see fault_table.py."""

import asyncio
from typing import Any

from tests.executor.conftest import StartPod
from tests.executor.pod import Pod, eventually, record

UPSERT = """
    const wait = (ms) => new Promise((done) => setTimeout(done, ms))
    const faults = {
      skips: () => { throw new EventNotSupported('not for us') },
      invalid: () => { throw new ValidationError('no e-mail') },
      retry: () => { throw Object.assign(new RetryError('busy'), { retryAfter: 17 }) },
      refused: () => { throw Object.assign(new Error('nope'), { response: { status: 404 } }) },
      unavailable: () => { throw Object.assign(new Error('later'), { response: { status: 503 } }) },
      loop: () => { for (;;) ; },
      slow: async () => { await wait(1500); return 'slow' },
      ok: () => 'ok',
    }
    module.exports = async ({ context }) => faults[context.fault]()
"""


def faulty(fault: str, record_id: str = "") -> dict[str, Any]:
    return record(record_id or fault, context={"fault": fault})


ANSWERS = [
    ("skips", 200, "skipped", None, None),
    ("invalid", 422, "rejected", "ValidationError", False),
    ("refused", 422, "rejected", "TargetRefused", False),
    ("retry", 500, "failed", "RetryError", True),
    ("unavailable", 500, "failed", "TargetFailed", True),
]


async def test_what_a_function_throws_decides_about_its_own_record_alone(start_pod: StartPod) -> None:
    pod = await start_pod(UPSERT, timeout=20)
    slow = asyncio.create_task(pod.send(faulty("slow")))
    answers = [await pod.send(faulty(fault)) for fault, *_ in ANSWERS]
    assert [
        (body["id"], status, body["outcome"], body.get("code"), body.get("retryable")) for status, body, _ in answers
    ] == ANSWERS
    by_fault = {body["id"]: (body, headers) for _, body, headers in answers}
    body, headers = by_fault["retry"]
    assert (headers["retry-after"], body["retryAfter"]) == ("17", 17)
    assert [by_fault[fault][0]["targetStatus"] for fault in ("refused", "unavailable")] == [404, 503]
    assert (await slow)[0] == 200


async def test_what_never_started_behind_an_endless_loop_runs_elsewhere_unseen_by_its_sender(
    start_pod: StartPod,
) -> None:
    pod = await start_pod(UPSERT, timeout=2)
    loop = asyncio.create_task(pod.send(faulty("loop")))
    await eventually(lambda: _in_flight(pod, 1), "the loop is running")
    unseen = [asyncio.create_task(pod.send(faulty("ok", f"unseen{number}"))) for number in range(10)]
    assert (await loop)[0] == 504
    assert [(await one)[0] for one in unseen] == [200] * 10


async def test_a_function_that_does_not_load_never_becomes_ready_and_says_why(start_pod: StartPod) -> None:
    pod = await start_pod("require('left-pad')", ready=False)

    async def says_why() -> bool:
        return "left-pad" in (await pod.admin("/readyz"))[1]

    await eventually(says_why, "readiness names the reason")
    assert await pod.ended("function") == 65
    assert (await pod.admin("/readyz"))[0] == 503


async def _in_flight(pod: Pod, count: int) -> bool:
    return await pod.metric("xkit_runner_records_in_flight") == count
