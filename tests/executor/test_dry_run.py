"""Dry runs on the real runner: for whoever may send, at any time, and without a trace."""

from tests.executor.conftest import StartPod
from tests.executor.pod import Pod, record

BROKEN = "module.exports = async ("


async def dry_run(pod: Pod, value: object, token: str) -> tuple[int, object]:
    assert pod.session is not None
    url = f"{pod.url}?dryRun=true"
    async with pod.session.post(url, json=value, headers={"authorization": f"Bearer {token}"}) as response:
        return response.status, await response.json(content_type=None)


async def test_a_dry_run_needs_a_token_but_no_executor_and_leaves_no_trace(start_pod: StartPod) -> None:
    pod = await start_pod(BROKEN, ready=False, tokens=("a-token",))
    assert (await dry_run(pod, record(), "another-token"))[0] == 401
    status, answers = await dry_run(pod, [record(), {**record(), "record": {}}, {}], "a-token")
    assert status == 200
    assert isinstance(answers, list)
    assert [one["outcome"] for one in answers] == ["mapped", "rejected", "malformed"]
    assert [one["value"] for one in answers[0]["inputs"]] == ["r1", None]
    assert "xkit_runner_records_total{" not in (await pod.admin("/metrics"))[1]
    assert not [line for line in pod.log("dispatcher") if line["message"].startswith("record")]
