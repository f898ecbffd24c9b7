"""Why a file is no YAML, in words that help who wrote it: the parser's own speak of tokens and contexts."""

from collections.abc import Sequence
from pathlib import Path

import yaml

from xkit_operator.local.finding import Finding, Place

CODE = "InvalidYaml"
_TEMPLATE = "looks like a template: render it first, such as with `helm template … | xkit check -`"


def unreadable(path: Path, error: yaml.YAMLError, lines: Sequence[str]) -> Finding:
    """The finding about the first place where a text stops to be YAML."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return Finding(Place(path), CODE, f"is no YAML: {str(error).splitlines()[0]}")
    line = lines[mark.line] if mark.line < len(lines) else ""
    return Finding(Place(path, mark.line + 1, mark.column + 1), CODE, _reason(error, line, mark.column))


def _reason(error: yaml.YAMLError, line: str, column: int) -> str:
    if "\t" in line[: column + 1]:
        return "a tab cannot indent YAML: use spaces"
    if "{{" in line:
        return _TEMPLATE
    if line[column : column + 1] in ("`", "@", "%"):
        return f"a text cannot begin with {line[column]}: put it into quotes"
    problem = getattr(error, "problem", None) or "is no YAML"
    if problem.startswith("mapping values are not allowed"):
        return (
            "a second `name: value` in one line, or a text with a colon: put the text into quotes, or mend the indent"
        )
    context = getattr(error, "context", None)
    return f"{problem} ({context})" if context else str(problem)
