"""The watches select what they are for, and go on."""

from itertools import islice
from typing import Any

import kopf
import pytest

from tests.unit.objects.conftest import make_destination
from xkit_operator.app.handlers import informer_settings
from xkit_operator.objects.configmap import configuration_map, runner_configuration
from xkit_operator.objects.service import service
from xkit_operator.objects.serviceaccount import service_account

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
