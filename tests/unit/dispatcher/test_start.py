"""The admin port is open before the dispatcher has loaded what takes long; what takes much memory is never loaded."""

import json
import subprocess
import sys

import pytest

LATER = ("asyncio", "uvloop", "httptools")
NEVER = ("pydantic", "pydantic_core", "prometheus_client", "xkit_operator.api.")


@pytest.mark.parametrize(
    ("module", "without"),
    [("xkit_operator.dispatcher.__main__", LATER), ("xkit_operator.dispatcher.serving", NEVER)],
    ids=["to listen", "to serve"],
)
def test_what_starts_goes_without(module: str, without: tuple[str, ...]) -> None:
    question = (
        f"import json, sys, {module}; print(json.dumps([name for name in sys.modules if name.startswith({without})]))"
    )
    found = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True)
    assert json.loads(found.stdout) == []
