"""What goes in the moment in which the operator begins to watch comes back within seconds."""

from tests.operator.world import World, destination
from tests.waiting import until


def test_a_child_that_is_deleted_before_the_watch_of_its_kind_begins_is_made_again(world: World) -> None:
    world.apply(destination())
    world.ready()
    world.operator.terminate()
    world.api.passed.clear()
    services = f"/api/v1/namespaces/{world.namespace}/services"
    world.api.stalls = lambda _, path: path == services
    world.operator.start()
    until("the Service is read", lambda: f"{services}/crm" in [one.path for one in world.api.passed])
    world.kubectl("delete", "service", "crm")
    world.api.stalls = lambda *_: False
    until("the Service is back", lambda: world.get("service", "crm"))
