"""`xkit send` against the real runner: what is sent, how often, in which order, and what is said about it."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running.conftest import Xkit
from tests.cli.running.runner import write_project
from tests.executor.conftest import StartPod
from tests.executor.pod import INPUTS, MAPPING, record

ECHO = "module.exports = async ({ inputs, meta }) => ({ id: inputs.id, attempt: meta.attempt })"
# Writes a line for each call, so that a test reads which records arrived, and in which order.
NOTE = """
const fs = require('fs')
module.exports = async ({ variables, inputs, meta }) => {
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 3))
  fs.appendFileSync(variables.path, `${inputs.id}\\n`)
  if (inputs.score === 13 && meta.attempt === 1) throw new RetryError('once more')
}
"""


def lines(records: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in records)


async def test_a_single_record_is_answered_in_full(start_pod: StartPod, xkit: Xkit) -> None:
    pod = await start_pod(ECHO)
    done = await xkit("send", pod.root_url, "--record", json.dumps(record("r1")))
    assert done.code == 0, done.stderr
    answer, _ = json.JSONDecoder().raw_decode(done.stdout)
    assert answer == {"id": "r1", "status": 200, "outcome": "succeeded", "result": {"id": "r1", "attempt": 1}}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("array.json", json.dumps([record("a"), record("b")]).encode()),
        ("indented.json", json.dumps([record("a"), record("b")], indent=2).encode()),
        ("lines.jsonl", lines([record("a"), record("b")])),
        ("lines.txt", lines([record("a")]) + b"\n" + lines([record("b")]).rstrip()),
        ("one.json", json.dumps(record("a"), indent=2).encode()),
    ],
)
async def test_a_file_may_hold_one_record_an_array_or_json_lines(
    start_pod: StartPod, xkit: Xkit, tmp_path: Path, name: str, content: bytes
) -> None:
    pod = await start_pod(ECHO)
    (tmp_path / name).write_bytes(content)
    from_file = await xkit("send", pod.url, "--record", tmp_path / name, "-o", "json")
    from_stdin = await xkit("send", pod.url, "--record", "-", "-o", "json", stdin=content)
    expected = 1 if name == "one.json" else 2
    for done in (from_file, from_stdin):
        assert json.loads(done.stdout)["outcomes"] == {"succeeded": expected}, done.stderr


async def test_the_summary_counts_by_outcome_and_code(start_pod: StartPod, xkit: Xkit) -> None:
    pod = await start_pod(ECHO)
    records = [record("a"), record("b", record={}), record("c", source={"slug": "unknown"}), record("d", "delete")]
    done = await xkit("send", pod.url, "--record", "-", stdin=json.dumps(records).encode())
    assert done.code == 1
    rows = {tuple(line.split()) for line in done.stdout.splitlines()}
    assert rows >= {
        ("succeeded", "1"), ("skipped", "1"), ("rejected", "MappingFailed", "1"), ("rejected", "SourceNotMapped", "1")
    }  # fmt: skip


async def test_what_is_retryable_is_tried_again_after_retry_after_with_attempt_counted_up(
    start_pod: StartPod, xkit: Xkit
) -> None:
    pod = await start_pod("""module.exports = async ({ meta }) => {
        if (meta.attempt < 3) throw Object.assign(new RetryError('later'), { retryAfter: 1 })
        return meta.attempt
    }""")
    since = time.monotonic()
    done = await xkit("send", pod.url, "--record", json.dumps(record("r1")))
    answer, _ = json.JSONDecoder().raw_decode(done.stdout)
    assert answer["result"] == 3
    assert time.monotonic() - since > 2
    assert "2 tried again" in done.stdout


async def test_trying_again_is_bounded(start_pod: StartPod, xkit: Xkit) -> None:
    pod = await start_pod("module.exports = async () => { throw new RetryError('never') }")
    done = await xkit("send", pod.url, "--record", json.dumps(record("r1")), "--attempts", 2, "-o", "json")
    summary = json.loads(done.stdout)
    assert (done.code, summary["codes"], summary["retries"]) == (1, {"RetryError": 1}, 1)


async def test_a_retry_after_beyond_all_patience_is_not_waited_for(start_pod: StartPod, xkit: Xkit) -> None:
    pod = await start_pod(
        "module.exports = async () => { throw Object.assign(new RetryError('no'), {retryAfter: 900}) }"
    )
    done = await xkit("send", pod.url, "--record", json.dumps(record("r1")), "--patience", 5, "-o", "json")
    assert json.loads(done.stdout)["codes"] == {"RetryError": 1}


async def test_more_than_the_runner_can_take_is_sent_all_the_same(start_pod: StartPod, xkit: Xkit) -> None:
    pod = await start_pod("module.exports = async () => { await new Promise((r) => setTimeout(r, 5)) }", concurrency=1)
    records = [record(f"r{number}") for number in range(100)]
    done = await xkit(
        "send", pod.url, "--record", "-", "--batch", 1, "--concurrency", 32, "-o", "json", stdin=lines(records)
    )
    assert json.loads(done.stdout)["outcomes"] == {"succeeded": 100}, done.stderr


async def test_records_of_one_key_go_one_after_the_other_also_when_one_is_tried_again(
    start_pod: StartPod, xkit: Xkit, tmp_path: Path
) -> None:
    pod = await start_pod(NOTE, literals={"path": str(tmp_path / "calls")})
    records = [
        record(f"{number}", key=f"k{number % 4}", record={"id": f"{number % 4}-{number // 4:02}", "score": number})
        for number in range(120)
    ]
    done = await xkit("send", pod.url, "--record", "-", "--batch", 10, stdin=lines(records))
    assert done.code == 0, done.stdout
    calls = (tmp_path / "calls").read_text().split()
    for key in range(4):
        of_key = [call for call in calls if call.startswith(f"{key}-")]
        assert of_key == sorted(of_key)
    assert len(calls) == 121  # the record with the score 13 twice
    assert calls.count("1-03") == 2


async def test_numbers_and_texts_arrive_as_they_were_written(start_pod: StartPod, xkit: Xkit) -> None:
    pod = await start_pod(ECHO)
    text = '{"operation":"upsert","source":{"slug":"hubspot"},"record":{"id":9007199254740993123456789}}'
    done = await xkit("send", pod.url, "--record", text)
    assert json.JSONDecoder().raw_decode(done.stdout)[0]["result"]["id"] == "9007199254740993123456789"


async def test_what_fails_is_kept_and_can_be_sent_again_as_it_is(
    start_pod: StartPod, xkit: Xkit, tmp_path: Path
) -> None:
    failures = tmp_path / "failures.jsonl"
    content = lines([record("a"), record("b", record={"score": 1})]) + b"no json\n" + b"[1]\n" + lines([record("c")])
    pod = await start_pod(ECHO)
    (tmp_path / "records.jsonl").write_bytes(content)
    done = await xkit("send", pod.url, "--record", tmp_path / "records.jsonl", "--failures", failures, "-o", "json")
    assert json.loads(done.stdout)["outcomes"] == {"malformed": 2, "rejected": 1, "succeeded": 2}
    kept = {line["line"]: line for line in map(json.loads, failures.read_text().splitlines())}
    assert {number: line["answer"]["code"] for number, line in kept.items()} == {
        2: "MappingFailed", 3: "MalformedBody", 4: "MalformedBody"
    }  # fmt: skip
    assert kept[2]["record"] == record("b", record={"score": 1})
    again = await xkit("send", pod.url, "--record", failures, "-o", "json")
    assert json.loads(again.stdout)["codes"] == {"MappingFailed": 1, "MalformedRecord": 2}


async def test_a_dry_run_calls_no_function(start_pod: StartPod, xkit: Xkit, tmp_path: Path) -> None:
    pod = await start_pod(NOTE, literals={"path": str(tmp_path / "calls")})
    one = await xkit("send", pod.url, "--dry-run", "--record", json.dumps(record("r1")))
    assert json.JSONDecoder().raw_decode(one.stdout)[0]["mapping"] == "crm-hubspot"
    many = await xkit("send", pod.url, "--dry-run", "--record", "-", "-o", "json", stdin=lines([record()] * 3))
    assert json.loads(many.stdout)["outcomes"] == {"mapped": 3}
    assert not (tmp_path / "calls").exists()


async def test_the_token_comes_from_a_file_or_the_environment_and_is_never_shown(
    start_pod: StartPod, xkit: Xkit, tmp_path: Path
) -> None:
    pod = await start_pod(ECHO, tokens=("geheim-1",))
    (tmp_path / "token").write_text("geheim-1\n")
    call = ("send", pod.url, "--record", json.dumps(record()))
    assert (await xkit(*call, "--token-file", tmp_path / "token")).code == 0
    assert (await xkit(*call, env={"XKIT_TOKEN": "geheim-1"})).code == 0
    for wrong in ("geheim-2", "gehäim", "ge\nheim"):
        refused = await xkit(*call, env={"XKIT_TOKEN": wrong})
        assert refused.code in (1, 2)
        assert "Traceback" not in refused.stderr
        assert wrong not in refused.stdout + refused.stderr
    assert "Unauthorized" in (await xkit(*call)).stderr


async def test_a_record_that_is_too_much_for_a_batch_is_sent_alone(start_pod: StartPod, xkit: Xkit) -> None:
    inputs = [*INPUTS, {"name": "all", "type": "array", "optional": True}]
    spec = MAPPING["spec"]
    assert isinstance(spec, dict)
    mapping = MAPPING | {"spec": spec | {"inputs": [*spec["inputs"], {"name": "all", "direct": {"pointer": "/all"}}]}}
    pod = await start_pod(ECHO, inputs=inputs, mappings=(mapping,))
    records = [record(f"r{number}", record={"id": "x", "all": [1] * 120_000}) for number in range(4)]
    done = await xkit("send", pod.url, "--record", "-", "-o", "json", stdin=lines(records))
    assert json.loads(done.stdout)["outcomes"] == {"succeeded": 4}, done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["send", "localhost", "--record", "{}"], "no URL"),
        (["send", "http://localhost"], "--record"),
        (["send", "http://localhost", "--record", "/nonexistent"], "cannot be read"),
        (["send", "http://localhost", "--record", "{broken"], "neither JSON nor JSON Lines"),
        (["send", "http://localhost", "--record", "-", "--resume", "x"], "--resume"),
        (["send", "http://localhost", "--record", "{}", "--token-file", "/nonexistent"], "--token-file"),
        (["send", "http://localhost", "--record", "{}", "--failures", "/nonexistent/file"], "/nonexistent/file"),
    ],
)
async def test_a_wrong_call_ends_with_2_and_says_what_is_wrong(xkit: Xkit, arguments: list[str], says: str) -> None:
    done = await xkit(*arguments)
    assert (done.code, says in done.stderr) == (2, True), done.stderr


async def test_a_runner_that_is_not_there_ends_with_1_and_loses_nothing(xkit: Xkit, tmp_path: Path) -> None:
    (tmp_path / "records.jsonl").write_bytes(lines([record(f"{number}") for number in range(5)]))
    position = tmp_path / "position"
    done = await xkit(
        "send", "http://127.0.0.1:9", "--record", tmp_path / "records.jsonl", "--resume", position, "--attempts", 2
    )
    assert done.code == 1
    assert "cannot be reached" in done.stderr
    assert json.loads(position.read_text())["line"] == 0


async def test_an_address_that_is_no_runner_is_said_to_be_none(start_pod: StartPod, xkit: Xkit) -> None:
    pod = await start_pod(ECHO)
    done = await xkit("send", f"http://127.0.0.1:{pod.admin_port}/livez", "--record", json.dumps(record()))
    assert done.code == 1
    assert "Traceback" not in done.stderr


async def test_a_path_is_served_for_as_long_as_it_takes(xkit: Xkit, tmp_path: Path) -> None:
    write_project(tmp_path / "project")
    record_of_it = json.dumps(record("r1"))
    done = await xkit("send", tmp_path / "project", "--record", record_of_it, "-o", "json")
    assert (done.code, json.loads(done.stdout)["outcomes"]) == (0, {"succeeded": 1}), done.stderr
    assert "r1 | hi r1" in done.stderr


async def test_help_has_an_example(xkit: Xkit) -> None:
    assert "xkit send http://localhost:8080 --record" in (await xkit("send", "--help")).stdout
