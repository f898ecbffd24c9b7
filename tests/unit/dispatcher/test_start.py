"""The admin port is open before the dispatcher has loaded what takes long."""

import json
import subprocess
import sys

HEAVY = ("asyncio", "uvloop", "pydantic", "prometheus_client", "httptools")
QUESTION = f"""
import json, sys
import xkit_operator.dispatcher.__main__
print(json.dumps([name for name in {HEAVY} if name in sys.modules]))
"""


def test_what_listens_is_loaded_without_what_serves() -> None:
    found = subprocess.run([sys.executable, "-c", QUESTION], capture_output=True, text=True, check=True)
    assert json.loads(found.stdout) == []
