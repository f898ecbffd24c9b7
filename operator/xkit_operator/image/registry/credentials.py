"""Logins for registries, from a `kubernetes.io/dockerconfigjson` file that is read again when it changes.

Every form that kubectl, docker, podman and the clouds' own tools write is understood: `auth`, `username` and
`password`, `identitytoken`, `registrytoken`; keys with or without scheme, port, `/v1/` and a path. As for the kubelet,
the key with the longest path that matches counts.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, TypeAlias

from xkit_operator.errors import InvalidCredentials
from xkit_operator.image.registry import hub


@dataclass(frozen=True)
class Login:
    """Who we are to one registry."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class IdentityToken:
    """What a token server takes in place of a password, as cloud providers' logins write it."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class RegistryToken:
    """A bearer token for the registry itself."""

    token: str = field(repr=False)


Credential: TypeAlias = Login | IdentityToken | RegistryToken


@dataclass(frozen=True)
class _Entry:
    host: str
    path: tuple[str, ...]
    credential: Credential

    def matches(self, host: str, repository: str) -> bool:
        """A `*` in the host stands for one part of a name, as for the kubelet."""
        mine, theirs = self.host.split("."), host.split(".")
        alike = len(mine) == len(theirs) and all(map(fnmatchcase, theirs, mine))
        return alike and tuple(repository.split("/"))[: len(self.path)] == self.path


class Credentials:
    """The logins of one file; no file, no logins."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._text: bytes | None = None
        self._entries: list[_Entry] = []

    def find(self, host: str, repository: str) -> Credential | None:
        """What to show for a repository at `host` (host or host:port), if there is one.

        Raises InvalidCredentials when the file cannot be read or is no dockerconfigjson.
        """
        if self._file is None:
            return None
        self._refresh(self._file)
        matching = [entry for entry in self._entries if entry.matches(hub.name_of(host), repository)]
        return max(matching, key=lambda entry: len(entry.path)).credential if matching else None

    def _refresh(self, file: Path) -> None:
        try:
            text = file.read_bytes()  # a few hundred bytes; the kubelet swaps the file behind its name
        except OSError as error:
            raise InvalidCredentials(f"the registry's login file {file} cannot be read: {error.strerror}") from error
        if text != self._text:
            self._entries = _parse(text, str(file))
            self._text = text


def _parse(text: bytes, file: str) -> list[_Entry]:
    try:
        found = json.loads(text)["auths"]
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidCredentials(
            f"the registry's login file {file} is no dockerconfigjson: it must be a JSON object with `auths`; "
            "kubectl create secret docker-registry makes one"
        ) from error
    if not isinstance(found, dict):
        raise InvalidCredentials(f"the registry's login file {file}: `auths` must be an object")
    entries = []
    for key, one in found.items():
        credential = _credential(one, f"the registry's login file {file}, key {key}")
        if credential is not None:
            host, *path = key.removeprefix("https://").removeprefix("http://").rstrip("/").split("/")
            entries.append(_Entry(hub.name_of(host), () if path in (["v1"], ["v2"]) else tuple(path), credential))
    return entries


def _credential(entry: Any, where: str) -> Credential | None:
    """What an entry says; None for one that says nothing, as a credential helper leaves it. Quotes no secret.

    A token goes before a password, as for docker: beside an identity token, clouds write a user name without one.
    """
    if not isinstance(entry, Mapping):
        raise InvalidCredentials(f"{where}: it must be an object with `auth`, or `username` and `password`")
    for name, kind in (("registrytoken", RegistryToken), ("identitytoken", IdentityToken)):
        token = entry.get(name)
        if token:
            if not isinstance(token, str):
                raise InvalidCredentials(f"{where}: `{name}` must be a text")
            return kind(token)
    if entry.get("auth"):
        return _decode(entry["auth"], where)
    username, password = entry.get("username"), entry.get("password")
    if username is None and password is None:
        return None
    if not isinstance(username, str) or not isinstance(password, str):
        raise InvalidCredentials(f"{where}: `username` and `password` must both be texts")
    return Login(username, password)


def _decode(auth: Any, where: str) -> Login:
    try:
        username, found, password = base64.b64decode(auth, validate=False).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, TypeError, ValueError):
        found = username = password = ""
    if not found:
        # raised here, not above: the exception's context would hold the text
        raise InvalidCredentials(f"{where}: `auth` must be base64 of username:password")
    return Login(username, password.rstrip("\r\n\0"))
