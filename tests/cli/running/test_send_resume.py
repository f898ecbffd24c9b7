"""`xkit send --resume`: killed or stopped in the middle and started again, it sends every line at least once."""

import asyncio
import json
import signal
from pathlib import Path

import pytest

from tests.cli.running.conftest import Xkit, start_xkit
from tests.executor.conftest import StartPod
from tests.executor.pod import eventually, record

LINES = 1500
HELD = 1000
# Calls take long enough that the position is written before the lines that are held until the gate, a file, is there.
NOTE = f"""
const fs = require('fs')
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
module.exports = async ({{ variables, inputs }}) => {{
  await wait(20)
  while (inputs.id > {HELD} && !fs.existsSync(variables.gate)) await wait(5)
  fs.appendFileSync(variables.path, `${{inputs.id}}\\n`)
}}
"""


def write_records(path: Path, count: int = LINES) -> None:
    with path.open("w") as file:
        for number in range(1, count + 1):
            file.write(json.dumps(record(f"{number}")) + "\n")


def calls(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().split()] if path.exists() else []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
async def test_every_line_is_sent_at_least_once_and_few_twice(
    start_pod: StartPod, xkit: Xkit, tmp_path: Path, how: signal.Signals
) -> None:
    records, position, gate = (tmp_path / name for name in ("records.jsonl", "position", "gate"))
    pod = await start_pod(NOTE, literals={"path": str(tmp_path / "calls"), "gate": str(gate)})
    write_records(records)
    command = ("send", pod.url, "--record", records, "--resume", position, "--batch", 10, "-o", "json")
    process = await start_xkit(*command)

    async def is_underway() -> bool:
        return position.exists() and json.loads(position.read_text())["line"] > 100

    await eventually(is_underway, "the position has moved")
    process.send_signal(how)
    gate.write_text("open")
    stdout, stderr = await process.communicate()
    kept = json.loads(position.read_text())
    sent = calls(tmp_path / "calls")
    assert set(range(1, kept["line"] + 1)) <= set(sent), "the position promises more than was sent"
    assert 100 < kept["line"] < LINES
    if how is not signal.SIGKILL:
        assert process.returncode == 1
        assert f"every line up to {kept['line']} is settled" in stderr.decode()
        assert json.loads(stdout)["complete"] is False

    done = await xkit(*command)
    assert done.code == 0, done.stderr
    sent = calls(tmp_path / "calls")
    assert set(sent) == set(range(1, LINES + 1))
    twice = len(sent) - LINES
    # a window of 4 requests times 4 and, of a kill, what was settled since the last write of the position
    assert twice <= (160 if how is not signal.SIGKILL else LINES // 2)
    again = await xkit(*command)
    assert json.loads(again.stdout)["records"] == 0, "what is done is not sent again"


async def test_lines_that_were_added_since_are_sent(start_pod: StartPod, xkit: Xkit, tmp_path: Path) -> None:
    pod = await start_pod(NOTE, literals={"path": str(tmp_path / "calls")})
    records, position = tmp_path / "records.jsonl", tmp_path / "position"
    write_records(records, 3)
    command = ("send", pod.url, "--record", records, "--resume", position)
    assert (await xkit(*command)).code == 0
    with records.open("a") as file:
        file.write(json.dumps(record("4")) + "\n")
    done = await xkit(*command)
    assert done.code == 0, done.stderr
    assert sorted(calls(tmp_path / "calls")) == [1, 2, 3, 4]


async def test_the_position_of_another_file_is_refused(start_pod: StartPod, xkit: Xkit, tmp_path: Path) -> None:
    pod = await start_pod(NOTE, literals={"path": str(tmp_path / "calls")})
    position = tmp_path / "position"
    for name, count in (("first.jsonl", 3), ("second.jsonl", 2)):
        write_records(tmp_path / name, count)
        done = await xkit("send", pod.url, "--record", tmp_path / name, "--resume", position)
    assert done.code == 2
    assert "another file" in done.stderr


async def test_failures_before_a_kill_are_still_there(start_pod: StartPod, xkit: Xkit, tmp_path: Path) -> None:
    pod = await start_pod("module.exports = async () => { throw new ValidationError('no') }")
    records, failures = tmp_path / "records.jsonl", tmp_path / "failures.jsonl"
    write_records(records)
    more = ("--resume", tmp_path / "position", "--failures", failures, "--batch", 5, "--concurrency", 2)
    process = await start_xkit("send", pod.url, "--record", records, *more)

    async def some_failed() -> bool:
        return failures.exists() and failures.stat().st_size > 0

    await eventually(some_failed, "a failure is kept")
    process.kill()
    await process.communicate()
    await xkit("send", pod.url, "--record", records, *more)
    kept = {json.loads(line)["line"] for line in failures.read_text().splitlines()}
    assert kept == set(range(1, LINES + 1))


async def test_a_pipe_that_says_nothing_does_not_hold_up_ctrl_c(start_pod: StartPod) -> None:
    pod = await start_pod("module.exports = async () => 1")
    process = await start_xkit("send", pod.url, "--record", "-", stdin=asyncio.subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(json.dumps(record("1")).encode() + b"\n")
    await eventually(lambda: _has_succeeded(pod), "the first line is sent before the pipe ends")
    process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(process.wait(), 60) == 1


async def _has_succeeded(pod: object) -> bool:
    value: float = await pod.metric(  # type: ignore[attr-defined]
        'xkit_runner_records_total{operation="upsert",outcome="succeeded",source="hubspot"}'
    )
    return value >= 1
