"""What all subcommands share: they are loaded late, explained with an example, and end with words and a code."""

import resource
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from xkit_operator.cli import main
from xkit_operator.cli.group import INTERRUPTED, CommandGroup
from xkit_operator.errors import InvalidProject

COMMANDS = list(main.summaries)


PROGRAMS = {
    "help": ["from xkit_operator.cli import main; main()", "--help"],
    "click": ["import click"],
    "nothing": ["pass"],
}
ROUNDS = 8


@pytest.fixture(scope="module")
def cpu_seconds() -> dict[str, float]:
    """What a fresh Python takes of a processor for each: the least of some rounds, in turn; others may be at work."""
    rounds = [{name: _cpu_seconds(program) for name, program in PROGRAMS.items()} for _ in range(ROUNDS)]
    return {name: min(one[name] for one in rounds) for name in PROGRAMS}


def _cpu_seconds(program: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", *program], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_help_costs_little_more_than_python_with_click(cpu_seconds: dict[str, float]) -> None:
    assert cpu_seconds["help"] < 2 * cpu_seconds["click"]


def test_help_stays_within_a_few_times_of_bare_python(cpu_seconds: dict[str, float]) -> None:
    """0.12 s of a processor beside 0.016 s when it was measured, most of it click."""
    assert cpu_seconds["help"] < 12 * cpu_seconds["nothing"]


def test_help_imports_no_command_and_nothing_heavy() -> None:
    code = (
        "import sys\nfrom xkit_operator.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(done.stderr.split())
    assert loaded.isdisjoint({"pydantic", "yaml", "asyncio", "kopf", "kubernetes", "aiohttp", "requests"})
    assert loaded.isdisjoint(f"xkit_operator.cli.{name}" for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_summary_in_the_list_is_the_first_sentence_of_the_command(name: str) -> None:
    command = import_module(f"xkit_operator.cli.{name}").command
    assert command.name == name
    assert (command.help or "").split("\n\n")[0].strip() == main.summaries[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_an_example_that_can_be_called(name: str) -> None:
    shown = CliRunner().invoke(main, [name, "--help"], prog_name="xkit").output
    _, _, examples = shown.partition("Example")
    assert f"xkit {name}" in examples


@pytest.mark.parametrize("name", COMMANDS)
def test_each_option_says_what_it_does(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert [one.name for one in command.params if isinstance(one, click.Option) and not one.help] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_its_output_for_machines(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    (output,) = (one for one in command.params if "-o" in one.opts)
    assert isinstance(output.type, click.Choice)
    assert "json" in output.type.choices


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_the_names_of_commands(shell: str) -> None:
    line = {
        "COMP_WORDS": "xkit ch",
        "COMP_CWORD": "ch" if shell == "fish" else "1",
        "_XKIT_COMPLETE": f"{shell}_complete",
    }
    done = CliRunner().invoke(main, [], prog_name="xkit", env=line)
    assert "check" in done.output
    assert "render" not in done.output


def test_kubectl_users_read_their_own_command_in_the_help() -> None:
    assert "Usage: kubectl xkit " in CliRunner().invoke(main, ["--help"], prog_name="kubectl-xkit").output


def group(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> CommandGroup:
    """A group whose command `version` ends with `error`."""

    @click.command("version")
    def command() -> None:
        raise error

    monkeypatch.setattr("xkit_operator.cli.version.command", command)
    return CommandGroup(name="xkit", commands_by_name={"version": "Ends."})


def test_an_error_of_ours_is_a_sentence_on_the_error_stream_and_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(group(monkeypatch, InvalidProject("nothing here")), ["version"])
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", "Error: nothing here\n")


def test_an_interrupt_ends_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(group(monkeypatch, KeyboardInterrupt()), ["version"])
    assert (done.exit_code, done.stderr) == (INTERRUPTED, "\ninterrupted\n")


@pytest.mark.parametrize(
    "arguments", [["versoin"], ["check", "--nope"], ["check", "no-such-path"], ["version", "-o", "yaml"]], ids=str
)
def test_wrong_usage_is_exit_code_2(arguments: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert "Usage: " in done.stderr


def test_a_command_that_is_nearly_known_is_asked_about() -> None:
    assert "check" in CliRunner().invoke(main, ["chekc"]).stderr
