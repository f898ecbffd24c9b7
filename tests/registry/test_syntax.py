"""The syntax check on the runtime's own Node binary: module kinds, and faults with their line and column."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from xkit_operator.errors import BuildFailed, FunctionSyntaxError
from xkit_operator.image.function import ModuleKind
from xkit_operator.image.runtime import Runtime
from xkit_operator.image.syntax import check_syntax

COMMONJS = "module.exports = async ({ inputs }) => inputs"
MODULE = "import axios from 'axios'\nexport default async ({ inputs }) => inputs"


async def check(runtime: Runtime, declared: Mapping[str, ModuleKind] | None = None, **functions: str) -> dict[str, str]:
    return {**await check_syntax(functions, runtime.node, runtime.check_script, declared=declared or {})}


async def test_each_function_has_its_own_module_kind(runtime: Runtime) -> None:
    assert await check(runtime, upsert=COMMONJS, delete=MODULE) == {"upsert": "commonjs", "delete": "module"}


async def test_a_fault_is_named_with_field_line_and_column(runtime: Runtime) -> None:
    with pytest.raises(FunctionSyntaxError, match=r"^functions\.upsert\.source: line 3, column 7: .*Unexpected token"):
        await check(runtime, upsert="module.exports = async () => {\n  const a = 1\n  a + * 2\n}", delete=MODULE)


async def test_a_declared_kind_is_the_kind(runtime: Runtime) -> None:
    plain = "globalThis.answer = 1"
    assert await check(runtime, upsert=plain, delete=plain) == {"upsert": "commonjs", "delete": "commonjs"}
    found = await check(runtime, {"upsert": "module", "delete": "commonjs"}, upsert=plain, delete=plain)
    assert found == {"upsert": "module", "delete": "commonjs"}


async def test_a_wrong_module_type_is_named(runtime: Runtime) -> None:
    with pytest.raises(FunctionSyntaxError) as refusal:
        await check(runtime, {"upsert": "commonjs", "delete": "module"}, upsert=MODULE, delete="return 1")
    upsert, delete = str(refusal.value).split("; ")
    assert upsert.startswith("functions.upsert.source: line 1, column 1: ")
    assert upsert.endswith("(functions.upsert.moduleType says CommonJS, but the source is ESModule: say that, or Auto)")
    assert delete.endswith("(functions.delete.moduleType says ESModule, but the source is CommonJS: say that, or Auto)")


async def test_a_source_that_is_neither_kind_is_not_blamed_on_its_module_type(runtime: Runtime) -> None:
    with pytest.raises(FunctionSyntaxError) as refusal:
        await check(runtime, {"upsert": "module"}, upsert="let a = ;")
    assert "moduleType" not in str(refusal.value)


async def test_the_faults_of_both_functions_come_in_one_message(runtime: Runtime) -> None:
    with pytest.raises(FunctionSyntaxError, match=r"functions\.upsert\.source: .*; functions\.delete\.source: "):
        await check(runtime, upsert="}", delete="export default {")


async def test_nothing_of_a_function_is_executed(runtime: Runtime, tmp_path: Path) -> None:
    trace = tmp_path / "executed"
    await check(runtime, upsert=f"require('fs').writeFileSync({str(trace)!r}, 'x'); module.exports = 1")
    assert not trace.exists()


async def test_a_parser_that_is_not_there_is_the_installations_fault(runtime: Runtime, tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="syntax check does not start"):
        await check_syntax({"upsert": COMMONJS}, tmp_path / "node", runtime.check_script, declared={})


async def test_a_parser_that_fails_is_quoted(runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "check.js").write_text("throw new Error('out of order')")
    with pytest.raises(BuildFailed, match=r"ended with code 1: (.|\n)*out of order"):
        await check_syntax({"upsert": COMMONJS}, runtime.node, tmp_path / "check.js", declared={})
