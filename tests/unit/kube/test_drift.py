import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.kube.drift import HASH_ANNOTATION, in_place, stamped

Object = dict[str, Any]

WANTED: Object = {
    "metadata": {"name": "a", "labels": {"ours": "1"}},
    "spec": {
        "containers": [
            {"name": "one", "image": "x", "args": ["serve", "8080"]},
            {"name": "two", "image": "y", "ports": [{"containerPort": 8080}]},
        ],
    },
}

leaf = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
json = st.recursive(
    leaf,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


def changed(path: list[Any], value: Any) -> Object:
    """What the server has, with another value at `path`, or without it for ..."""
    live = copy.deepcopy(WANTED)
    place: Any = live
    for part in path[:-1]:
        place = place[part]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return live


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["metadata", "labels", "theirs"], "2"),
        (["status"], {"replicas": 1}),
        (["spec", "containers", 0, "imagePullPolicy"], "Always"),
        (["spec", "containers", 1, "ports", 0, "protocol"], "TCP"),
    ],
)
def test_what_the_server_or_others_add_is_no_drift(path: list[Any], value: Any) -> None:
    assert in_place(WANTED, changed(path, value))


def test_another_order_and_a_further_element_of_a_list_map_are_no_drift() -> None:
    live = copy.deepcopy(WANTED)
    live["spec"]["containers"] = [{"name": "sidecar"}, *reversed(live["spec"]["containers"])]
    assert in_place(WANTED, live)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["metadata", "labels", "ours"], "2"),
        (["metadata", "labels", "ours"], ...),
        (["spec", "containers", 0, "image"], "z"),
        (["spec", "containers", 0], ...),
        (["spec", "containers", 0, "args"], ["serve"]),
        (["spec", "containers", 0, "args"], ["8080", "serve"]),
        (["spec", "containers", 1, "ports"], ...),
        (["spec", "containers"], None),
    ],
)
def test_a_changed_or_missing_field_of_ours_is_drift(path: list[Any], value: Any) -> None:
    assert not in_place(WANTED, changed(path, value))


@pytest.mark.parametrize(
    ("wanted", "live", "same"),
    [
        ("0.5", "500m", True),
        (1, "1", True),
        (0.1, "100m", True),
        ("1024Mi", "1Gi", True),
        ("1000k", "1M", True),
        ("500m", "501m", False),
        ("1Gi", "1G", False),
        (True, "1", False),
        ("true", "yes", False),
        (80, 80, True),
        (80, 81, False),
    ],
)
def test_a_quantity_may_be_written_in_another_way(wanted: Any, live: Any, *, same: bool) -> None:
    assert in_place({"requests": {"cpu": wanted}}, {"requests": {"cpu": live}}) is same


def test_an_empty_list_or_object_need_not_be_stored() -> None:
    assert in_place({"spec": {"ingress": [], "selector": {}}}, {"spec": {}})
    assert not in_place({"spec": {"ingress": []}}, {"spec": {"ingress": [{}]}})
    assert not in_place({"spec": {"paused": False}}, {"spec": {}})


def test_elements_that_a_key_does_not_tell_apart_are_compared_in_their_order() -> None:
    ports = [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]
    assert in_place(ports, copy.deepcopy(ports))
    assert not in_place(ports, [ports[1], ports[1]])


def test_the_stamp_changes_with_the_content_and_with_nothing_else() -> None:
    assert stamped(WANTED) == stamped(copy.deepcopy(WANTED))
    less = changed(["spec", "containers", 1, "ports"], ...)
    assert stamped(WANTED)["metadata"]["annotations"] != stamped(less)["metadata"]["annotations"]


def test_a_field_that_is_no_longer_wanted_is_drift() -> None:
    less = changed(["spec", "containers", 1, "ports"], ...)
    assert in_place(less, WANTED)
    assert not in_place(stamped(less), stamped(WANTED))


def test_other_annotations_stay_beside_the_stamp() -> None:
    annotations = stamped({"metadata": {"annotations": {"a": "b"}}})["metadata"]["annotations"]
    assert annotations["a"] == "b"
    assert HASH_ANNOTATION in annotations


@given(json)
def test_everything_is_in_place_in_itself(value: Any) -> None:
    assert in_place(value, copy.deepcopy(value))
