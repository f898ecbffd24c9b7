"""`xkit` and an API server that it finds by its kubeconfig."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cli.cluster.api_server import ApiServer, serving
from xkit_operator.cli import main

Ask = Callable[..., Result]


@pytest.fixture
def api() -> Iterator[ApiServer]:
    with serving() as server:
        yield server


@pytest.fixture
def ask(api: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Runs `xkit` with arguments, in namespace team of the server."""
    monkeypatch.setenv("KUBECONFIG", str(api.kubeconfig(tmp_path, "team")))
    return lambda *arguments: CliRunner().invoke(main, [str(one) for one in arguments], prog_name="xkit")
