"""The tests' own way to the API server, past the fault proxy and without a process for each question."""

import http.client
import json
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class ApiServer:
    """`url` and `tls` are what a proxy needs to speak to it as its administrator."""

    def __init__(self, info: dict[str, Any]) -> None:
        self.url: str = info["api"]
        pki = Path(info["state"]) / "pki"
        self.tls = ssl.create_default_context(cafile=pki / "ca.crt")
        self.tls.load_cert_chain(pki / "admin.crt", pki / "admin.key")
        where = urlsplit(self.url)
        self._connection = http.client.HTTPSConnection(
            str(where.hostname), where.port, timeout=60, context=self.tls
        )  # kept, since a question costs little beside a handshake

    def close(self) -> None:
        self._connection.close()

    def get(self, path: str) -> dict[str, Any]:
        """The object or list at `path`; empty when there is none. Raises OSError while the server is away."""
        try:
            status, body = self._ask(path)
        except OSError:  # the connection may be one to the server's process before
            status, body = self._ask(path)
        if status == 404:
            return {}
        assert status == 200, body
        found: dict[str, Any] = json.loads(body)
        return found

    def _ask(self, path: str) -> tuple[int, bytes]:
        try:
            self._connection.request("GET", path)
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()  # the next question opens it again
            raise OSError(f"{path}: {error}") from error
