"""The environment, the configuration file, and how a bad one is named."""

from pathlib import Path

import pytest

from xkit_operator.dispatcher.configuration import read_configuration
from xkit_operator.dispatcher.settings import Settings
from xkit_operator.dispatcher.telemetry.log import Level
from xkit_operator.errors import InvalidSetting


def test_the_defaults_are_those_of_the_pod() -> None:
    settings = Settings.from_environment({})
    assert settings.config_directory == Path("/etc/xkit/config")
    assert settings.variables_directory == Path("/etc/xkit/variables")
    assert settings.tokens_directory == Path("/etc/xkit/tokens")
    assert settings.socket == Path("/run/xkit/dispatcher.sock")
    assert (settings.port, settings.admin_port, settings.log_level) == (8080, 9090, Level.INFO)


@pytest.mark.parametrize(
    ("name", "value"),
    [("XKIT_PORT", "http"), ("XKIT_PORT", "65536"), ("XKIT_ADMIN_PORT", "-1"), ("XKIT_LOG_LEVEL", "loud")],
)
def test_a_bad_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(InvalidSetting, match=name):
        Settings.from_environment({name: value})


@pytest.mark.parametrize("text", [None, "{", '{"version": 2}', "[]"])
def test_a_bad_configuration_is_named_by_its_file(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "runner.json").write_text(text)
    with pytest.raises(InvalidSetting, match=r"runner\.json"):
        read_configuration(tmp_path)
