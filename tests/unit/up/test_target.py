"""What CLUSTER=current REGISTRY=host/prefix makes of the chart's values."""

import pytest

from dev.up.failure import StepFailed
from dev.up.target import registry_values


def test_one_registry_is_pushed_to_and_pulled_from() -> None:
    values = registry_values("r.example:5000/team/xkit", {})
    assert values == {
        "enabled": False,
        "push": "r.example:5000",
        "pull": "r.example:5000",
        "prefix": "team/xkit",
        "plainHttp": False,
    }


def test_a_registry_beside_kind_has_another_name_inside() -> None:
    environment = {"REGISTRY_INSIDE": "kind-registry:5000", "REGISTRY_PLAIN_HTTP": "true"}
    values = registry_values("localhost:5001/xkit", environment)
    assert (values["push"], values["pull"], values["plainHttp"]) == ("kind-registry:5000", "localhost:5001", True)


@pytest.mark.parametrize("registry", ["", "r.example", "/xkit", "r.example/"])
def test_a_registry_without_host_or_prefix_is_asked_for(registry: str) -> None:
    with pytest.raises(StepFailed, match="does not say where images go") as caught:
        registry_values(registry, {})
    assert "REGISTRY=host[:port]/prefix" in caught.value.remedy
