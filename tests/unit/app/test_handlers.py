"""The watches select what they are for and go on, and what they tell is passed on."""

import asyncio
from itertools import islice
from typing import Any

import kopf
import pytest

from tests.unit.objects.conftest import make_destination
from xkit_operator.api.group import GROUP, VERSION
from xkit_operator.app.handlers import informer, informer_settings
from xkit_operator.kube.copies import Copies
from xkit_operator.kube.versions import Versions
from xkit_operator.objects.configmap import configuration_map, runner_configuration
from xkit_operator.objects.service import service
from xkit_operator.objects.serviceaccount import service_account
from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.mappings.index import MappingIndex

DESTINATION = make_destination()


def selector(version: str, plural: str) -> set[str]:
    resource = kopf.Resource(group="", version=version, plural=plural)
    return set(informer_settings().watching.label_selectors.collect(resource))


@pytest.mark.parametrize(
    ("plural", "child"),
    [
        ("configmaps", configuration_map(DESTINATION, runner_configuration(DESTINATION, []))),
        ("services", service(DESTINATION)),
        ("serviceaccounts", service_account(DESTINATION)),
    ],
)
def test_a_child_has_the_labels_that_its_kind_is_watched_by(plural: str, child: dict[str, Any]) -> None:
    (wanted,) = selector("v1", plural)
    assert wanted in {f"{name}={value}" for name, value in child["metadata"]["labels"].items()}


def test_config_maps_are_watched_by_the_label_that_the_documentation_names() -> None:
    assert selector("v1", "configmaps") == {"xkit.dev/reload=true"}


def test_a_watch_is_tried_again_for_as_long_as_the_api_server_is_away() -> None:
    pauses = informer_settings().networking.error_backoffs
    for _ in range(2):  # kopf begins anew with every request
        longest = list(islice(pauses, 1000))
        assert len(longest) == 1000
        assert max(longest) == 5


class Informed:
    """What the handler of SourceMappings makes of events of one, which points at a Destination unless it is gone."""

    KEY = Key("SourceMapping", "team-a", "crm-hubspot")

    def __init__(self) -> None:
        self.versions, self.index = Versions(), MappingIndex()
        self.queued: list[Key] = []
        registry = informer(self.queued.append, self.versions, Copies(), self.index, lambda *_: (), lambda: None)
        resource = kopf.Resource(group=GROUP, version=VERSION, plural="sourcemappings")
        handlers = registry._watching.get_all_handlers()  # kopf has no other way to call one
        (self._handler,) = [one.fn for one in handlers if one.selector is not None and one.selector.check(resource)]

    def hear(self, event: str | None, version: str, *, to: str = "crm") -> list[Key]:
        """The keys that are queued for it."""
        self.queued.clear()
        metadata = {"namespace": "team-a", "name": "crm-hubspot", "resourceVersion": version}
        raw = {"type": event, "object": {"metadata": metadata, "spec": {"destinationRef": {"name": to}}}}
        arguments: Any = {"event": raw, "namespace": "team-a", "name": "crm-hubspot"}
        asyncio.run(self._handler(**arguments))
        return sorted(self.queued)

    def known(self, version: str) -> None:
        metadata = {"namespace": "team-a", "name": "crm-hubspot", "resourceVersion": version}
        self.versions.saw("SourceMapping", {"metadata": metadata})


CRM, ERP = Key("Destination", "team-a", "crm"), Key("Destination", "team-a", "erp")


def test_a_mapping_queues_its_destination_and_not_itself() -> None:
    assert Informed().hear("ADDED", "7") == [CRM]


def test_a_version_of_a_mapping_that_a_reconcile_knows_queues_nothing() -> None:
    informed = Informed()
    informed.hear("ADDED", "7")
    informed.known("8")
    assert informed.hear("MODIFIED", "8") == []


def test_a_mapping_that_moves_is_read_itself_since_the_last_event_of_it_may_not_be_the_newest() -> None:
    informed = Informed()
    informed.hear("ADDED", "8", to="erp")
    assert informed.hear("MODIFIED", "7") == [Informed.KEY]
    assert informed.index.mappings_of(ERP) == [Informed.KEY]


def test_a_deletion_told_after_the_addition_of_the_next_one_does_not_lose_that() -> None:
    informed = Informed()
    informed.hear("ADDED", "9")
    assert informed.hear("DELETED", "8") == [Informed.KEY]
    assert informed.index.mappings_of(CRM) == [Informed.KEY]
