"""One look at a project by its golden tests: read, run, tell; again whenever a file changes, if that is wanted."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from xkit_operator.errors import InvalidProject
from xkit_operator.golden.junit import write_junit
from xkit_operator.golden.report import details, facts, line, summary
from xkit_operator.golden.running import Benches, Outcome, run_tests
from xkit_operator.golden.suite import FOLDER, Test, project_paths, read_tests
from xkit_operator.golden.texts import test_texts
from xkit_operator.golden.update import update
from xkit_operator.image.syntax import SyntaxChecker
from xkit_operator.running.version import Broken, Choice, read_version
from xkit_operator.running.watch import SECONDS, Snapshot, snapshot


@dataclass(frozen=True)
class Wish:
    """What is to be run, and where it is told."""

    paths: tuple[Path, ...]
    destination: str | None
    benches: Benches
    keyword: str | None = None
    junit: Path | None = None
    is_update: bool = False
    as_json: bool = False


Write = Callable[[str], None]


async def run_once(wish: Wish, checker: SyntaxChecker, write: Write) -> bool:
    """Whether all tests passed. Raises Broken for what is wrong in files, XkitError, OSError and NotUpdatable."""
    since = time.monotonic()
    tests, findings = read_tests(wish.paths)
    if findings:
        raise Broken(findings)
    chosen = [test for test in tests if _is_meant(test, wish.keyword)]
    if not chosen:
        raise InvalidProject(f"no golden test is meant: {len(tests)} are there, in the folders {FOLDER} of the project")
    choice = Choice(project_paths(wish.paths), wish.destination, {})
    version = await read_version(choice, wish.benches.node, checker, test_texts)
    on_outcome = _nothing if wish.as_json else lambda outcome: write(line(outcome))
    outcomes = await run_tests(chosen, version, wish.benches, on_outcome=on_outcome)
    if wish.junit is not None:
        write_junit(outcomes, wish.junit)
    if wish.is_update:
        for file in update(outcomes):
            write(f"{file}: expectations written")
        return True
    _tell(outcomes, wish, write, seconds=time.monotonic() - since, left_out=len(tests) - len(chosen))
    return all(outcome.has_passed for outcome in outcomes)


async def changed(wish: Wish, seen: Snapshot) -> Snapshot:
    """Wait until the files of the project are others than those `seen`."""
    while True:
        await asyncio.sleep(SECONDS)
        if (now := look(wish)) != seen:
            return now


def look(wish: Wish) -> Snapshot:
    """The manifests, functions, tests and samples as they are now."""
    folders = [path if path.is_dir() else path.parent for path in project_paths(wish.paths)]
    samples = [file for folder in folders for file in folder.rglob("*.json") if "node_modules" not in file.parts]
    return snapshot(project_paths(wish.paths), more=samples)


def _tell(outcomes: list[Outcome], wish: Wish, write: Write, *, seconds: float, left_out: int) -> None:
    if wish.as_json:
        write(json.dumps([facts(outcome) for outcome in outcomes], indent=2, ensure_ascii=False))
        return
    for outcome in outcomes:
        if not outcome.has_passed:
            write("\n" + "\n".join(details(outcome)))
    write("\n" + summary(outcomes, seconds=seconds, left_out=left_out))


def _is_meant(test: Test, keyword: str | None) -> bool:
    return keyword is None or keyword.lower() in f"{test.file}: {test.case.name}".lower()


def _nothing(_outcome: Outcome) -> None:
    """Machines are told at the end."""
