"""Findings as SARIF 2.1.0, which code hosts show beside the lines that they are about."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xkit_operator import __version__
from xkit_operator.local.finding import Finding


def sarif(findings: Sequence[Finding]) -> dict[str, Any]:
    """One run with all `findings`; paths are relative to the current folder where they can be."""
    rules = sorted({one.code for one in findings})
    driver = {"name": "xkit", "version": __version__, "rules": [{"id": code} for code in rules]}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": [_result(one) for one in findings]}],
    }


def _result(finding: Finding) -> dict[str, Any]:
    place = finding.place
    region = {"startLine": place.line, "startColumn": place.column}
    location = {"artifactLocation": {"uri": _uri(place.path)}, "region": region}
    return {
        "ruleId": finding.code,
        "level": finding.level.value,
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": location}],
    }


def _uri(path: Path) -> str:
    if not path.is_absolute():
        return path.as_posix()
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_uri()
