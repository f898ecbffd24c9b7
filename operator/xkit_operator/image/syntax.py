"""The syntax of the functions, judged by the Node binary that will run them. It parses them; nothing is executed.

The answer also says of each function whether it is CommonJS or an ES module, which its file name in the image must
tell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xkit_operator.errors import FunctionSyntaxError
from xkit_operator.image.function import ModuleKind
from xkit_operator.image.parser import Parser

_MODULE_TYPES: Mapping[ModuleKind, str] = {"commonjs": "CommonJS", "module": "ESModule"}


@dataclass(frozen=True)
class SyntaxFault:
    """Where a function stops to be JavaScript, counted from 1, and what the runtime says of it."""

    operation: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"functions.{self.operation}: line {self.line}, column {self.column}: {self.message}"


@dataclass(frozen=True)
class Parsed:
    """The module kind of each function that parses, by operation, and what keeps the others from it."""

    kinds: Mapping[str, ModuleKind]
    faults: Sequence[SyntaxFault]


class SyntaxChecker:
    """Checks the functions of any runtime. To be closed."""

    def __init__(self) -> None:
        self._parsers: dict[Path, Parser] = {}

    async def check(
        self, functions: Mapping[str, str], node: Path, check_script: Path, *, declared: Mapping[str, ModuleKind]
    ) -> dict[str, ModuleKind]:
        """The module kind of each function, by operation: the one that is `declared` for it, else the one that parses.

        Raises FunctionSyntaxError that names every function at fault with line and column, and BuildFailed when the
        check itself fails.
        """
        parsed = await self.parse(functions, node, check_script, declared=declared)
        if parsed.faults:
            raise FunctionSyntaxError("; ".join(map(str, parsed.faults)))
        return dict(parsed.kinds)

    async def parse(
        self, functions: Mapping[str, str], node: Path, check_script: Path, *, declared: Mapping[str, ModuleKind]
    ) -> Parsed:
        """What `check` finds, faults included. Raises BuildFailed when the check itself fails."""
        asked = {operation: {"source": source} for operation, source in functions.items()}
        for operation, kind in declared.items():
            asked[operation]["kind"] = kind
        answer = await self._parser(node, check_script).ask(asked)
        return Parsed(
            kinds={one: answer[one]["kind"] for one in functions if "kind" in answer[one]},
            faults=[_fault(one, answer[one]["error"]) for one in functions if "error" in answer[one]],
        )

    async def close(self) -> None:
        """End what runs."""
        for parser in self._parsers.values():
            await parser.close()

    def _parser(self, node: Path, check_script: Path) -> Parser:
        if check_script not in self._parsers:
            self._parsers[check_script] = Parser(node, check_script)
        return self._parsers[check_script]


def _fault(operation: str, error: Mapping[str, Any]) -> SyntaxFault:
    message: str = error["message"]
    if "parsesAs" in error:
        other: ModuleKind = error["parsesAs"]
        (said,) = (name for kind, name in _MODULE_TYPES.items() if kind != other)
        place, is_one = f"functions.{operation}.moduleType", _MODULE_TYPES[other]
        message += f" ({place} says {said}, but the source is {is_one}: say that, or Auto)"
    return SyntaxFault(operation, error["line"], error["column"], message)
