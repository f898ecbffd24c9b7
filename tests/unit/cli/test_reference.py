"""docs/reference/cli.md is what the commands say, and lists every code of a finding."""

import ast
import re
from pathlib import Path

import xkit_operator
from xkit_operator.cli import main
from xkit_operator.cli.reference import reference
from xkit_operator.mapping.fit import FitCode

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "cli.md"
LOCAL = Path(xkit_operator.__file__).parent / "local"


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text("utf-8") == reference(), "run `make reference`"


def test_the_page_has_a_section_for_each_command() -> None:
    assert re.findall(r"^## xkit (\w+)$", PAGE.read_text("utf-8"), re.MULTILINE) == list(main.summaries)


def test_the_page_explains_exactly_the_codes_that_findings_have() -> None:
    rows = re.findall(r"^\| (`.*?) \| (?:error|warning|note) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    explained = {code for row in rows for code in re.findall(r"`(\w+)`", row)}
    written = {
        text for file in LOCAL.rglob("*.py") for text in _texts(file) if re.fullmatch(r"([A-Z][a-z]+){2,}", text)
    }
    of_errors = {"SecretKeyNotFound", "ConfigMapKeyNotFound", "NodeNotFound"}  # a text put together; codes of errors
    no_codes = {"SourceMapping", "ConfigMap", "KeyNotFound"}
    assert explained - {"Unreadable"} == (written - no_codes) | of_errors | {code.value for code in FitCode}


def _texts(file: Path) -> set[str]:
    tree = ast.parse(file.read_text("utf-8"))
    return {one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
