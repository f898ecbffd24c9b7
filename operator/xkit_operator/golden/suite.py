"""The golden tests of a project: found in its folders `tests`, each with its place, its record and its envelope."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from xkit_operator.api.model import spec_faults
from xkit_operator.dispatcher import json_text
from xkit_operator.golden.case import Case
from xkit_operator.local.document import Document, read_documents
from xkit_operator.local.finding import Finding, Place
from xkit_operator.local.tree import manifest_files

FOLDER = "tests"
_ENVELOPE = ("id", "operation", "source", "connection", "context", "key", "time", "attempt")


@dataclass(frozen=True)
class Test:
    """A case that can be run."""

    file: Path
    document: Document
    index: int
    """Of the case in its file."""
    case: Case
    envelope: dict[str, Any]

    @property
    def place(self) -> Place:
        return self.document.place((self.index,))


def test_files(paths: Iterable[Path]) -> list[Path]:
    """The files that hold golden tests."""
    return [path for path in manifest_files(paths) if path.parent.name == FOLDER]


def project_paths(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Where the project is whose tests `paths` name: a file of tests stands for the project around it."""
    found = (path.parent.parent if path.is_file() and path.parent.name == FOLDER else path for path in paths)
    return tuple(dict.fromkeys(found))


def read_tests(paths: Iterable[Path]) -> tuple[list[Test], list[Finding]]:
    """All tests in the order of their files, and what is wrong with others."""
    tests: list[Test] = []
    findings: list[Finding] = []
    for file in test_files(paths):
        try:
            documents, broken = read_documents(file, file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            findings.append(Finding(Place(file), "Unreadable", str(error)))
            continue
        findings += broken
        for document in documents:
            findings += document.findings
            for one in _cases(file, document):
                (tests if isinstance(one, Test) else findings).append(one)  # type: ignore[arg-type]
    return tests, findings


def _cases(file: Path, document: Document) -> Iterator[Test | Finding]:
    if not isinstance(document.value, list):
        yield Finding(document.place(), "InvalidTest", "golden tests are a list: each begins with `- name: …`")
        return
    for index, value in enumerate(document.value):
        try:
            case = Case.model_validate(value)
        except ValidationError as error:
            for fault in spec_faults(error):
                yield Finding(document.place((index, *fault.field)), "InvalidTest", str(fault))
            continue
        try:
            yield Test(file, document, index, case, _envelope(file, case))
        except ValueError as error:
            yield Finding(document.place((index, "record")), "InvalidTest", str(error))


def _envelope(file: Path, case: Case) -> dict[str, Any]:
    """The whole record as a sender would send it. Raises ValueError."""
    said = case.to_dict()
    own = {name: said[name] for name in _ENVELOPE if name in case.model_fields_set and name in said}
    name = case.record.get("file")
    if len(case.record) == 1 and isinstance(name, str):
        value = _read(file, name)
        if isinstance(value.get("record"), dict) and isinstance(value.get("source"), dict):
            return {"operation": "upsert", **value, **own}
        return {"operation": "upsert", "source": {}, **own, "record": value}
    return {"operation": "upsert", "source": {}, **own, "record": case.record}


def _read(file: Path, name: str) -> dict[str, Any]:
    """A file named from the folder of the project, or from that of the test."""
    places = [file.parent.parent / name, file.parent / name]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise ValueError(f"there is no file {places[0]}")
    try:
        value = json_text.parse(found.read_bytes())
    except ValueError as error:
        raise ValueError(f"{found} is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise ValueError(f"{found} holds no record: that is one object of JSON")
    return value
