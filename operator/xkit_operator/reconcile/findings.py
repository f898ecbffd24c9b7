"""What a pass over a Destination came to, in the terms of its status.

Pure. `destination.py` asks, between the steps and the report.
"""

from xkit_operator.api.destination import DestinationStatus
from xkit_operator.api.outlook import OUTLOOK, Outlook
from xkit_operator.errors import XkitError
from xkit_operator.objects.deployment import rolled_out
from xkit_operator.reconcile.provisioning.provision import rebase_goes_on
from xkit_operator.reconcile.reporting.problem import Problem
from xkit_operator.reconcile.steps import Pass


def rebase_of(before: DestinationStatus, done: Pass, trouble: Problem | None) -> Problem | None:
    """What Built has to say beyond that the image is there."""
    made = done.provision
    if made is None or made.rebase is not None:
        return made.rebase if made else None
    if done.error is None and done.deployment is not None and rolled_out(done.deployment):
        return None
    stuck = trouble if trouble is not None and OUTLOOK[trouble.reason] is not Outlook.MOVING else None
    return rebase_goes_on(before, made.source_hash, stuck)


def problem_of(error: XkitError | None) -> Problem | None:
    """How the status tells of an error, if there is one."""
    return Problem.of(error) if error else None
