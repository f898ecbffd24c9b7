"""Documentation that lists what the code has: exactly that, and nothing else."""

import re
from pathlib import Path
from typing import get_args

from xkit_operator.dispatcher.outcome import VERDICTS
from xkit_operator.dispatcher.records import RecordErrorCode
from xkit_operator.mapping.result import InputErrorCode

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "http.md").read_text()


def test_the_page_lists_each_code_with_its_status_outcome_and_whether_to_try_again() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (\w+) \| (yes|no) \|", PAGE, re.MULTILINE)
    documented = {code: (int(status), outcome, retryable == "yes") for code, status, outcome, retryable in rows}
    assert len(rows) == len(documented)
    assert documented == {
        code.value: (verdict.status, verdict.outcome.value, verdict.retryable) for code, verdict in VERDICTS.items()
    }


def test_the_page_names_every_code_of_an_error_in_a_record() -> None:
    for code in [*get_args(RecordErrorCode), *(code.value for code in InputErrorCode)]:
        assert f"`{code}`" in PAGE
