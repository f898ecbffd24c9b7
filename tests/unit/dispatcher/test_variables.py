"""Variables from the configuration and from files, and the kubelet's way of changing them."""

import json
from pathlib import Path

import pytest

from xkit_operator.api.runner import RunnerVariables
from xkit_operator.dispatcher.variables import Variables
from xkit_operator.errors import InvalidVariable

DECLARED = RunnerVariables(literals={"baseUrl": "https://a", "retries": 3}, files=("apiKey", "pem"))


def write(directory: Path, version: str, **texts: bytes) -> None:
    (directory / version).mkdir()
    for name, text in texts.items():
        (directory / version / name).write_bytes(text)
        if not (directory / name).is_symlink():
            (directory / name).symlink_to(f"..data/{name}")
    (directory / "..new").symlink_to(version)
    (directory / "..new").rename(directory / "..data")


def test_files_are_secret_and_their_texts_are_not_trimmed(tmp_path: Path) -> None:
    write(tmp_path, "..1", apiKey=b" key\n", pem="—\r\n".encode())
    assert json.loads(Variables(DECLARED, tmp_path).read()) == {
        "variables": {"baseUrl": "https://a", "retries": 3, "apiKey": " key\n", "pem": "—\r\n"},
        "secrets": ["apiKey", "pem"],
    }


def test_a_change_is_seen_once(tmp_path: Path) -> None:
    write(tmp_path, "..1", apiKey=b"a", pem=b"p")
    variables = Variables(DECLARED, tmp_path)
    variables.read()
    assert not variables.have_changed()
    write(tmp_path, "..2", apiKey=b"b", pem=b"p")
    assert variables.have_changed()
    assert json.loads(variables.read())["variables"]["apiKey"] == "b"
    assert not variables.have_changed()


@pytest.mark.parametrize("texts", [{"pem": b"p"}, {"pem": b"p", "apiKey": b"\xff"}])
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, texts: dict[str, bytes]) -> None:
    write(tmp_path, "..1", **texts)
    with pytest.raises(InvalidVariable, match="apiKey"):
        Variables(DECLARED, tmp_path).read()


def test_a_change_that_cannot_be_used_is_looked_at_again(tmp_path: Path) -> None:
    write(tmp_path, "..1", apiKey=b"a", pem=b"p")
    variables = Variables(DECLARED, tmp_path)
    variables.read()
    write(tmp_path, "..2", apiKey=b"\xff", pem=b"p")
    with pytest.raises(InvalidVariable):
        variables.read()
    assert variables.have_changed()
