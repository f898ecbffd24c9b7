"""A real JavaScript engine, the judge of how JavaScript writes and reads numbers and dates."""

import json
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

Node = Callable[[str, list[str]], list[Any]]


@pytest.fixture(scope="session")
def node() -> Node:
    """Evaluate a JavaScript function of one text for each of many texts."""
    program = shutil.which("node")
    if program is None:
        pytest.fail("Node.js is needed as the judge; install it: apt-get install nodejs")

    def evaluate(function: str, texts: list[str]) -> list[Any]:
        script = f"process.stdout.write(JSON.stringify(JSON.parse(fs.readFileSync(0, 'utf8')).map({function})))"
        done = subprocess.run(
            [program, "-e", script], input=json.dumps(texts), capture_output=True, text=True, check=True
        )
        results: list[Any] = json.loads(done.stdout)
        return results

    return evaluate
