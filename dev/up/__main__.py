"""`python -m dev.up`, from the root of the repository: tells the story and exits 0, or says what failed and exits 1."""

import argparse
import os
import sys
import time
from pathlib import Path

from dev.up.failure import StepFailed
from dev.up.story import STEPS, tell
from dev.up.target import CURRENT, DEFAULT
from dev.up.terminal import Terminal


def main() -> int:
    """Run the story with the process's own environment and terminal."""
    parser = argparse.ArgumentParser(prog="python -m dev.up", description=__doc__)
    parser.add_argument("--cluster", default=DEFAULT, help=f"{CURRENT}: your kubeconfig's; else an embedded one's name")
    parser.add_argument("--registry", default="", metavar="HOST/PREFIX", help=f"with --cluster {CURRENT}: for images")
    chosen = parser.parse_args()
    os.chdir(Path(__file__).parents[2])
    terminal = Terminal(sys.stdout, clock=time.monotonic, steps=STEPS)
    try:
        tell(terminal, dict(os.environ), cluster=chosen.cluster, registry=chosen.registry)
    except StepFailed as failure:
        terminal.fail(failure)
        return 1
    except KeyboardInterrupt:
        terminal.say("interrupted; `make up` goes on from here")
        return 130
    return 0


sys.exit(main())
