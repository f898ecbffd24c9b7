from typing import Any

import pytest

from tests.unit.objects.conftest import make_destination
from xkit_operator.api.destination import Destination
from xkit_operator.objects.deployment import configuration_name, deployment, revision, rolled_out
from xkit_operator.objects.pod import pod_template


def make(destination: Destination, *, image: str = "i", configuration: str = "crm-0") -> dict[str, Any]:
    template = pod_template(destination, image=image, dispatcher_image="d", configuration=configuration)
    return deployment(destination, template)


def test_the_number_of_replicas_is_not_in_it() -> None:
    assert "replicas" not in make(make_destination(replicas=5))["spec"]


def test_a_new_pod_is_ready_before_an_old_one_goes(destination: Destination) -> None:
    assert make(destination)["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}


@pytest.mark.parametrize("limit", [0, 3, 20])
def test_as_many_earlier_versions_are_kept_as_the_spec_says(limit: int) -> None:
    assert make(make_destination(revisionHistoryLimit=limit))["spec"]["revisionHistoryLimit"] == limit


def test_the_revision_names_image_and_configuration(destination: Destination) -> None:
    made = [make(destination), make(destination, image="j"), make(destination, configuration="crm-1")]
    assert len({revision(one["spec"]["template"]) for one in made}) == 3
    assert make(destination) == make(destination)
    assert configuration_name(made[2]) == "crm-1"


def live(*, wanted: int = 2, generation: int = 3, **status: int) -> dict[str, Any]:
    full = {"observedGeneration": 3, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2}
    return {"metadata": {"generation": generation}, "spec": {"replicas": wanted}, "status": full | status}


@pytest.mark.parametrize(
    ("deployment", "done"),
    [
        (live(), True),
        (live(generation=4), False),
        (live(updatedReplicas=1), False),
        (live(replicas=3), False),
        (live(availableReplicas=1), False),
        (live(wanted=3), False),
        (live(wanted=0), False),
        ({"metadata": {"generation": 1}, "spec": {"replicas": 1}}, False),
        ({"metadata": {"generation": 1}, "spec": {"replicas": 0}, "status": {"observedGeneration": 1}}, True),
    ],
)
def test_a_rollout_is_over_when_all_pods_are_of_the_version_and_available(
    deployment: dict[str, Any], *, done: bool
) -> None:
    assert rolled_out(deployment) is done
