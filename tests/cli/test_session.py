"""docs/session.md, typed line by line: what the page shows is what a reader gets."""

import sys
from pathlib import Path

import pytest

from tests.cli.console import Shells, blocks, plain
from tests.ports import HeldPort

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "session.md"


def test_what_the_page_shows_is_what_a_reader_gets(node: Path, tmp_path: Path) -> None:
    program = tmp_path / "bin" / "xkit"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nfrom xkit_operator.cli import main\nmain(prog_name='xkit')\n")
    program.chmod(0o755)
    folder = tmp_path / "folder"
    folder.mkdir()
    environment = {
        "PATH": f"{program.parent}:/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": str(ROOT / "operator"),
        "PYTHONUNBUFFERED": "1",
        "LC_ALL": "C.UTF-8",  # of one that is not installed, the shell would complain
        "XKIT_NODE": str(node),
    }
    port = HeldPort()
    shells = Shells(folder, environment, port.number)
    try:
        for block in blocks(PAGE):
            for typed in block.typed:
                if block.goes_on:
                    shells.go_on(typed)
                else:
                    assert shells.type(typed) == plain("\n".join(typed.shown)), typed.command
    finally:
        shells.close()


@pytest.mark.parametrize("command", ["init", "check", "map", "run", "send", "test"])
def test_the_page_types_each_command_of_the_local_loop(command: str) -> None:
    assert f"$ xkit {command}" in PAGE.read_text("utf-8")
