"""Events tell of what the page says, of nothing else, and of each reason of Ready but one."""

import re
from pathlib import Path

from xkit_operator.api.conditions import Reason
from xkit_operator.api.outlook import OUTLOOK, Outlook
from xkit_operator.reconcile.reporting.happenings import HAPPENINGS, READY

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "events.md").read_text(encoding="utf-8")


def test_the_page_lists_exactly_what_events_tell_of() -> None:
    rows = re.findall(r"^\| (Normal|Warning) \| `(\w+)` \| (.+?) \|", PAGE, re.MULTILINE)
    named = [(kind, action, reason) for kind, action, words in rows for reason in re.findall(r"`(\w+)`", words)]
    others = [(kind, action) for kind, action, words in rows if words.startswith("every other reason of")]
    assert others == [("Warning", "Reconcile")]
    documented = {row for row in named if row[2] != "Ready" or row[0] == "Normal"}
    of_ready = {reason for _, action, reason in documented if action == "Reconcile"}
    documented |= {("Warning", "Reconcile", reason.value) for reason in READY if reason not in of_ready}
    assert documented == {(one.type, one.action, str(one.reason)) for one in HAPPENINGS}


def test_whatever_ready_can_say_can_be_told_but_that_something_waits() -> None:
    assert READY.keys() == {reason for reason in Reason if OUTLOOK[reason] is not Outlook.NEVER} - {Reason.PENDING}
