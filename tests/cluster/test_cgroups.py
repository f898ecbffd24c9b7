"""What is left of a cluster in the machine's cgroup hierarchies goes, whatever it still does."""

import secrets
import signal
import subprocess
import sys
from pathlib import Path

from dev.cluster import cgroups

REPOSITORY = Path(__file__).parents[2]

# as a kubelet does that is about to be killed
BUSY = """
import signal, sys
from pathlib import Path
from dev.cluster import cgroups
group = sys.argv[1]
cgroups.join(group)
print("joined", flush=True)
for number in range(5000):
    (cgroups.mounted()[0].directory / group / str(number)).mkdir()
signal.pause()
"""


def test_groups_that_are_made_while_others_are_removed_go_too() -> None:
    group = f"xkit-test-{secrets.token_hex(3)}"
    command = [sys.executable, "-c", BUSY, group]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"joined\n"
        cgroups.clear(group)
        assert process.wait() == -signal.SIGKILL
    assert not [one for one in cgroups.mounted() if (one.directory / group).exists()]
