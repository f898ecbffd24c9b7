"""The dispatcher's environment: where its files and its socket are, and which ports it serves."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xkit_operator.dispatcher.telemetry.log import Level
from xkit_operator.errors import InvalidSetting


@dataclass(frozen=True)
class Settings:
    """Everything that the Pod says from outside; what the Destination says is in the configuration."""

    config_directory: Path
    variables_directory: Path
    tokens_directory: Path
    socket: Path
    port: int
    admin_port: int
    log_level: Level

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Raises InvalidSetting, which names the variable."""
        return cls(
            config_directory=Path(environment.get("XKIT_CONFIG_DIR", "/etc/xkit/config")),
            variables_directory=Path(environment.get("XKIT_VARIABLES_DIR", "/etc/xkit/variables")),
            tokens_directory=Path(environment.get("XKIT_TOKENS_DIR", "/etc/xkit/tokens")),
            socket=Path(environment.get("XKIT_SOCKET", "/run/xkit/dispatcher.sock")),
            port=_port(environment, "XKIT_PORT", 8080),
            admin_port=_port(environment, "XKIT_ADMIN_PORT", 9090),
            log_level=_level(environment.get("XKIT_LOG_LEVEL", "info")),
        )


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and int(text) < 65536):
        raise InvalidSetting(f"{name} is {text!r}; it must be a port number")
    return int(text)


def _level(text: str) -> Level:
    try:
        return Level[text.upper()]
    except KeyError as error:
        known = ", ".join(level.name.lower() for level in Level)
        raise InvalidSetting(f"XKIT_LOG_LEVEL is {text!r}; it must be one of {known}") from error
