"""What the pages of the documentation show in YAML, for tests that hold them to it."""

import re
from pathlib import Path
from typing import Any

import yaml

HOW_TO = Path(__file__).parents[1] / "docs" / "how-to"


def pieces(page: Path) -> list[dict[str, Any]]:
    """The pieces of a spec."""
    return [shown for shown in _blocks(page) if "kind" not in shown]


def manifests(page: Path) -> dict[str, dict[str, Any]]:
    """The whole objects, by name."""
    return {shown["metadata"]["name"]: shown for shown in _blocks(page) if "kind" in shown}


def _blocks(page: Path) -> list[dict[str, Any]]:
    found = re.findall(r"```yaml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    return [yaml.safe_load(block) for block in found]
