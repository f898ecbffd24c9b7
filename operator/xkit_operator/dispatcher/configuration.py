"""Reads what the operator wrote into the ConfigMap, once, at the start: another configuration is another Pod."""

from pathlib import Path

from pydantic import ValidationError

from xkit_operator.api.model import invalid_spec
from xkit_operator.api.runner import CONFIGURATION_KEY, RunnerConfiguration
from xkit_operator.errors import InvalidSetting


def read_configuration(directory: Path) -> RunnerConfiguration:
    """Raises InvalidSetting when the file is absent or was written for another release."""
    path = directory / CONFIGURATION_KEY
    try:
        return RunnerConfiguration.from_text(path.read_bytes())
    except OSError as error:
        raise InvalidSetting(f"{path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        raise InvalidSetting(f"{path} is not for this release: {invalid_spec(error)}") from error
