"""What was read and is gone before a watch has told of it is looked at again, when the watches tell of nothing more."""

import asyncio

import pytest

from xkit_operator.app.beginning import look_again
from xkit_operator.kube.copies import Copies
from xkit_operator.kube.versions import Versions
from xkit_operator.reconcile.key import Key

pytestmark = pytest.mark.looptime


async def test_what_the_watches_have_not_told_of_in_the_end_is_queued_and_nothing_else() -> None:
    versions, copies, queued = Versions(), Copies(), list[Key]()
    kinds = ("Service", "Destination", "SourceMapping", "Deployment")
    for kind in kinds:
        for name in ("crm", "erp"):
            versions.saw(kind, {"metadata": {"namespace": "team-a", "name": name, "resourceVersion": "7"}})
    looking = asyncio.create_task(look_again(versions, copies, queued.append))
    for kind in kinds:  # lists that take their time
        await asyncio.sleep(9)
        versions.is_news((kind, "team-a", "erp"), "7")
    assert queued == []
    await asyncio.sleep(20)
    assert set(queued) == {Key("Destination", "team-a", "crm"), Key("SourceMapping", "team-a", "crm")}
    assert looking.done()
