"""Every status that the operator can write, by the functions that it writes them with.

More than every one: a step may have any reason here, also those that only other steps give. The product of all facts
is taken over a few reasons, the reasons themselves one step at a time.
"""

import json
from collections.abc import Iterator
from itertools import chain, product
from typing import Any

from tests.unit.reconcile.test_sourcemapping import mapping, serving
from tests.unit.reconcile.test_status import live, seen
from xkit_operator.api.conditions import Reason
from xkit_operator.api.destination import DestinationStatus
from xkit_operator.api.outlook import OUTLOOK, Outlook
from xkit_operator.api.sourcemapping import SourceMappingStatus
from xkit_operator.reconcile.mappings.selection import Verdict
from xkit_operator.reconcile.reporting.problem import Problem
from xkit_operator.reconcile.reporting.status import destination_status
from xkit_operator.reconcile.sourcemapping import judged, refused, undecided

NOW = "2026-01-01T00:00:00Z"
REBASES = {
    *(Reason.REBASE_WAITING, Reason.REBASE_STOPPED, Reason.REBASING, Reason.REBASED, Reason.REBASE_FAILED),
}
PROBLEMS = [Problem(reason, "a message") for reason in Reason if OUTLOOK[reason] not in (Outlook.GOOD, Outlook.NEVER)]
MOVING, STUCK = Problem(Reason.REGISTRY_UNREACHABLE, "no answer"), Problem(Reason.CRASH_LOOP, "ended with code 1")

DEPLOYMENTS = [None, live(), live(wanted=3, ready=2), live(ready=0), live(wanted=0, ready=0)]
STEPS = ("accepted", "built", "applied")


def destinations() -> Iterator[DestinationStatus]:
    """Each status of a Destination, also after one that was Stalled, and one that was Reconciling."""
    first = DestinationStatus()
    befores = [first, *(destination_status(first, seen(built=one), NOW) for one in (STUCK, MOVING))]
    for before, facts in product(befores, chain(_products(), _reasons())):
        yield destination_status(before, seen(**facts), NOW)


def _products() -> Iterator[dict[str, Any]]:
    steps: list[dict[str, Any]] = [{}, *({step: one} for step in STEPS for one in (MOVING, STUCK)), {"paused": True}]
    rebases = [None, *(Problem(reason, "a runtime") for reason in sorted(REBASES))]
    for step, deployment, trouble, rebase in product(steps, DEPLOYMENTS, (None, MOVING, STUCK), rebases):
        yield {**step, "deployment": deployment, "trouble": trouble, "rebase": rebase}


def _reasons() -> Iterator[dict[str, Any]]:
    for problem, deployment in product(PROBLEMS, DEPLOYMENTS):
        for awaited in (False, True):
            facts = {"deployment": deployment, "awaited": awaited}
            yield from ({step: problem} | facts for step in STEPS)
            yield from ({"trouble": problem, "paused": paused} | facts for paused in (False, True))


def mappings() -> Iterator[SourceMappingStatus]:
    """Each status of a SourceMapping, also after one that served, and one that was Stalled."""
    one, first = mapping(), SourceMappingStatus()
    accepted = Verdict(mapping=one, problem=None)
    waits = (Problem(Reason.PENDING, "waits"), Problem(Reason.PAUSED, "its Destination is paused"))
    runners = (None, serving(), serving(one), serving(one, everywhere=False))
    served = judged(first, accepted, serving(one), waits[0], NOW)
    for before in (first, served, refused(first, 1, STUCK, NOW)):
        yield undecided(before, 1, NOW)
        yield from (judged(before, accepted, runner, wait, NOW) for runner, wait in product(runners, waits))
        for problem in PROBLEMS:
            yield from (refused(before, 1, problem, NOW, awaited=awaited) for awaited in (False, True))
            yield judged(before, Verdict(mapping=one, problem=problem), serving(), waits[0], NOW)


def obj(kind: str, status: dict[str, Any], generation: int = 1) -> dict[str, Any]:
    """An object of ours as the API server gives it."""
    metadata = {"name": "crm", "namespace": "team-a", "generation": generation}
    return {"apiVersion": "xkit.dev/v1alpha1", "kind": kind, "metadata": metadata, "status": status}


def everything() -> list[dict[str, Any]]:
    """All of them as objects, each once."""
    objects = [obj("Destination", status.to_dict()) for status in destinations()]
    objects += [obj("SourceMapping", status.to_dict()) for status in mappings()]
    return list({json.dumps(one, sort_keys=True): one for one in objects}.values())
