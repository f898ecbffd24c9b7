"""The syntax of the functions, judged by the Node binary that will run them. It parses them; nothing is executed.

The answer also says of each function whether it is CommonJS or an ES module, which its file name in the image must
tell.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xkit_operator.errors import FunctionSyntaxError
from xkit_operator.image.function import ModuleKind
from xkit_operator.image.parser import Parser

_MODULE_TYPES: Mapping[ModuleKind, str] = {"commonjs": "CommonJS", "module": "ESModule"}


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
        asked = {operation: {"source": source} for operation, source in functions.items()}
        for operation, kind in declared.items():
            asked[operation]["kind"] = kind
        answer = await self._parser(node, check_script).ask(asked)
        faults = [
            _sentence(operation, answer[operation]["error"]) for operation in functions if "error" in answer[operation]
        ]
        if faults:
            raise FunctionSyntaxError("; ".join(faults))
        return {operation: answer[operation]["kind"] for operation in functions}

    async def close(self) -> None:
        """End what runs."""
        for parser in self._parsers.values():
            await parser.close()

    def _parser(self, node: Path, check_script: Path) -> Parser:
        if check_script not in self._parsers:
            self._parsers[check_script] = Parser(node, check_script)
        return self._parsers[check_script]


def _sentence(operation: str, error: Mapping[str, Any]) -> str:
    place = f"functions.{operation}"
    sentence = f"{place}: line {error['line']}, column {error['column']}: {error['message']}"
    if "parsesAs" not in error:
        return sentence
    other: ModuleKind = error["parsesAs"]
    (said,) = (name for kind, name in _MODULE_TYPES.items() if kind != other)
    return f"{sentence} ({place}.moduleType says {said}, but the source is {_MODULE_TYPES[other]}: say that, or Auto)"
