from typing import Any

import pytest

from xkit_operator.errors import ApiConflict, Conflict
from xkit_operator.kube.owner import check_owner

LABELS = {"app.kubernetes.io/managed-by": "xkit-operator", "xkit.dev/destination": "crm"}


def child(owner: dict[str, Any] | None, labels: dict[str, str]) -> dict[str, Any]:
    references = [owner | {"controller": True}] if owner else []
    metadata = {"namespace": "a", "name": "crm", "labels": labels, "ownerReferences": references}
    return {"kind": "Service", "metadata": metadata}


OURS = {"kind": "Destination", "name": "crm", "uid": "1"}
WANTED = child(OURS, LABELS)


@pytest.mark.parametrize(
    "live",
    [
        child(OURS, LABELS),
        child(OURS, {}),
        child(None, LABELS | {"more": "of them"}),
    ],
    ids=["ours", "ours with its labels edited away", "an orphan of ours"],
)
def test_what_is_ours_or_was_left_to_us_may_be_changed(live: dict[str, Any]) -> None:
    check_owner(live, WANTED)


@pytest.mark.parametrize(
    "live",
    [
        child(None, {}),
        child({"kind": "Destination", "name": "other", "uid": "2"}, LABELS),
        child({"kind": "ReplicaSet", "name": "crm", "uid": "1b"}, LABELS),
    ],
    ids=["nobody's", "another Destination's", "another controller's"],
)
def test_a_foreign_object_is_a_conflict(live: dict[str, Any]) -> None:
    with pytest.raises(Conflict, match="Service a/crm"):
        check_owner(live, WANTED)


@pytest.mark.parametrize(
    ("metadata", "whose"),
    [
        ({"annotations": {"meta.helm.sh/release-name": "shop"}}, "the Helm release shop"),
        ({"labels": {"app.kubernetes.io/managed-by": "Kustomize"}}, "managed by Kustomize"),
        ({"managedFields": [{"manager": "kubectl-create"}]}, "made by kubectl-create"),
        ({"ownerReferences": [{"kind": "App", "name": "shop", "uid": "5"}]}, "App shop"),
        ({}, "nobody"),
    ],
)
def test_a_conflict_says_whose_the_object_is_as_far_as_it_tells(metadata: dict[str, Any], whose: str) -> None:
    with pytest.raises(Conflict, match=whose):
        check_owner({"metadata": {"namespace": "a", "name": "crm"} | metadata}, WANTED)


def test_what_a_deleted_namesake_left_is_waited_for() -> None:
    with pytest.raises(ApiConflict):
        check_owner(child(OURS | {"uid": "0"}, LABELS), WANTED)
