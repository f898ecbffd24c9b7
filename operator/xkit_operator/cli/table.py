"""Columns for people: aligned, two spaces apart, as wide as what is in them."""

from collections.abc import Iterable, Sequence

import click


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The lines of a table, as one text. Cells may be styled: colours take no room."""
    lines = [list(heading), *(list(row) for row in rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(heading))]
    return "\n".join("  ".join(map(_padded, line, widths)).rstrip() for line in lines)


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(cell: str) -> int:
    return len(click.unstyle(cell))
