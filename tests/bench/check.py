"""`xkit check` of 100 Destinations with two mappings each, beside a Python that only loads the same YAML.

Processor time of the whole process tree, from its start to its end: importing and parsing functions on Node.js count.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from tests.bench.result import Result, ratio
from tests.executor.pod import ROOT, Runtime

DESTINATIONS = 100
ROUNDS = 7
EXAMPLE = ROOT / "examples" / "crm-contacts"
FILES = ("destination.yaml", "hubspot.yaml", "salesforce.yaml")
XKIT = "import sys; from xkit_operator.cli import main; main(['check', sys.argv[1]])"
LOAD = (
    "import sys, yaml; from pathlib import Path\n"
    "for file in sorted(Path(sys.argv[1]).rglob('*.yaml')): list(yaml.load_all(file.read_text(), yaml.CSafeLoader))"
)


def cli_check(runtime: Runtime) -> list[Result]:
    """One warm-up of each, then the two in turn."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder))
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "operator"), "XKIT_NODE": runtime.node}
        rounds = [[_cost(code, folder, environment) for code in (XKIT, LOAD)] for _ in range(ROUNDS + 1)][1:]
    ours, bare = ([one[which] for one in rounds] for which in (0, 1))
    result = ratio("cli-check", "s of CPU", [cpu for cpu, _ in ours], [cpu for cpu, _ in bare])
    return [replace(result, details={"fastest wall, s": min(wall for _, wall in ours), "destinations": DESTINATIONS})]


def _write(folder: Path) -> None:
    """Destinations that differ in their names and functions, half of these CommonJS and half ES modules."""
    for number in range(DESTINATIONS):
        place = folder / f"destination-{number:03}"
        place.mkdir()
        for file in FILES:
            text = (EXAMPLE / file).read_text("utf-8")
            text = text.replace("crm-contacts", f"crm-contacts-{number:03}").replace(
                "/contacts/", f"/contacts/{number}/"
            )
            (place / file).write_text(text, "utf-8")


def _cost(code: str, folder: str, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds of processor and of wall time."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", code, folder], env=environment, check=True, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall
