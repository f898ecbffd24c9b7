"""docs/how-to/troubleshoot.md: whatever it names in capitals is a condition, a reason or a code that there is."""

import re
from pathlib import Path

from xkit_operator.api.conditions import ConditionType, Reason
from xkit_operator.dispatcher.outcomes.outcome import Code

PAGE = (Path(__file__).parents[3] / "docs" / "how-to" / "troubleshoot.md").read_text("utf-8")


def test_each_condition_reason_and_code_that_it_names_exists() -> None:
    named = set(re.findall(r"[`\[]([A-Z][a-z]+(?:[A-Z][a-z]+)*)[`\]]", PAGE)) - {"Retry"}
    known = {one.value for kind in (ConditionType, Reason, Code) for one in kind}
    assert named
    assert named <= known
