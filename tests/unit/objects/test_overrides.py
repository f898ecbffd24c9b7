from typing import Any

from tests.unit.objects.conftest import make_destination
from xkit_operator.objects.pod import pod_template


def template(**pod: Any) -> dict[str, Any]:
    return pod_template(make_destination(pod=pod), image="i", dispatcher_image="d", configuration="crm-0")


PLAIN = pod_template(make_destination(), image="i", dispatcher_image="d", configuration="crm-0")


def containers(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in made["spec"]["containers"]}


def test_without_a_word_nothing_changes() -> None:
    assert template() == PLAIN


def test_what_is_as_in_a_pod_is_passed_on() -> None:
    said: dict[str, Any] = {
        "nodeSelector": {"disk": "ssd"},
        "tolerations": [{"operator": "Exists"}],
        "affinity": {"podAntiAffinity": {}},
        "topologySpreadConstraints": [{"maxSkew": 1}],
        "imagePullSecrets": [{"name": "login"}],
        "priorityClassName": "high",
        "runtimeClassName": "gvisor",
        "serviceAccountName": "crm-own",
    }
    assert template(**said)["spec"] == PLAIN["spec"] | said


def test_labels_and_annotations_are_added_and_those_of_the_operator_stay() -> None:
    metadata = template(labels={"team": "sync"}, annotations={"kubectl.kubernetes.io/default-container": "x", "a": "b"})
    assert metadata["metadata"]["labels"] == PLAIN["metadata"]["labels"] | {"team": "sync"}
    assert metadata["metadata"]["annotations"] == PLAIN["metadata"]["annotations"] | {"a": "b"}


def test_resources_are_laid_over_those_of_the_operator() -> None:
    made = containers(
        template(
            resources={
                "dispatcher": {"requests": {"cpu": "50m"}, "limits": {"memory": "1Gi"}},
                "function": {"requests": {"memory": "128Mi"}},
            }
        )
    )
    before = containers(PLAIN)
    assert made["dispatcher"]["resources"]["requests"] == before["dispatcher"]["resources"]["requests"] | {"cpu": "50m"}
    assert made["dispatcher"]["resources"]["limits"] == {"memory": "1Gi"}
    assert made["function"]["resources"]["requests"]["memory"] == "128Mi"
    assert made["function"]["resources"]["limits"] == before["function"]["resources"]["limits"]
