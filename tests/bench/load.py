"""Load by wrk, one thread: how many requests were answered, how fast, and whether any failed."""

import json
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.programs import program

CONNECTIONS = 32
PATIENCE = 20  # seconds; wrk's own two are too few where others use the cores as well
_SCRIPT = """
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
local file = io.open("{body}")
wrk.body = file:read("*a")
file:close()
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format('{{"requests": %d, "p50": %f, "p99": %f, "failed": %d}}\\n', summary.requests,
    latency:percentile(50) / 1e6, latency:percentile(99) / 1e6,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


@dataclass(frozen=True)
class Load:
    """What one run came to; latencies in seconds."""

    requests: int
    p50: float
    p99: float


def run(url: str, body: bytes, *, seconds: int, connections: int = CONNECTIONS) -> Load:
    """POST `body` to `url` over so many connections at once. Raises RuntimeError when any request fails."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "body.json").write_bytes(body)
        script = Path(folder) / "post.lua"
        script.write_text(_SCRIPT.format(body=Path(folder) / "body.json"))
        options = ["-t1", f"-c{connections}", f"-d{seconds}s", f"--timeout={PATIENCE}s", "-s", str(script)]
        command = [program("wrk"), *options, url]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"^\{.*\}$", said, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"wrk said nothing that can be read: {said}")
    summary = json.loads(found.group())
    if summary.pop("failed"):
        raise RuntimeError(f"requests failed at {url}: {said}")
    return Load(**summary)
