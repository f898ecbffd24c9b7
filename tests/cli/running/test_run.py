"""`xkit run`: the real runner on this machine, its reload, and what it leaves behind."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.cli.running.conftest import Xkit, start_xkit
from tests.cli.running.runner import Run, save, write_project
from tests.executor.pod import eventually

StartRun = Callable[..., Awaitable[Run]]


@pytest.fixture
async def start_run(tmp_path: Path) -> AsyncIterator[StartRun]:
    runs: list[Run] = []

    async def start(*arguments: str, upsert: str | None = None) -> Run:
        write_project(tmp_path / "project", *([upsert] if upsert else []))
        (tmp_path / "scratch").mkdir()
        runs.append(await Run.start(tmp_path / "project", tmp_path / "scratch", *arguments))
        return runs[-1]

    yield start
    for run in runs:
        await run.close()


async def test_a_dispatch_is_printed_with_what_the_function_prints(start_run: StartRun) -> None:
    run = await start_run()
    assert (await run.send("r7"))["result"] == "first"
    await run.until("r7 | hi r7")
    await run.until('-> "first"')
    (line,) = [line for line in run.lines if "succeeded" in line]
    assert line.split()[1:4] == ["upsert", "hubspot", "succeeded"]
    await run.send("r8", score="high")
    await run.until("NotCoercible: input score")


async def test_machines_get_the_same_facts(start_run: StartRun) -> None:
    run = await start_run("-o", "json")
    await run.send("r7")
    await run.until('"dispatch"')
    told = [json.loads(line) for line in run.lines]
    (dispatch,) = [one["dispatch"] for one in told if "dispatch" in one]
    assert (dispatch["operation"], dispatch["answer"]["outcome"]) == ("upsert", "succeeded")


async def test_a_saved_file_is_served_and_no_record_is_lost(start_run: StartRun, tmp_path: Path) -> None:
    slow = "module.exports = async () => { await new Promise((r) => setTimeout(r, 40)); return %r }\n"
    run = await start_run(upsert=slow % "first")
    records = b"".join(
        b'{"id":"%d","operation":"upsert","source":{"slug":"hubspot"},"record":{"id":"1"}}\n' % number
        for number in range(1000)
    )
    sending = await start_xkit(
        "send", run.url, "--record", "-", "--batch", 1, "-o", "json", stdin=asyncio.subprocess.PIPE
    )
    finishing = asyncio.create_task(sending.communicate(records))
    await run.until("succeeded")
    for version in ("second", "third"):
        save(tmp_path / "project", "functions/upsert.js", slow % version)
        await eventually(lambda version=version: _serves(run, version), f"the {version} version is served")  # type: ignore[misc]
    stdout, stderr = await finishing
    summary = json.loads(stdout)
    assert (summary["outcomes"], summary["retries"]) == ({"succeeded": 1000}, 0), stderr
    await run.until_true(lambda: run.text.count("reloaded in") == 2, "xkit run tells of each reload")


async def test_a_file_that_is_not_served_is_saved_without_a_reload(start_run: StartRun, tmp_path: Path) -> None:
    run = await start_run()
    (tmp_path / "project" / "tests").mkdir()
    (tmp_path / "project" / "tests" / "golden.yaml").write_text("- name: a golden test\n")
    save(tmp_path / "project", "functions/upsert.js", "module.exports = async () => 'second'\n")
    await eventually(lambda: _serves(run, "second"), "the second version is served")
    save(tmp_path / "project", "functions/upsert.js", "module.exports = async () => {\n")
    await run.until("the change is not served")
    save(tmp_path / "project", "functions/upsert.js", "module.exports = async () => 'second'\n")
    await run.until("what the files say is what is served")
    assert run.text.count("reloaded in") == 1


async def test_a_reload_takes_less_than_a_start(start_run: StartRun, tmp_path: Path) -> None:
    """Parser and dispatcher are kept warm for it: under a second on a machine that has nothing else to do."""
    since = time.monotonic()
    run = await start_run()
    start = time.monotonic() - since
    for version in ("second", "third", "fourth"):
        save(tmp_path / "project", "functions/upsert.js", f"module.exports = async () => '{version}'\n")
        await eventually(lambda version=version: _serves(run, version), f"the {version} version is served")  # type: ignore[misc]
    reloads = [int(found) / 1000 for found in re.findall(r"reloaded in (\d+) ms", run.text)]
    assert min(reloads) < start


async def test_a_mapping_may_change_too(start_run: StartRun, tmp_path: Path) -> None:
    run = await start_run(upsert="module.exports = async ({ inputs }) => inputs.score\n")
    assert (await run.send(score=1))["result"] == 1
    file = tmp_path / "project" / "mapping.yaml"
    text = file.read_text().replace("direct: {pointer: /score}", "static: {value: 7}")
    save(tmp_path / "project", "mapping.yaml", text)
    await eventually(lambda: _serves(run, 7), "the new mapping is served")


@pytest.mark.parametrize(
    ("upsert", "says"),
    [
        ("module.exports = async () => {\n  return }}\n", "functions/upsert.js:2:11: FunctionSyntaxError: "),
        ("throw new Error('at the top')\n", "FunctionLoadFailed: upsert: "),
    ],
)  # fmt: skip
async def test_the_last_good_version_goes_on_while_the_new_one_is_broken(
    start_run: StartRun, tmp_path: Path, upsert: str, says: str
) -> None:
    run = await start_run()
    save(tmp_path / "project", "functions/upsert.js", upsert)
    await run.until("the change is not served")
    await run.until(says)
    assert await run.result() == "first"
    save(tmp_path / "project", "functions/upsert.js", "module.exports = async () => 'mended'\n")
    await eventually(lambda: _serves(run, "mended"), "the mended version is served")


async def test_variables_come_from_manifests_and_from_the_command_line(start_run: StartRun) -> None:
    run = await start_run(
        "--set", "greeting=good day",
        upsert="module.exports = async ({ variables }) => [variables.greeting, variables.apiKey.length]\n",
    )  # fmt: skip
    assert await run.result() == ["good day", len("s3cret-of-the-file")]


async def test_a_variable_without_a_value_is_said_before_anything_runs(xkit: Xkit, tmp_path: Path) -> None:
    write_project(tmp_path / "project")
    (tmp_path / "project" / "secret.yaml").unlink()
    done = await xkit("run", tmp_path / "project", "--port", 0)
    assert (done.code, "--set apiKey=" in done.stderr) == (1, True), done.stderr


async def test_a_project_that_is_broken_at_the_start_is_told_as_by_check(xkit: Xkit, tmp_path: Path) -> None:
    write_project(tmp_path / "project", "module.exports = (\n")
    done = await xkit("run", tmp_path / "project", "--port", 0)
    assert done.code == 1
    assert "FunctionSyntaxError" in done.stderr


async def test_ctrl_c_finishes_what_runs_and_leaves_no_process_and_no_file(start_run: StartRun) -> None:
    run = await start_run(
        upsert="""module.exports = async () => {
            console.log('begun')
            await new Promise((resolve) => setTimeout(resolve, 700))
            return 1
        }"""
    )
    sending = asyncio.create_task(run.result())
    await run.until("| begun")
    assert run.processes()
    assert await run.interrupt() == 0
    assert await sending == 1
    assert run.processes() == []
    assert list(run.scratch.iterdir()) == []


async def test_a_kill_leaves_no_process(start_run: StartRun) -> None:
    run = await start_run()
    run.process.kill()
    await run.process.wait()

    async def all_gone() -> bool:
        return run.processes() == []

    await eventually(all_gone, "dispatcher, host and executors have ended")


async def _serves(run: Run, result: object) -> bool:
    return bool(await run.result() == result)
