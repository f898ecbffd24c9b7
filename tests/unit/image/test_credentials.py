"""Logins for registries, in every form in which tools write them."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from xkit_operator.errors import InvalidCredentials
from xkit_operator.image.registry.credentials import Credential, Credentials, IdentityToken, Login, RegistryToken


def auth(text: str) -> dict[str, str]:
    return {"auth": base64.b64encode(text.encode()).decode()}


def credentials(folder: Path, auths: Any) -> Credentials:
    file = folder / ".dockerconfigjson"
    file.write_text(json.dumps({"auths": auths}))
    return Credentials(file)


@pytest.mark.parametrize(
    ("key", "host"),
    [
        ("registry.example.com", "registry.example.com"),
        ("registry.example.com:5000", "registry.example.com:5000"),
        ("https://registry.example.com", "registry.example.com"),
        ("https://registry.example.com/v1/", "registry.example.com"),
        ("https://registry.example.com/v2/", "registry.example.com"),
        ("http://registry.example.com:5000/", "registry.example.com:5000"),
        ("registry.example.com/xkit", "registry.example.com"),
        ("registry.example.com/xkit/team-a", "registry.example.com"),
        ("*.example.com", "registry.example.com"),
        ("https://index.docker.io/v1/", "docker.io"),
        ("https://index.docker.io/v1/", "registry-1.docker.io"),
        ("docker.io", "index.docker.io"),
    ],
)
def test_a_key_is_found_in_whatever_form_it_is_written(tmp_path: Path, key: str, host: str) -> None:
    found = credentials(tmp_path, {"other.example.org": auth("x:y"), key: auth("me:secret")})
    assert found.find(host, "xkit/team-a/crm") == Login("me", "secret")


@pytest.mark.parametrize(
    ("key", "host"),
    [
        ("registry.example.com", "registry.example.com:5000"),
        ("example.com", "registry.example.com"),
        ("*.com", "registry.example.com"),
        ("registry.example.com/xkit/team", "registry.example.com"),
        ("registry.example.com/other", "registry.example.com"),
    ],
)
def test_a_key_for_something_else_is_not_taken(tmp_path: Path, key: str, host: str) -> None:
    assert credentials(tmp_path, {key: auth("me:secret")}).find(host, "xkit/team-a/crm") is None


@pytest.mark.parametrize(
    ("entry", "login"),
    [
        (auth("me:se:cr:et"), Login("me", "se:cr:et")),
        (auth("me:secret\n"), Login("me", "secret")),
        ({"auth": base64.encodebytes(b"me:" + b"s" * 90).decode()}, Login("me", "s" * 90)),
        (auth("münchen:schlüssel"), Login("münchen", "schlüssel")),
        ({"username": "me", "password": "secret", "email": "me@example.com"}, Login("me", "secret")),
        ({"username": "me", "password": "secret", **auth("me:secret")}, Login("me", "secret")),
        ({"auth": "", "username": "me", "password": "secret"}, Login("me", "secret")),
        (auth("AWS:" + "t" * 2000), Login("AWS", "t" * 2000)),
        ({"auth": "MDAwMDAwMDA6", "identitytoken": "t"}, IdentityToken("t")),
        ({"identitytoken": "t", "registrytoken": "r"}, RegistryToken("r")),
        ({}, None),
    ],
)
def test_an_entry_is_understood_in_whatever_form_it_is_written(
    tmp_path: Path, entry: dict[str, str], login: Credential | None
) -> None:
    assert credentials(tmp_path, {"r.example.com": entry}).find("r.example.com", "xkit/a") == login


def test_the_longest_path_counts(tmp_path: Path) -> None:
    found = credentials(
        tmp_path,
        {"r.example.com/xkit": auth("mid:1"), "r.example.com": auth("top:1"), "r.example.com/xkit/a": auth("deep:1")},
    )
    users = [found.find("r.example.com", repository) for repository in ("xkit/a/b", "xkit/b", "other")]
    assert [login.username for login in users if isinstance(login, Login)] == ["deep", "mid", "top"]


def test_a_changed_file_counts_at_once(tmp_path: Path) -> None:
    found = credentials(tmp_path, {"r.example.com": auth("me:old")})
    assert found.find("r.example.com", "a") == Login("me", "old")
    credentials(tmp_path, {"r.example.com": auth("me:new")})
    assert found.find("r.example.com", "a") == Login("me", "new")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "kubectl create secret docker-registry"),
        ("[]", "kubectl create secret docker-registry"),
        ('{"r.example.com": {}}', "`auths`"),
        ('{"auths": []}', "`auths` must be an object"),
        ('{"auths": {"r.example.com": "s3cret"}}', "key r.example.com: it must be an object"),
        ('{"auths": {"r.example.com": {"auth": "s3cret"}}}', "base64 of username:password"),
        ('{"auths": {"r.example.com": {"username": "me"}}}', "must both be texts"),
        ('{"auths": {"r.example.com": {"identitytoken": ["s3cret"]}}}', "`identitytoken` must be a text"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_to_be_and_its_secrets_are_not(
    tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "logins"
    file.write_text(text)
    with pytest.raises(InvalidCredentials, match=words) as caught:
        Credentials(file).find("r.example.com", "a")
    assert "s3cret" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidCredentials, match="cannot be read: No such file"):
        Credentials(tmp_path / "absent").find("r.example.com", "a")


def test_without_a_file_there_are_no_logins() -> None:
    assert Credentials(None).find("r.example.com", "a") is None
