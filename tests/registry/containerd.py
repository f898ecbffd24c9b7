"""containerd as a judge: it pulls an image and unpacks it, which checks every digest of what is packed and unpacked."""

import subprocess
from pathlib import Path

from tests.programs import program
from tests.waiting import until

SETTINGS = """
version = 2
root = "{folder}/root"
state = "{folder}/state"
disabled_plugins = [
  "io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing",
]
[grpc]
  address = "{folder}/socket"
[plugins."io.containerd.internal.v1.opt"]
  path = "{folder}/opt"
"""


class Containerd:
    """A containerd of its own in `folder`, which must have a short path: a socket is in it. Needs root."""

    def __init__(self, folder: Path) -> None:
        self._program = program("containerd")
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        settings = self._folder / "config.toml"
        settings.write_text(SETTINGS.format(folder=self._folder))
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen([self._program, "--config", settings], stdout=log, stderr=log)
        until("containerd answers", lambda: self._ctr("version").returncode == 0)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def pull(self, reference: str) -> str:
        """Pull and unpack the image over plain HTTP; what containerd then says about its content."""
        pulled = self._ctr("images", "pull", "--plain-http", "--snapshotter", "overlayfs", reference)
        assert pulled.returncode == 0, pulled.stdout + pulled.stderr
        checked = self._ctr("images", "check", "--snapshotter", "overlayfs", f"name=={reference}")
        assert checked.returncode == 0, checked.stderr
        return checked.stdout

    def _ctr(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["ctr", "--address", str(self._folder / "socket"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)
