"""`xkit send` holds no more of a long file than of a short one."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

from tests.cli.running.conftest import ROOT
from tests.executor.conftest import StartPod
from tests.executor.pod import record

PEAK = (
    "import atexit, sys\n"
    "from xkit_operator.cli import main\n"
    # not ru_maxrss: a process begins with that of the one that it was started from
    "atexit.register(lambda: sys.stderr.write(open('/proc/self/status').read()))\n"
    "main(sys.argv[1:], prog_name='xkit')"
)
PADDING = "x" * 4000


async def peak_mebibytes(url: str, file: Path, records: int) -> float:
    """The most memory that it takes to send as many records of 4 KB."""
    with file.open("w") as lines:
        for number in range(records):
            one = record(f"{number}")
            lines.write(json.dumps({**one, "record": {**one["record"], "padding": PADDING}}) + "\n")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PEAK, "send", url, "--record", str(file), "--dry-run", "-o", "json",
        env={**os.environ, "PYTHONPATH": str(ROOT / "operator")},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    stdout, stderr = await process.communicate()
    assert json.loads(stdout)["records"] == records, stderr
    found = re.search(rb"VmHWM:\s+(\d+) kB", stderr)
    assert found is not None
    return int(found[1]) / 1024


async def test_memory_does_not_grow_with_the_file(start_pod: StartPod, tmp_path: Path) -> None:
    pod = await start_pod("module.exports = async () => {}")
    short = await peak_mebibytes(pod.url, tmp_path / "short.jsonl", 1_000)
    long = await peak_mebibytes(pod.url, tmp_path / "long.jsonl", 12_000)  # 48 MB
    assert long - short < 16
