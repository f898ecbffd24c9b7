import pytest

from xkit_operator.errors import InvalidSetting
from xkit_operator.settings import Settings

LEAST = {"XKIT_REGISTRY_PUSH": "registry:5000", "XKIT_DISPATCHER_IMAGE": "registry:5000/xkit/dispatcher:1"}


def test_two_settings_are_enough() -> None:
    settings = Settings.from_environment(LEAST)
    assert settings.registry_pull == settings.registry_push == "registry:5000"
    assert (settings.registry_prefix, settings.namespaces, settings.workers) == ("xkit", (), 4)
    assert settings.registry_naming == "nested"
    assert settings.lease_namespace is None


def test_namespaces_are_a_list_with_commas() -> None:
    assert Settings.from_environment(LEAST | {"XKIT_NAMESPACES": "b, a,,a"}).namespaces == ("a", "b")


@pytest.mark.parametrize("name", LEAST)
def test_what_is_missing_is_named_with_its_meaning(name: str) -> None:
    with pytest.raises(InvalidSetting, match=f"{name} is not set; it must be the .+"):
        Settings.from_environment(LEAST | {name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("XKIT_WORKERS", "0"),
        ("XKIT_WORKERS", "many"),
        ("XKIT_RESYNC_SECONDS", "-1"),
        ("XKIT_RESYNC_SECONDS", "1.5"),
        ("XKIT_REBASE_CONCURRENCY", "0"),
        ("XKIT_HTTP_PORT", "65536"),
        ("XKIT_REGISTRY_PLAIN_HTTP", "yes"),
        ("XKIT_REGISTRY_NAMING", "Flat"),
        ("XKIT_LEADER_ELECTION", "on"),
        ("XKIT_LOG_LEVEL", "loud"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_value(name: str, value: str) -> None:
    with pytest.raises(InvalidSetting, match=f"{name} is '{value}'"):
        Settings.from_environment(LEAST | {name: value})


@pytest.mark.parametrize("name", ["POD_NAME", "POD_NAMESPACE"])
def test_an_election_needs_to_know_who_and_where_we_are(name: str) -> None:
    pod = {"XKIT_LEADER_ELECTION": "true", "POD_NAME": "xo-1", "POD_NAMESPACE": "xkit-system"}
    assert Settings.from_environment(LEAST | pod).lease_namespace == "xkit-system"
    with pytest.raises(InvalidSetting, match=name):
        Settings.from_environment(LEAST | pod | {name: ""})
