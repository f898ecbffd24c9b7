"""The folder that one version runs in, laid out as the two containers of its Pod see it."""

import json
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from xkit_operator.api.runner import CONFIGURATION_KEY
from xkit_operator.image.function import EXTENSIONS
from xkit_operator.running.version import Version


@dataclass(frozen=True)
class Workspace:
    """A folder of its own, readable for its owner alone, since it holds secrets."""

    folder: Path

    @classmethod
    def make(cls, version: Version, packages: Path) -> Self:
        """Write `version` into a fresh folder; `packages` has package.json and node_modules."""
        workspace = cls(Path(tempfile.mkdtemp(prefix="xkit-")))
        for name in ("app/functions", "config", "variables", "tokens"):
            (workspace.folder / name).mkdir(parents=True)
        app = workspace.folder / "app"
        (app / "node_modules").symlink_to(packages / "node_modules")
        shutil.copy(packages / "package.json", app)
        files = {operation: f"{operation}.{EXTENSIONS[version.kinds[operation]]}" for operation in version.functions}
        for operation, file in files.items():
            (app / "functions" / file).write_text(version.functions[operation], "utf-8", newline="")
        manifest = {"version": 1, "functions": {operation: {"file": file} for operation, file in files.items()}}
        (app / "functions" / "manifest.json").write_text(json.dumps(manifest))
        (workspace.folder / "config" / CONFIGURATION_KEY).write_text(version.configuration.to_text())
        for name, text in version.texts.items():
            (workspace.folder / "variables" / name).write_text(text, "utf-8", newline="")
        for number, token in enumerate(version.tokens):
            (workspace.folder / "tokens" / str(number)).write_text(token)
        return workspace

    @property
    def socket(self) -> Path:
        """Where dispatcher and executors meet."""
        return self.folder / "s"  # as short as can be: the path of a socket has 107 bytes at most

    @property
    def functions(self) -> Path:
        return self.folder / "app" / "functions"

    def environment(self, *, memory_bytes: int) -> dict[str, str]:
        """What both processes are told, as in a Pod."""
        return {
            "XKIT_CONFIG_DIR": str(self.folder / "config"),
            "XKIT_VARIABLES_DIR": str(self.folder / "variables"),
            "XKIT_TOKENS_DIR": str(self.folder / "tokens"),
            "XKIT_SOCKET": str(self.socket),
            "XKIT_PORT": "0",
            "XKIT_ADMIN_PORT": "0",
            "XKIT_MEMORY_BYTES": str(memory_bytes),
            "XKIT_FUNCTIONS": str(self.functions),
            "XKIT_TERMINATION_LOG": str(self.folder / "termination-log"),
        }

    def last_words(self) -> str:
        """What the kubelet would show of a function container that has ended."""
        with suppress(OSError):
            return (self.folder / "termination-log").read_text("utf-8")
        return "the function container has ended before it was ready"

    def remove(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.folder, ignore_errors=True)
