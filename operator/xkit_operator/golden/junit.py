"""Golden tests as JUnit XML, which CI systems show: a suite for each file."""

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree  # only written, never parsed

from xkit_operator.golden.running import Outcome

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(outcomes: Sequence[Outcome], path: Path) -> None:
    """Raises OSError."""
    root = ElementTree.Element("testsuites", name="xkit")
    for file, of_file in groupby(outcomes, key=lambda one: one.test.file):
        cases = list(of_file)
        seconds = sum(one.happened.seconds for one in cases)
        failed = sum(not one.has_passed for one in cases)
        suite = ElementTree.SubElement(
            root, "testsuite", name=str(file), tests=str(len(cases)), failures=str(failed), errors="0",
            time=f"{seconds:.4f}",
        )  # fmt: skip
        for one in cases:
            _case(suite, one)
    ElementTree.indent(root)
    path.write_text(ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n", "utf-8")


def _case(suite: ElementTree.Element, outcome: Outcome) -> None:
    case = ElementTree.SubElement(
        suite, "testcase", name=_text(outcome.test.case.name), classname=outcome.test.file.stem,
        file=str(outcome.test.file), line=str(outcome.test.place.line), time=f"{outcome.happened.seconds:.4f}",
    )  # fmt: skip
    if outcome.differences:
        lines = [f"{one.place}: expected {one.expected}, actual {one.actual}" for one in outcome.differences]
        failure = ElementTree.SubElement(case, "failure", message=_text(lines[0]))
        failure.text = _text("\n".join(lines))
    if outcome.happened.console:
        ElementTree.SubElement(case, "system-out").text = _text("\n".join(outcome.happened.console))


def _text(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
