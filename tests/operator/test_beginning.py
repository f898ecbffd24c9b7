"""What goes in the moment in which the operator begins to watch comes back within seconds."""

import pytest

from tests.operator.world import World, destination
from tests.waiting import until


@pytest.mark.parametrize(("kind", "group"), [("service", "api/v1"), ("deployment", "apis/apps/v1")])
def test_a_child_that_is_deleted_before_the_watch_of_its_kind_begins_is_made_again(
    world: World, kind: str, group: str
) -> None:
    world.apply(destination())
    world.ready()
    world.operator.terminate()
    world.api.passed.clear()
    kinds = f"/{group}/namespaces/{world.namespace}/{kind}s"
    world.api.stalls = lambda _, path: path == kinds
    world.operator.start()
    until("it is read", lambda: f"{kinds}/crm" in [one.path for one in world.api.passed])
    world.kubectl("delete", kind, "crm")
    world.api.stalls = lambda *_: False
    until("it is back", lambda: world.get(kind, "crm"))
