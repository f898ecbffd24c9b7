"""The wheel alone is enough: installed into an environment of its own, it checks functions."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.conftest import Xkit

ROOT = Path(__file__).parents[2]
SOURCES = ("operator", "runtimes", "pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment with the wheel; what it depends on is that of this environment."""
    work = tmp_path_factory.mktemp("wheel")
    ignored = shutil.ignore_patterns("node_modules", "__pycache__", "*.egg-info", "test")
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, work / name, **({"ignore": ignored} if (ROOT / name).is_dir() else {}))
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    pip(["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", work / "dist", work], environment)
    venv.create(work / "venv", with_pip=False)
    (wheel,) = (work / "dist").iterdir()
    pip(["--python", work / "venv" / "bin" / "python", "install", "--no-deps", "--no-index", wheel], environment)
    site = sysconfig.get_path("purelib", vars={"base": str(work / "venv")})
    # a path in a .pth file is searched, but the .pth files there are not read: our own package is that of the wheel
    Path(site, "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return work / "venv" / "bin"


def pip(arguments: Sequence[str | Path], environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, env=environment)


def run(program: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "XKIT_NODE")}
    return subprocess.run(
        [program, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_wheel_has_its_own_package(installed: Path, tmp_path: Path) -> None:
    code = "import xkit_operator; print(xkit_operator.__file__)"
    assert str(installed.parent) in run(installed / "python", "-c", code, folder=tmp_path).stdout


@pytest.mark.parametrize(("program", "name"), [("xkit", "xkit"), ("kubectl-xkit", "kubectl xkit")])
def test_both_programs_are_there(installed: Path, tmp_path: Path, program: str, name: str) -> None:
    assert f"Usage: {name} [OPTIONS] COMMAND" in run(installed / program, "--help", folder=tmp_path).stdout


def test_a_new_project_is_checked_functions_included(installed: Path, tmp_path: Path, xkit: Xkit) -> None:
    assert run(installed / "xkit", "init", "crm", folder=tmp_path).returncode == 0
    assert run(installed / "xkit", "check", "crm", folder=tmp_path).returncode == 0
    (tmp_path / "crm" / "functions" / "upsert.js").write_text("let a = ;")
    done = run(installed / "xkit", "check", "crm", folder=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith("crm/functions/upsert.js:1:9: FunctionSyntaxError: ")
