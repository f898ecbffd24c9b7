"""`python -m dev.up`, from the root of the repository: tells the story and exits 0, or says what failed and exits 1."""

import os
import sys
import time
from pathlib import Path

from dev.up.failure import StepFailed
from dev.up.story import STEPS, tell
from dev.up.terminal import Terminal


def main() -> int:
    """Run the story with the process's own environment and terminal."""
    os.chdir(Path(__file__).parents[2])
    terminal = Terminal(sys.stdout, clock=time.monotonic, steps=STEPS)
    try:
        tell(terminal, dict(os.environ))
    except StepFailed as failure:
        terminal.say(f"FAILED: {failure.what}")
        terminal.show(failure.evidence)
        if failure.remedy:
            terminal.say(failure.remedy)
        return 1
    except KeyboardInterrupt:
        terminal.say("interrupted; `make up` goes on from here")
        return 130
    return 0


sys.exit(main())
