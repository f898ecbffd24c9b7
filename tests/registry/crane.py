"""crane, of Google's registry library: a judge of images that shares no code with us."""

import subprocess

from tests.gotool import go_tool


def crane(*arguments: str) -> str:
    """What crane says on its standard output and error."""
    program = go_tool("crane", "github.com/google/go-containerregistry/cmd/crane")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
