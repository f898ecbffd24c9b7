"""Writes a small file so that a reader sees the old text or the new one, never a part."""

import os
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Put `text` into `path` in one step."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text)
    temporary.replace(path)
