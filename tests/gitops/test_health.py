"""What Argo CD and kstatus make of every status that the operator can write: what docs/reference/conditions.md says."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.gitops.judges import judge
from tests.gitops.statuses import MOVING, NOW, STUCK, everything, obj
from tests.unit.reconcile.test_status import live, seen
from xkit_operator.api.conditions import Reason
from xkit_operator.api.destination import DestinationStatus
from xkit_operator.api.outlook import OUTLOOK, Outlook
from xkit_operator.reconcile.reporting.problem import Problem
from xkit_operator.reconcile.reporting.status import destination_status

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "conditions.md").read_text(encoding="utf-8")
ABSENT = Problem(Reason.SECRET_NOT_FOUND, "Secret crm-api")
Row = tuple[str, tuple[str, str]]
"""What Ready says, and the words of Argo CD and of kstatus."""


def documented() -> dict[str, set[Row]]:
    """The page's rows for each reason of Ready."""
    lines = re.findall(r"^\| (.+) \| `(\w+)`(?: or `Unknown`)? \| (\w+) \| (\w+) \|$", PAGE, re.MULTILINE)
    rows: dict[str, set[Row]] = defaultdict(set)
    named: list[str] = []
    for words, said, argo, kstatus in lines:
        named = re.findall(r"`(\w+)`", words) or named  # "the same" are those of the line before
        for reason in named:
            rows[reason].add((said, (argo, kstatus)))
    return rows


def ready(one: dict[str, Any]) -> dict[str, Any]:
    """The condition Ready of an object."""
    found: dict[str, Any] = next(said for said in one["status"]["conditions"] if said["type"] == "Ready")
    return found


def test_the_page_names_each_reason_of_ready_once() -> None:
    page = documented()
    assert page.keys() == {reason for reason in Reason if OUTLOOK[reason] is not Outlook.NEVER}
    later = {reason for reason, rows in page.items() if len(rows) > 1}
    assert later == {reason for reason in Reason if OUTLOOK[reason] is Outlook.AWAITED}


def test_every_status_is_seen_as_the_page_says() -> None:
    objects, page = everything(), documented()
    seen_as = defaultdict(set)
    for one, verdict in zip(objects, judge(objects), strict=True):
        said = ready(one)
        status = "False" if said["status"] == "Unknown" else said["status"]
        seen_as[said["reason"]].add((status, verdict.words))
    assert dict(seen_as) == page


def test_a_status_of_an_older_spec_is_no_answer() -> None:
    objects = [one | {"metadata": one["metadata"] | {"generation": 2}} for one in everything()]
    assert {verdict.words for verdict in judge(objects)} == {("Progressing", "InProgress")}


@pytest.mark.parametrize("kind", ["Destination", "SourceMapping"])
def test_what_the_operator_has_not_seen_yet_is_on_its_way(kind: str) -> None:
    (verdict,) = judge([obj(kind, {"observedGeneration": -1})])
    assert verdict.words == ("Progressing", "InProgress")


@pytest.mark.parametrize(
    ("facts", "argocd", "kstatus"),
    [
        pytest.param({}, "Healthy", "Current", id="serving"),
        pytest.param({"deployment": live(wanted=0, ready=0)}, "Healthy", "Current", id="scaled to zero"),
        pytest.param({"rebase": Problem(Reason.REBASE_WAITING, "")}, "Healthy", "Current", id="rebase waits"),
        pytest.param({"rebase": Problem(Reason.REBASE_STOPPED, "")}, "Healthy", "Current", id="rebase stopped"),
        pytest.param({"paused": True}, "Healthy", "Current", id="paused"),
        pytest.param({"paused": True, "deployment": None}, "Healthy", "Current", id="paused from the start"),
        pytest.param(
            {"paused": True, "deployment": live(ready=0), "trouble": STUCK}, "Degraded", "Failed", id="paused, crashing"
        ),
        pytest.param({"deployment": live(wanted=3, ready=2)}, "Progressing", "InProgress", id="rolling out"),
        pytest.param({"built": MOVING, "deployment": None}, "Progressing", "InProgress", id="no registry"),
        pytest.param({"accepted": ABSENT, "awaited": True}, "Progressing", "InProgress", id="what it needs may come"),
        pytest.param({"accepted": ABSENT}, "Degraded", "Failed", id="what it needs does not come"),
        pytest.param({"accepted": STUCK}, "Degraded", "Failed", id="refused, the version before serves"),
        pytest.param({"deployment": live(ready=0), "trouble": STUCK}, "Degraded", "Failed", id="crashing"),
    ],
)
def test_nobody_waits_for_what_is_as_wanted_or_for_what_needs_a_hand(
    facts: dict[str, Any], argocd: str, kstatus: str
) -> None:
    status = destination_status(DestinationStatus(), seen(**facts), NOW).to_dict()
    (verdict,) = judge([obj("Destination", status)])
    assert verdict.words == (argocd, kstatus)


def test_argo_cd_shows_the_reason_with_its_message() -> None:
    status = destination_status(DestinationStatus(), seen(accepted=STUCK), NOW).to_dict()
    (verdict,) = judge([obj("Destination", status)])
    assert verdict.message == "CrashLoop: ended with code 1"
