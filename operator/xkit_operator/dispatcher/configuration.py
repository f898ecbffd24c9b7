"""Reads what the operator wrote into the ConfigMap, once, at the start: another configuration is another Pod."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import DecodeError
from msgspec.json import decode

from xkit_operator.dispatcher.document import FILE, Document
from xkit_operator.errors import InvalidSetting

if TYPE_CHECKING:
    from xkit_operator.api.runner import RunnerConfiguration


def read_configuration(directory: Path) -> RunnerConfiguration:
    """The document, whose parts have all fields of the type that is named here.

    Raises InvalidSetting when the file is absent or was written for another release.
    """
    path = directory / FILE
    try:
        return cast("RunnerConfiguration", decode(path.read_bytes(), type=Document))
    except OSError as error:
        raise InvalidSetting(f"{path} cannot be read: {error.strerror}") from error
    except (DecodeError, UnicodeDecodeError) as error:
        raise InvalidSetting(f"{path} is not for this release: {error}") from error
