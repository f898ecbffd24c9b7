"""The syntax of all functions of a project, parsed by the Node.js that will run them; nothing of them is executed."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from xkit_operator.image.function import declared_kinds
from xkit_operator.image.syntax import SyntaxChecker
from xkit_operator.local.finding import Finding
from xkit_operator.local.functions import FunctionSource
from xkit_operator.local.shipped import executor_folder


async def syntax_findings(functions: Sequence[FunctionSource], node: Path) -> list[Finding]:
    """A finding for each function that does not parse. Raises BuildFailed when `node` itself fails."""
    checker = SyntaxChecker()
    try:
        found = await asyncio.gather(*(_parse(checker, one, node) for one in functions))
    finally:
        await checker.close()
    return [finding for findings in found for finding in findings]


async def _parse(checker: SyntaxChecker, one: FunctionSource, node: Path) -> list[Finding]:
    declared = declared_kinds({one.operation: one.function.module_type})
    script = executor_folder() / "check.js"
    parsed = await checker.parse({one.operation: one.text}, node, script, declared=declared)
    return [
        Finding(
            one.place(fault.line, fault.column), "FunctionSyntaxError", f"functions.{one.operation}: {fault.message}"
        )
        for fault in parsed.faults
    ]
