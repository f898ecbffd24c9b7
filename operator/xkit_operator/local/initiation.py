"""A new project: the files of starter/, under another name."""

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from xkit_operator.api.names import ServiceName
from xkit_operator.errors import InvalidProject

_STARTER = Path(__file__).parent / "starter"
_NAME = "crm-contacts"  # what the starter's Destination is called
_LONGEST = 53  # what the starter appends to it must still be a name


def write_project(folder: Path) -> list[Path]:
    """Write a project into `folder`, whose own name the Destination gets; the files written, relative to it.

    Raises InvalidProject when the name cannot be a Destination's, or when there is something in the folder.
    """
    name = _checked(folder.absolute().name)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidProject(f"{folder} is there already, and not empty: choose another name, or remove it")
    files = sorted(path.relative_to(_STARTER) for path in _STARTER.rglob("*") if path.is_file())
    try:
        for file in files:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text((_STARTER / file).read_text("utf-8").replace(_NAME, name), "utf-8")
    except OSError as error:
        raise InvalidProject(f"{folder} cannot be written: {error.strerror}") from error
    return files


def _checked(name: str) -> str:
    try:
        TypeAdapter(ServiceName).validate_python(name)
    except ValidationError as error:
        raise InvalidProject(
            f"{name} cannot be the name of a Destination: small letters, digits and -, and a letter first"
        ) from error
    if len(name) > _LONGEST:
        raise InvalidProject(
            f"{name} is too long: its Secret and its ConfigMap are called after it, so {_LONGEST} at most"
        )
    return name
