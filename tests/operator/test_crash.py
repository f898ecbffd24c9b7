"""kill -9 at any moment: the next process converges."""

from collections.abc import Callable

from tests.operator.kills import killed_after_each_write
from tests.operator.process import QUICKLY
from tests.operator.world import World, destination, mapping
from tests.waiting import until

MANY = 40


def test_a_process_killed_after_each_of_its_writes_still_brings_everything_about(world: World) -> None:
    killed = killed_after_each_write(
        world, lambda: world.apply(destination(), mapping()), lambda: _all_ready(world), most=MANY
    )
    assert {path.rsplit("/", 2)[-2] for path in killed} >= {"serviceaccounts", "services", "configmaps", "deployments"}
    world.ready()
    world.says("True", "Ready", kind="sourcemapping", name="crm-hubspot")
    assert len(world.list("configmaps")) == 1


def test_a_process_killed_in_the_middle_of_a_push_leaves_a_registry_that_the_next_one_completes(world: World) -> None:
    world.registry.before = _once(world.operator.kill)
    world.apply(destination(upsert="module.exports = async () => 'pushed twice'"))
    world.operator.wait()
    world.operator.start()
    world.ready()


def test_sigterm_ends_it_quickly_and_cleanly(world: World) -> None:
    world.apply(destination())
    world.ready()
    assert world.operator.terminate() < QUICKLY


def test_sigterm_ends_an_upload_that_fails_without_a_traceback(world: World) -> None:
    uploads: list[str] = []

    def stall(_method: str, path: str) -> bool:
        if "/blobs/uploads/" in path:
            uploads.append(path)
        return path in uploads

    world.registry.stalls = stall
    world.apply(destination(upsert=f"module.exports = async () => '{world.namespace}'"))
    until("an upload is under way", lambda: uploads)
    world.says("False", "Pending")
    world.registry.shut()
    assert world.operator.terminate() < QUICKLY
    told = [line for line in world.operator.log.read_text().splitlines() if "RegistryUnreachable" in line]
    assert [line for line in told if "retryInSeconds" not in line] == []  # by nobody but a worker that was still at it


def test_it_waits_for_an_api_server_that_is_away_at_start(start_world) -> None:
    world = start_world()
    world.operator.terminate()
    world.api.shut()
    world.operator.start(ready=False)
    until("it is alive and says that it is not ready", lambda: world.operator.ask("/readyz")[0] == 503)
    assert world.operator.ask("/healthz")[0] == 200
    world.api.reopen()
    until("it is ready", lambda: world.operator.ask("/readyz")[0] == 200)


def _all_ready(world: World) -> bool:
    ready = [world.condition("destination", "crm"), world.condition("sourcemapping", "crm-hubspot")]
    return all(one.get("status") == "True" for one in ready)


def _once(act: Callable[[], None]) -> Callable[[str, str], None]:
    """`act` at the first manifest that is stored."""
    done: list[str] = []

    def strike(_method: str, path: str) -> None:
        if "/manifests/" in path and not done:
            done.append(path)
            act()

    return strike
