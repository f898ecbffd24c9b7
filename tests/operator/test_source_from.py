"""Functions in ConfigMaps: served, taken up when they change, and no harm done when they vanish."""

import re
import time
from typing import Any

import yaml

from tests.operator.conftest import StartWorld
from tests.operator.process import ROOT
from tests.operator.world import World, destination, mapping, variable
from tests.waiting import until

PAGE = (ROOT / "docs" / "reference" / "function.md").read_text(encoding="utf-8")
REFERENCE = {"configMapKeyRef": {"name": "crm-functions", "key": "upsert.js"}}
RECORD = {"operation": "upsert", "source": {"slug": "hubspot"}, "record": {"id": "7"}}


def functions(*, says: str, reload: bool) -> dict[str, Any]:
    """A ConfigMap with a function whose result is `says`."""
    labels = {"xkit.dev/reload": "true"} if reload else {}
    data = {"upsert.js": f"module.exports = async () => '{says}'"}
    metadata = {"name": "crm-functions", "labels": labels}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def from_config_map(**spec: Any) -> dict[str, Any]:
    return destination(functions={"upsert": {"sourceFrom": REFERENCE}}, **spec)


def seconds_until_served(world: World, says: str) -> float:
    start = time.monotonic()
    world.answers(RECORD, says)
    return time.monotonic() - start


def test_the_example_of_the_page_serves_and_an_edit_of_its_config_map_too_without_a_touch_of_the_destination(
    world: World,
) -> None:
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    world.apply(*yaml.safe_load_all(example), mapping())
    world.ready()
    world.answers(RECORD, "stored 7")
    world.answers(RECORD | {"operation": "delete"}, "deleted 7")
    before = world.get("destination", "crm")
    world.apply(functions(says="edited", reload=True))
    print(f"\nedit of a labelled ConfigMap → served: {seconds_until_served(world, 'edited'):.1f} s")
    after = world.get("destination", "crm")
    assert after["metadata"]["generation"] == before["metadata"]["generation"]
    assert after["status"]["sourceHash"] != before["status"]["sourceHash"]


def test_an_edit_without_the_label_is_served_after_the_next_resync(start_world: StartWorld) -> None:
    world = start_world(XKIT_RESYNC_SECONDS="10")
    world.apply(functions(says="first", reload=False), from_config_map(), mapping())
    world.ready()
    world.apply(functions(says="second", reload=False))
    print(f"\nedit without the label, resync every 10 s → served: {seconds_until_served(world, 'second'):.1f} s")


def test_a_missing_config_map_heals_when_it_appears_and_takes_nothing_down_when_it_goes(world: World) -> None:
    world.apply(from_config_map(), mapping())
    message = world.says("False", "ConfigMapNotFound")
    assert message == "functions.upsert: there is no ConfigMap crm-functions in this namespace"
    world.apply(functions(says="first", reload=True))
    world.ready()
    world.answers(RECORD, "first")
    world.kubectl("delete", "configmap", "crm-functions")
    world.says("False", "ConfigMapNotFound")
    assert world.condition("destination", "crm", "Available")["status"] == "True"
    assert world.send(RECORD)["result"] == "first"
    world.apply(functions(says="first", reload=True))
    world.ready()


def test_a_text_that_can_be_no_function_is_named_and_mended_by_an_edit_of_the_config_map(world: World) -> None:
    long = functions(says="x" * 131_072, reload=True)
    world.apply(long, from_config_map())
    assert "key upsert.js of ConfigMap crm-functions has 131," in world.says("False", "InvalidSpec")
    world.apply(functions(says="'", reload=True))
    assert world.says("False", "FunctionSyntaxError").startswith("functions.upsert: line 1, column ")
    world.apply(functions(says="good", reload=True))
    until("it is accepted", lambda: world.condition("destination", "crm", "Accepted").get("status") == "True")


def test_a_config_map_is_read_once_a_reconcile_however_often_it_is_referred_to(world: World) -> None:
    both = {"upsert": {"sourceFrom": REFERENCE}, "delete": {"sourceFrom": REFERENCE}}
    region = variable("region", "configMapKeyRef", of="crm-functions", key="upsert.js")
    world.apply(functions(says="first", reload=False), destination(functions=both, variables=[region]))
    until("it is accepted", lambda: world.condition("destination", "crm", "Accepted").get("status") == "True")
    reads = [one.path.split("?")[0] for one in world.api.passed if one.method == "GET"]
    assert 0 < sum(path.endswith("/configmaps/crm-functions") for path in reads) <= world.looks + 1
