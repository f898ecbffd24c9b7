"""The syntax check on the runtime's own Node binary: module kinds, and faults with their line and column."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from xkit_operator.errors import BuildFailed, FunctionSyntaxError
from xkit_operator.image.function import ModuleKind
from xkit_operator.image.runtime import Runtime
from xkit_operator.image.syntax import SyntaxChecker

COMMONJS = "module.exports = async ({ inputs }) => inputs"
MODULE = "import axios from 'axios'\nexport default async ({ inputs }) => inputs"


@pytest.fixture
async def checker() -> AsyncIterator[SyntaxChecker]:
    checker = SyntaxChecker()
    yield checker
    await checker.close()


Check = Callable[..., Awaitable[dict[str, ModuleKind]]]


@pytest.fixture
def check(runtime: Runtime, checker: SyntaxChecker) -> Check:
    """Checks functions, given by their operation, for which module kinds may be `declared`."""

    def check(declared: Mapping[str, ModuleKind] | None = None, **functions: str) -> Awaitable[dict[str, ModuleKind]]:
        return checker.check(functions, runtime.node, runtime.check_script, declared=declared or {})

    return check


async def test_each_function_has_its_own_module_kind(check: Check) -> None:
    assert await check(upsert=COMMONJS, delete=MODULE) == {"upsert": "commonjs", "delete": "module"}


async def test_a_fault_is_named_with_field_line_and_column(check: Check) -> None:
    with pytest.raises(FunctionSyntaxError, match=r"^functions\.upsert: line 3, column 7: .*Unexpected token"):
        await check(upsert="module.exports = async () => {\n  const a = 1\n  a + * 2\n}", delete=MODULE)


async def test_a_declared_kind_is_the_kind(check: Check) -> None:
    plain = "globalThis.answer = 1"
    assert await check(upsert=plain, delete=plain) == {"upsert": "commonjs", "delete": "commonjs"}
    found = await check({"upsert": "module", "delete": "commonjs"}, upsert=plain, delete=plain)
    assert found == {"upsert": "module", "delete": "commonjs"}


async def test_a_wrong_module_type_is_named(check: Check) -> None:
    with pytest.raises(FunctionSyntaxError) as refusal:
        await check({"upsert": "commonjs", "delete": "module"}, upsert=MODULE, delete="return 1")
    upsert, delete = str(refusal.value).split("; ")
    assert upsert.startswith("functions.upsert: line 1, column 1: ")
    assert upsert.endswith("(functions.upsert.moduleType says CommonJS, but the source is ESModule: say that, or Auto)")
    assert delete.endswith("(functions.delete.moduleType says ESModule, but the source is CommonJS: say that, or Auto)")


async def test_a_source_that_is_neither_kind_is_not_blamed_on_its_module_type(check: Check) -> None:
    with pytest.raises(FunctionSyntaxError) as refusal:
        await check({"upsert": "module"}, upsert="let a = ;")
    assert "moduleType" not in str(refusal.value)


async def test_the_faults_of_both_functions_come_in_one_message(check: Check) -> None:
    with pytest.raises(FunctionSyntaxError, match=r"functions\.upsert: .*; functions\.delete: "):
        await check(upsert="}", delete="export default {")


async def test_nothing_of_a_function_is_executed(check: Check, tmp_path: Path) -> None:
    trace = tmp_path / "executed"
    await check(upsert=f"require('fs').writeFileSync({str(trace)!r}, 'x'); module.exports = 1")
    assert not trace.exists()


async def test_a_parser_that_is_not_there_is_the_installations_fault(
    checker: SyntaxChecker, runtime: Runtime, tmp_path: Path
) -> None:
    with pytest.raises(BuildFailed, match="syntax check does not start"):
        await checker.check({"upsert": COMMONJS}, tmp_path / "node", runtime.check_script, declared={})


async def test_a_parser_that_fails_is_quoted(checker: SyntaxChecker, runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "check.js").write_text("throw new Error('out of order')")
    for _ in range(2):
        with pytest.raises(BuildFailed, match=r"ended with code 1: (.|\n)*out of order"):
            await checker.check({"upsert": COMMONJS}, runtime.node, tmp_path / "check.js", declared={})


async def test_many_checks_share_two_processes_and_none_stays(
    check: Check, checker: SyntaxChecker, runtime: Runtime
) -> None:
    faulty = [check(upsert="}") for _ in range(4)]
    found = await asyncio.gather(*(check(upsert=COMMONJS) for _ in range(20)), *faulty, return_exceptions=True)
    assert found[:20] == [{"upsert": "commonjs"}] * 20
    assert {type(one) for one in found[20:]} == {FunctionSyntaxError}
    assert 1 <= len(running(runtime.check_script)) <= 2
    await checker.close()
    assert running(runtime.check_script) == []


async def test_a_check_that_is_given_up_leaves_nothing_for_the_next(check: Check, runtime: Runtime) -> None:
    await check(upsert=COMMONJS)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await check(upsert="}", delete="}")
    assert await check(upsert=COMMONJS, delete=MODULE) == {"upsert": "commonjs", "delete": "module"}


def running(script: Path) -> list[str]:
    """The processes of this machine that run `script`."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # one that has ended since it was listed
            if str(script).encode() in process.read_bytes():
                found.append(process.parent.name)
    return found
