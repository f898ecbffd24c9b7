"""`xkit` as a process of its own: pipes, interrupts, and a terminal."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "crm-contacts"
COMMAND = (sys.executable, "-c", "from xkit_operator.cli import main; main(prog_name='xkit')")
BROKEN = "apiVersion: xkit.dev/v1alpha1\nkind: Destinaton\n"


@pytest.fixture
def environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    return {**kept, "PYTHONPATH": str(ROOT / "operator"), "LC_ALL": "C.UTF-8"}


def test_ctrl_c_ends_with_130_and_no_traceback(tmp_path: Path, environment: dict[str, str]) -> None:
    pipe = tmp_path / "record.json"
    os.mkfifo(pipe)
    arguments = [*COMMAND, "map", EXAMPLE, "--source", "hubspot", "--record", pipe]
    with (
        subprocess.Popen(arguments, env=environment, stderr=subprocess.PIPE, text=True) as process,
        pipe.open("wb"),  # until the command reads
    ):
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "\ninterrupted\n")


def test_a_pipe_is_read_like_a_file(environment: dict[str, str]) -> None:
    line = f'"$@" check --no-syntax <(cat {EXAMPLE}/destination.yaml)'
    done = subprocess.run(
        ["bash", "-c", line, "bash", *COMMAND], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "1 object in 1 file: nothing to mend\n")


def test_a_reader_that_goes_away_leaves_no_traceback(tmp_path: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        ["bash", "-c", f'"$@" render {EXAMPLE} | true', "bash", *COMMAND],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("extra", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)], ids=["as it is", "NO_COLOR"])
def test_colour_is_for_a_terminal_that_wants_it(
    *, tmp_path: Path, environment: dict[str, str], extra: dict[str, str], coloured: bool
) -> None:
    (tmp_path / "a.yaml").write_text(BROKEN)
    controller, terminal = pty.openpty()
    subprocess.run([*COMMAND, "check", "a.yaml"], cwd=tmp_path, env=environment | extra, stdout=terminal, check=False)
    os.close(terminal)
    shown = os.read(controller, 10_000).decode()
    os.close(controller)
    assert "UnknownKind" in shown
    assert ("\x1b[" in shown) == coloured


def test_there_is_no_colour_in_a_file(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "a.yaml").write_text(BROKEN)
    done = subprocess.run(
        [*COMMAND, "check", "a.yaml"], cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    assert b"\x1b[" not in done.stdout
