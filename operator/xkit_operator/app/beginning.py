"""What goes while the watches begin: read by the first reconcile, deleted before the watch of its kind has listed it.

No event tells of that. Runs beside the watches, once: what they have not told of by the time they tell of nothing more
is looked at again.
"""

import asyncio
from collections.abc import Callable

from xkit_operator.kube.copies import Copies
from xkit_operator.kube.versions import Versions
from xkit_operator.reconcile.key import Key

_PAUSE = 10.0  # seconds in which the watches tell of something, as long as they are still listing


async def look_again(versions: Versions, copies: Copies, enqueue: Callable[[Key], None]) -> None:
    """Call `enqueue` with the keys of what is lost."""
    before, now = -1, versions.unheard
    while now != before:
        await asyncio.sleep(_PAUSE)
        before, now = now, versions.unheard
    for kind, namespace, name in versions.lost():
        copies.drop((kind, namespace, name))  # the Deployment has the name of its Destination
        enqueue(Key("SourceMapping" if kind == "SourceMapping" else "Destination", namespace, name))
