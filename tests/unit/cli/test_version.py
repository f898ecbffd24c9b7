"""The `xkit` command as a user types it."""

import json
import subprocess
import sys
from importlib.metadata import version

from click.testing import CliRunner

from xkit_operator.cli import main


def test_version_prints_the_version_of_the_installed_package() -> None:
    result = CliRunner().invoke(main, ["version", "--client"])
    assert result.exit_code == 0
    assert result.output == f"xkit {version('xkit-operator')}\nnodejs14: Node.js 14.21.3\n"


def test_version_as_json_gives_machines_the_same_fact() -> None:
    result = CliRunner().invoke(main, ["version", "--client", "-o", "json"])
    assert json.loads(result.output) == {"cli": version("xkit-operator"), "runtimes": {"nodejs14": "14.21.3"}}


def test_the_console_script_is_installed() -> None:
    done = subprocess.run([f"{sys.prefix}/bin/xkit", "--help"], capture_output=True, text=True, check=True)
    assert "version" in done.stdout
