"""The executor's layer: plain JavaScript as it stands in the source tree, and its licence."""

from pathlib import Path

from xkit_operator.image.build.cache import LayerCache
from xkit_operator.image.layer import Layer


def executor_layer(cache: LayerCache, folder: Path, licence: Path) -> Layer:
    """The layer with the *.js of `folder`, not those in folders below it, at /app/executor."""
    content = {path.name: path.read_text("utf-8") for path in [*folder.glob("*.js"), licence]}

    def fill(root: Path) -> None:
        target = root / "app" / "executor"
        target.mkdir(parents=True)
        for name, text in content.items():
            (target / name).write_text(text, "utf-8")

    return cache.layer("executor", content, fill)
