"""The command line in this process, on a real Node.js 14."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xkit_operator.cli import main
from xkit_operator.local.node import find_node

Xkit = Callable[..., Result]


@pytest.fixture(scope="session")
def node() -> Path:
    """The runtime's Node.js, fetched once into the user's cache."""
    return find_node(None, os.environ, print)


@pytest.fixture
def xkit(node: Path, monkeypatch: pytest.MonkeyPatch) -> Xkit:
    """Runs `xkit` with arguments, and with `text` on its standard input."""
    monkeypatch.setenv("XKIT_NODE", str(node))

    def run(*arguments: str | Path, text: str | None = None) -> Result:
        return CliRunner().invoke(main, [str(one) for one in arguments], input=text, prog_name="xkit")

    return run
