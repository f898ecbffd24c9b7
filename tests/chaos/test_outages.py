"""What stands below the operator goes away and comes back: the API server, our kinds, a namespace."""

import time
from typing import Any

import pytest

from tests.chaos.conftest import OpenSite
from tests.chaos.fault import Fault, Strike
from tests.chaos.ledger import Row, enter
from tests.chaos.site import Site
from tests.chaos.snapshot import Snapshot
from tests.chaos.story import created
from tests.chaos.undisturbed import Undisturbed, begin
from tests.node import Node
from tests.operator.process import ROOT
from tests.waiting import until

OUTAGE = 75.0
CRDS = str(ROOT / "crds")


def recovered(fault: str, site: Site, expected: dict[str, Snapshot], since: float) -> None:
    """Wait until all is as `expected` and stays so; enter it under `fault`, which was over at `since`."""
    site.settled(expected)
    seconds = time.monotonic() - since
    writes, orphans = site.idle_writes(), site.orphans(expected)
    enter(Row(fault=fault, times=1, seconds=seconds, writes=len(writes), orphans=len(orphans)))
    site.settled(expected, seconds=10)
    assert (writes, orphans) == ([], [])


def test_an_api_server_that_is_away_for_75_seconds_in_the_middle_of_an_edit(
    open_site: OpenSite, undisturbed: Undisturbed, cluster: Any
) -> None:
    site = open_site()
    begin(site, "create", "story-a")
    site.settled({"story-a": undisturbed.snapshots["create"]})
    with site.kept_alive() as ended:
        begin(site, "edit", "story-a")
        with Node(cluster.name).without("kube-apiserver"):
            time.sleep(OUTAGE)  # the outage itself
        back = time.monotonic()
        until("the API server is back", lambda: cluster.kubectl("get", "--raw", "/readyz", check=False).stdout == "ok")
        recovered("API server away for 75 s", site, {"story-a": undisturbed.snapshots["edit"]}, back)
        assert ended == []


def test_kinds_that_are_deleted_and_come_back(open_site: OpenSite, undisturbed: Undisturbed, cluster: Any) -> None:
    site = open_site()
    begin(site, "create", "story-a")
    site.settled({"story-a": undisturbed.snapshots["create"]})
    with site.kept_alive() as ended:
        cluster.kubectl("delete", "-f", CRDS, "--timeout=60s")
        until("the operator says that it is not ready", lambda: site.operator.ask("/readyz")[0] != 200)
        cluster.kubectl("apply", "--server-side", "--force-conflicts", "-f", CRDS)
        cluster.kubectl("wait", "--for=condition=Established", "-f", CRDS, "--timeout=60s")
        back = time.monotonic()
        site.world.apply(*created("story-a"))
        recovered("kinds deleted and applied again", site, {"story-a": undisturbed.snapshots["create"]}, back)
        assert ended == [1]
        assert "ApiNotFound: a watched kind is gone" in site.operator.log.read_text()


@pytest.mark.parametrize("images", ["uploading", "uploaded"])
def test_a_namespace_that_is_deleted_in_the_middle_of_a_build(
    images: str, open_site: OpenSite, undisturbed: Undisturbed, cluster: Any
) -> None:
    site = open_site()
    uploads: list[str] = []

    def stall(call: Any) -> Strike | None:
        """Leave the image's last upload, or what comes after its manifest, without an answer."""
        held = call.method == "PUT" and ("/uploads/" if images == "uploading" else "/manifests/") in call.address
        if held:
            uploads.append(call.address)
        return Strike(Fault.SILENT) if held else None

    site.plan(stall)
    with site.kept_alive() as ended:
        begin(site, "create", "story-a")
        until("an upload is under way", lambda: uploads)
        cluster.kubectl("delete", "namespace", site.world.namespace, "--wait=false")
        site.plan(lambda _: None)
        gone = time.monotonic()
        until("it is gone", lambda: not cluster.kubectl("get", "namespace", site.world.namespace, check=False).stdout)
        assert site.images("story-a") == []
        cluster.kubectl("create", "namespace", site.world.namespace)
        begin(site, "create", "story-a")
        recovered("namespace deleted mid-build", site, {"story-a": undisturbed.snapshots["create"]}, gone)
        assert ended == []
