"""Settings of registries that are closed to strangers, and the logins that open them."""

import base64
import json
from pathlib import Path
from typing import Any

from tests.registry.authorities import Authority
from tests.registry.server import Server
from tests.registry.token_server import LOGIN

HTPASSWD = "me:$2b$04$Y1LKthPSeGR0L0iwnFLlveYyCwOHqX8bSxhfbLu9py50x9v0e4InW\n"  # the-passw0rd, with bcrypt


def write_entry(file: Path, host: str, entry: dict[str, str]) -> Path:
    file.write_text(json.dumps({"auths": {f"https://{host}/v1/" if "/" not in host else f"https://{host}/": entry}}))
    return file


def write_login(file: Path, host: str, password: str = LOGIN[1], *, user: str = LOGIN[0]) -> Path:
    return write_entry(file, host, {"auth": base64.b64encode(f"{user}:{password}".encode()).decode()})


def basic(folder: Path) -> dict[str, Any]:
    (folder / "htpasswd").write_text(HTPASSWD)
    return {"auth": {"htpasswd": {"realm": "company", "path": str(folder / "htpasswd")}}}


def tls(authority: Authority, server: Server) -> dict[str, Any]:
    certificate = {"certificate": str(authority.chain), "key": str(authority.key)}
    return {"http": {"addr": server.host, "tls": certificate}}
