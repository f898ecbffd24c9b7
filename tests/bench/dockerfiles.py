"""Build contexts with the content of our images, file by file: what others build from a Dockerfile."""

import json
from pathlib import Path

from xkit_operator.image.layer import unpack
from xkit_operator.image.manifest import NONROOT, Image, Process


def on_a_ready_base(image: Image, base: str, folder: Path) -> Path:
    """The functions of `image`, copied onto `base`."""
    unpack(image.layers[-1:], folder)
    return _write(folder, [f"FROM {base}", "COPY app /app"])


def from_nothing(image: Image, process: Process, folder: Path) -> Path:
    """Every layer of `image`, unpacked: root file system, Node, packages, executor, functions."""
    names = [f"layer{number}" for number in range(len(image.layers))]
    for name, layer in zip(names, image.layers, strict=True):
        unpack([layer], folder / name)
    return _write(
        folder,
        [
            "FROM scratch",
            *(f"COPY {name} /" for name in names),
            *(f"ENV {name}={json.dumps(value)}" for name, value in process.environment.items()),
            f"USER {NONROOT}",
            "WORKDIR /app",
            f"ENTRYPOINT {json.dumps(list(process.entrypoint))}",
        ],
    )


def _write(folder: Path, dockerfile: list[str]) -> Path:
    (folder / "Dockerfile").write_text("\n".join(dockerfile) + "\n")
    return folder
