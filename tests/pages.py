"""Pages of the documentation, played as a reader would: files are written, commands typed, and what is shown appears.

A fenced block is a file when its first line is `# file: NAME`; `sh` is typed into one shell, with the repository's
examples and chart at hand; `text` after it must be in what the commands printed, line by line, whatever the spaces.
A comment `<!-- not run here: WHY -->` before a block leaves it out.
"""

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SECONDS = 600.0  # for all commands of a page

_BLOCK = re.compile(
    r"(?P<mark><!-- not run here: [^>]+ -->\n+)?^```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
_FILE = re.compile(r"# file: (?P<name>[\w.-]+)\n")
_BREAK = "-- the next block --"
_LOGS = re.compile(r"^(?=kubectl (.* )?logs )", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page; `left_out` when the page says why it is not run."""

    language: str
    text: str
    left_out: bool


def blocks(page: Path) -> list[Block]:
    """In their order."""
    found = _BLOCK.finditer(page.read_text("utf-8"))
    return [Block(one["language"], one["text"], one["mark"] is not None) for one in found]


def commands(page: Path, heading: str) -> list[str]:
    """The `sh` blocks below a heading of the second level, in their order."""
    sections = re.split(r"^## ", page.read_text("utf-8"), flags=re.MULTILINE)
    (section,) = [one for one in sections if one.startswith(f"{heading}\n")]
    return [one["text"] for one in _BLOCK.finditer(section) if one["language"] == "sh" and one["mark"] is None]


def play(page: Path, folder: Path, environment: Mapping[str, str], *, seconds: float = SECONDS) -> list[str]:
    """Follow `page` in `folder`; the lines that were promised and did not appear. Raises when a command fails."""
    for name in ("examples", "helm"):
        (folder / name).symlink_to(ROOT / name)
    told = [block for block in blocks(page) if not block.left_out]
    script = "".join(_typed(block, folder) for block in told)
    output = folder / ".output"
    with output.open("w") as printed:
        shell = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=folder,
            env={**os.environ, **environment},
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = shell.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)  # what it left in the background, too
            shell.wait()
    text = output.read_text()
    assert code == 0, f"ended with {code}:\n{text}"
    return list(_missing(told, text.split(_BREAK)[1:]))


def _typed(block: Block, folder: Path) -> str:
    """What the shell gets for it: a file is there from the moment at which the page shows it."""
    named = _FILE.match(block.text)
    if named:
        source = folder / f".{named['name']}"
        source.write_text(block.text[named.end() :])
        return f"cp .{named['name']} {named['name']}\n"
    if block.language != "sh":
        return ""
    # a log has a line some time after it was written: a reader is slower than that
    return f"echo; echo '{_BREAK}'\n{_LOGS.sub('sleep 2; ', block.text)}"


def _missing(told: list[Block], printed: list[str]) -> Iterator[str]:
    output = iter(printed)
    last = ""
    for block in told:
        if block.language == "sh":
            last = _squeezed(next(output))
        elif block.language == "text":
            yield from (line for line in block.text.splitlines() if _squeezed(line) not in last)


def _squeezed(text: str) -> str:
    return " ".join(text.split())
