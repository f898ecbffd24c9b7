"""`xkit logs`: the lines of all Pods of a Destination, told apart, in order, and chosen by what they are about."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.cluster.api_server import ApiServer
from tests.cli.cluster.conftest import Ask
from tests.cli.cluster.objects import destination, pod
from tests.cli.cluster.written import failed, printed, stamped, succeeded
from tests.waiting import until

ROOT = Path(__file__).parents[3]
FIRST, SECOND = "crm-7d9f-abcde", "crm-7d9f-fghij"


@pytest.fixture
def crm(api: ApiServer) -> ApiServer:
    """A Destination with two Pods."""
    api.objects["destinations"] = [destination()]
    api.objects["pods"] = [pod(FIRST), pod(SECOND)]
    return api


@dataclass
class Following:
    """A running `xkit logs -f`."""

    process: subprocess.Popen[str]
    output: Path

    def until(self, text: str) -> str:
        """What it has printed, once `text` is in it."""
        return until(f"xkit logs prints {text}", lambda: text in self.shown and self.shown)

    @property
    def shown(self) -> str:
        return self.output.read_text()


@contextmanager
def following(api: ApiServer, folder: Path, *arguments: str) -> Iterator[Following]:
    output = folder / "output"
    environment = {
        **os.environ, "KUBECONFIG": str(api.kubeconfig(folder, "team")), "PYTHONPATH": str(ROOT / "operator"),
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "xkit_operator.cli", "logs", "crm", "-f", *arguments]
    with (
        output.open("w") as file,
        subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=environment, text=True) as process,
    ):
        try:
            yield Following(process, output)
        finally:
            process.kill()


def test_lines_of_all_containers_come_in_the_order_in_which_they_were_written(crm: ApiServer, ask: Ask) -> None:
    crm.write(FIRST, "function", printed(1, "one"), printed(4, "four"))
    crm.write(SECOND, "function", printed(2, "two"))
    crm.write(SECOND, "dispatcher", failed(3))
    done = ask("logs", "crm", "-o", "json")
    assert done.exit_code == 0
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["message"] for line in lines] == ["one", "two", "record failed", "four"]
    assert [(line["pod"], line["container"]) for line in lines[1:3]] == [(SECOND, "function"), (SECOND, "dispatcher")]


def test_a_line_says_its_pod_and_its_record(crm: ApiServer, ask: Ask) -> None:
    crm.write(FIRST, "function", printed(1, "the CRM has it\nand more"))
    crm.write(FIRST, "dispatcher", failed(2), succeeded(3))
    one, more, two, error, three = ask("logs", "crm").stdout.splitlines()
    assert "7d9f-abcde  r1 | the CRM has it" in one
    assert more.strip() == "| and more"
    assert "7d9f-abcde  r2 | upsert hubspot rejected after 1.2 ms: MappingFailed (attempt 2)" in two
    assert error.strip() == "email: RequiredInputMissing"
    assert "r9 | upsert hubspot succeeded after 20.0 ms, and 2 more since the last such line" in three


def test_text_that_is_no_json_is_shown_as_it_is(crm: ApiServer, ask: Ask) -> None:
    crm.write(FIRST, "function", stamped(1, "FATAL ERROR: heap out of memory"), stamped(2, "[1, 2]"))
    first, second = ask("logs", "crm").stdout.splitlines()
    assert "function | FATAL ERROR: heap out of memory" in first
    assert "function | [1, 2]" in second


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        ([], {"hubspot", "salesforce", "failed"}),
        (["--source", "salesforce"], {"salesforce"}),
        (["--outcome", "rejected"], {"failed"}),
        (["--outcome", "failed"], set()),
        (["--outcome", "failed", "--outcome", "rejected"], {"failed"}),
        (["-c", "function"], {"hubspot", "salesforce"}),
        (["--tail", "1"], {"salesforce", "failed"}),
        (["--tail", "0"], set()),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_lines_are_chosen(crm: ApiServer, ask: Ask, choice: list[str], shown: set[str]) -> None:
    crm.write(FIRST, "function", printed(1, "hubspot"), printed(2, "salesforce", source="salesforce"))
    crm.write(FIRST, "dispatcher", failed(3))
    lines = [json.loads(line) for line in ask("logs", "crm", "-o", "json", *choice).stdout.splitlines()]
    assert {line["message"].removeprefix("record ") for line in lines} == shown


def test_since_is_passed_on_in_seconds(crm: ApiServer, ask: Ask) -> None:
    assert ask("logs", "crm", "--since", "1h30m").exit_code == 0
    assert sum("sinceSeconds=5400" in path for path in crm.asked) == 4


@pytest.mark.parametrize("since", ["5", "an hour", "-5m", "5x"])
def test_a_duration_that_is_none_is_wrong_usage_with_examples(ask: Ask, since: str) -> None:
    done = ask("logs", "crm", f"--since={since}")
    assert done.exit_code == 2
    assert "say 90s, 5m" in done.stderr


def test_without_a_pod_it_is_said_why(crm: ApiServer, ask: Ask) -> None:
    crm.objects["destinations"] = [destination(ready="False", reason="SecretNotFound", message="Secret crm is absent")]
    crm.objects["pods"] = [pod(state="waiting")]
    done = ask("logs", "crm")
    assert done.exit_code == 1
    assert "no Pod of crm has started: Ready is False, SecretNotFound: Secret crm is absent" in done.stderr


def test_a_pod_that_goes_meanwhile_leaves_the_lines_of_the_others(crm: ApiServer, ask: Ask) -> None:
    crm.refused[f"{FIRST}/log"] = (404, f'pods "{FIRST}" not found')
    crm.write(SECOND, "function", printed(1, "here"))
    done = ask("logs", "crm")
    assert done.exit_code == 0
    assert "here" in done.stdout
    assert f"{FIRST} function: " in done.stderr


def test_following_goes_on_with_pods_that_come_and_go(crm: ApiServer, tmp_path: Path) -> None:
    crm.objects["pods"] = [pod(FIRST)]
    crm.write(FIRST, "function", printed(1, "before"))
    with following(crm, tmp_path) as logs:
        logs.until("before")
        crm.write(FIRST, "function", printed(2, "after"))
        logs.until("after")
        crm.objects["pods"].append(pod(SECOND))
        crm.write(SECOND, "function", printed(3, "of the next version"))
        logs.until("of the next version")
        for container in ("function", "dispatcher"):
            crm.write(FIRST, container, printed(4, f"the last of {container}"), ends=True)
        logs.until("the last of function")
        logs.until("the last of dispatcher")
        crm.objects["pods"] = crm.objects["pods"][1:]
        shown = logs.until(f"{FIRST}: function has gone")
    assert f"{SECOND}: function has started" in shown
    assert all(shown.count(text) == 1 for text in ("before", "after", "of the next", "last of function"))


def test_a_connection_that_breaks_neither_loses_nor_repeats_a_line(crm: ApiServer, tmp_path: Path) -> None:
    crm.objects["pods"] = [pod(FIRST)]
    crm.write(FIRST, "function", printed(1.1, "line-1."), printed(1.2, "line-2."))
    crm.logs[FIRST, "function"].breaks_after = 3
    with following(crm, tmp_path) as logs:
        logs.until("line-2.")
        crm.write(FIRST, "function", *(printed(1.2 + n / 10, f"line-{n}.") for n in range(3, 7)))
        shown = logs.until("line-6.")
    assert [shown.count(f"line-{n}.") for n in range(1, 7)] == [1] * 6


def test_a_container_that_is_restarted_is_read_on(crm: ApiServer, tmp_path: Path) -> None:
    crm.objects["pods"] = [pod(FIRST)]
    crm.write(FIRST, "function", printed(1, "first life"), ends=True)
    with following(crm, tmp_path) as logs:
        logs.until("first life")
        crm.logs[FIRST, "function"].ended = False
        crm.objects["pods"] = [pod(FIRST, run="2")]
        crm.write(FIRST, "function", printed(2, "second life"))
        assert logs.until("second life").count("first life") == 1


def test_following_waits_for_the_first_pod(crm: ApiServer, tmp_path: Path) -> None:
    crm.objects["pods"] = []
    with following(crm, tmp_path) as logs:
        logs.until("waiting: no Pod of crm has started")
        crm.objects["pods"] = [pod(FIRST)]
        crm.write(FIRST, "function", printed(1, "here it is"))
        logs.until("here it is")


def test_following_from_now_on_leaves_out_what_was_before(crm: ApiServer, tmp_path: Path) -> None:
    crm.objects["pods"] = [pod(FIRST)]
    crm.write(FIRST, "function", printed(1, "before"))
    with following(crm, tmp_path, "--tail", "0") as logs:
        until("both containers are followed", lambda: sum("follow=true" in path for path in crm.asked) == 2)
        crm.write(FIRST, "function", printed(2, "after"))
        assert "before" not in logs.until("after")


def test_ctrl_c_ends_following_with_130_and_no_traceback(crm: ApiServer, tmp_path: Path) -> None:
    crm.write(FIRST, "function", printed(1, "here"))
    with following(crm, tmp_path) as logs:
        logs.until("here")
        logs.process.send_signal(signal.SIGINT)
        assert logs.process.wait(60) == 130
        assert logs.shown.endswith("\ninterrupted\n")
        assert "Traceback" not in logs.shown


@pytest.mark.parametrize("more", [(), ("-f",)], ids=["until now", "following"])
def test_a_reader_that_has_enough_leaves_no_traceback(crm: ApiServer, tmp_path: Path, more: tuple[str, ...]) -> None:
    crm.write(FIRST, "function", *(printed(1 + n / 1000, "x" * 1000) for n in range(500)))
    environment = {
        **os.environ,
        "KUBECONFIG": str(crm.kubeconfig(tmp_path, "team")),
        "PYTHONPATH": str(ROOT / "operator"),
    }
    command = [sys.executable, "-m", "xkit_operator.cli", "logs", "crm", *more]
    done = subprocess.run(
        ["bash", "-c", '"$@" | head -n 1', "bash", *command],
        env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "never retrieved" not in done.stderr
