"""The commands of docs/how-to/write-a-destination.md, run as they stand there, one after the other."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "write-a-destination.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh( fails)?\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_each_block_ends_as_the_page_says(node: Path, tmp_path: Path) -> None:
    program = tmp_path / "bin" / "xkit"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nfrom xkit_operator.cli import main\nmain(prog_name='xkit')\n")
    program.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "operator"),
        "XKIT_NODE": str(node),
    }
    here = tmp_path
    for fails, block in BLOCKS:
        done = subprocess.run(
            ["bash", "-e", "-c", block], cwd=here, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == (1 if fails else 0), (block, done.stdout, done.stderr)
        if "cd crm-contacts" in block:
            here = tmp_path / "crm-contacts"
    assert "kind: Destination" in (here / "manifests.yaml").read_text()


def test_the_page_shows_successes_and_failures() -> None:
    assert len(BLOCKS) >= 7
    assert sum(bool(fails) for fails, _ in BLOCKS) == 3
