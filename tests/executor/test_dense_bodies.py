"""Bodies that are a lot of work: health is answered while they are read."""

import asyncio
import json
import time
from io import BytesIO

import pytest

from tests.executor.conftest import StartPod
from tests.executor.health_probe import HealthProbe
from tests.executor.pod import Pod

ECHO = "module.exports = async ({ inputs }) => inputs.id"
CHUNKED = (
    b"POST /v1/records HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
LARGEST = b"[%b]" % b",".join([b'{"a":1}'] * 90_000)


@pytest.fixture
def longest_health_ms() -> float:
    """Health may wait for one body to be parsed: 150 ms, and more on a machine that is slow itself."""
    taken = []
    for _ in range(3):
        since = time.thread_time()
        json.loads(LARGEST)
        taken.append(time.thread_time() - since)
    return max(150.0, 5000 * min(taken))


@pytest.mark.parametrize(
    "body",
    [b"[%b]" % b",".join([b"[]"] * 2_700_000), LARGEST],
    ids=["more values than may be", "as many as may be"],
)
async def test_health_is_answered_while_a_dense_body_is_parsed(
    start_pod: StartPod, body: bytes, longest_health_ms: float
) -> None:
    pod = await start_pod(ECHO)
    async with HealthProbe(pod) as probe:
        for _ in range(5):
            status, _ = await _post(pod, body)
            assert status == 413
    assert probe.seen.longest_own_ms < longest_health_ms


async def test_health_is_answered_while_a_body_comes_in_tiny_chunks(
    start_pod: StartPod, longest_health_ms: float
) -> None:
    pod = await start_pod(ECHO)
    async with HealthProbe(pod) as probe:
        reader, writer = await asyncio.open_connection("127.0.0.1", pod.port)
        writer.write(CHUNKED + b"2\r\n  \r\n" * 1_000_000 + b"0\r\n\r\n")
        assert b"MalformedBody" in await reader.read()
        writer.close()
    assert probe.seen.longest_own_ms < longest_health_ms


async def _post(pod: Pod, body: bytes) -> tuple[int, str]:
    assert pod.session is not None
    async with pod.session.post(pod.url, data=BytesIO(body), headers={"content-type": "application/json"}) as response:
        return response.status, await response.text()
