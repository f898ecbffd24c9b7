"""The syntax of the functions, judged by the Node binary that will run them. It parses them; nothing is executed.

The answer also says of each function whether it is CommonJS or an ES module, which its file name in the image must
tell.
"""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xkit_operator.errors import BuildFailed, FunctionSyntaxError
from xkit_operator.image.function import ModuleKind

TIMEOUT_SECONDS = 30.0
_MODULE_TYPES: Mapping[ModuleKind, str] = {"commonjs": "CommonJS", "module": "ESModule"}


async def check_syntax(
    functions: Mapping[str, str], node: Path, check_script: Path, *, declared: Mapping[str, ModuleKind]
) -> dict[str, ModuleKind]:
    """The module kind of each function, by operation: the one that is `declared` for it, else the one that parses.

    Raises FunctionSyntaxError that names every function at fault with line and column, and BuildFailed when the check
    itself fails.
    """
    asked = {operation: {"source": source} for operation, source in functions.items()}
    for operation, kind in declared.items():
        asked[operation]["kind"] = kind
    answer = await _ask(node, check_script, json.dumps(asked).encode())
    faults = [
        _sentence(operation, answer[operation]["error"]) for operation in functions if "error" in answer[operation]
    ]
    if faults:
        raise FunctionSyntaxError("; ".join(faults))
    return {operation: answer[operation]["kind"] for operation in functions}


def _sentence(operation: str, error: Mapping[str, Any]) -> str:
    place = f"functions.{operation}"
    sentence = f"{place}.source: line {error['line']}, column {error['column']}: {error['message']}"
    if "parsesAs" not in error:
        return sentence
    other: ModuleKind = error["parsesAs"]
    (said,) = (name for kind, name in _MODULE_TYPES.items() if kind != other)
    return f"{sentence} ({place}.moduleType says {said}, but the source is {_MODULE_TYPES[other]}: say that, or Auto)"


async def _ask(node: Path, check_script: Path, question: bytes) -> dict[str, Any]:
    try:
        process = await asyncio.create_subprocess_exec(
            node,
            check_script,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={},
        )
    except OSError as error:
        raise BuildFailed(
            f"the runtime's syntax check does not start ({error}): build the operator's image again"
        ) from error
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            answer, complaint = await process.communicate(question)
    except TimeoutError as error:
        raise BuildFailed(f"the runtime's syntax check gave no answer in {TIMEOUT_SECONDS:.0f} s") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        words = complaint.decode(errors="replace").strip()[:500]
        raise BuildFailed(f"the runtime's syntax check ended with code {process.returncode}: {words}")
    return dict(json.loads(answer))
