"""The layers that overview and ARCHITECTURE.md promise, checked on the imports themselves."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_no_package_imports_one_above_it() -> None:
    done = subprocess.run(
        [f"{sys.prefix}/bin/lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_source_root_does_not_shadow_the_standard_library_module_operator() -> None:
    assert not (ROOT / "operator" / "__init__.py").exists()


def test_no_file_is_named_after_nothing() -> None:
    forbidden = {"utils", "util", "helpers", "common", "misc"}
    found = [
        path for path in (ROOT / "operator").rglob("*.py") if path.stem in forbidden or path.parent.name in forbidden
    ]
    assert found == []
