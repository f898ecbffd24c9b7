"""Asks the API server, as its administrator; for the readiness checks of `up`, `status` and the supervisor."""

import http.client
import json
import ssl
from functools import cached_property
from typing import Any

from dev.cluster.identity import Cluster


class ApiClient:
    """GET requests to 127.0.0.1, which is the forwarder on the host and the API server itself inside."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    @cached_property
    def _context(self) -> ssl.SSLContext:
        pki = self._cluster.pki
        context = ssl.create_default_context(cafile=pki / "ca.crt")
        context.load_cert_chain(pki / "admin.crt", pki / "admin.key")
        return context

    def get(self, path: str, *, timeout: float = 5) -> tuple[int, bytes]:
        """Status and body. Raises OSError or HTTPException while the server is not up."""
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self._cluster.ports.api, timeout=timeout, context=self._context
        )
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def objects(self, path: str) -> list[dict[str, Any]]:
        """The items of the list at `path`, or none while it cannot be read."""
        status, body = self.get(path)
        items: list[dict[str, Any]] = json.loads(body)["items"] if status == 200 else []
        return items

    def healthy(self, path: str, *, timeout: float = 5) -> bool:
        """Whether `path` answers 200; no connection is a no."""
        try:
            return self.get(path, timeout=timeout)[0] == 200
        except (OSError, http.client.HTTPException):
            return False
