"""A child that holds costs no request, for as long as nobody has touched it."""

import json
from typing import Any

from xkit_operator.kube.apply import keep
from xkit_operator.kube.client import Cluster

CHILD: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"namespace": "team-a", "name": "crm-1", "ownerReferences": [{"uid": "1", "controller": True}]},
    "data": {"a": "b"},
}


class Server:
    """The client library's side, with one object at most, which no watch tells of."""

    def __init__(self) -> None:
        self.stored = b""
        self.methods: list[str] = []
        self.status = 0

    async def param_serialize(self, method: str, *_: object, **__: object) -> tuple[str]:
        self.methods.append(method)
        return (method,)

    async def call_api(self, method: str, **_: object) -> "Server":
        if method == "PATCH":
            metadata = {**CHILD["metadata"], "uid": "2", "resourceVersion": str(len(self.methods))}
            self.stored = json.dumps({**CHILD, "metadata": metadata}).encode()
        self.status = 200 if self.stored else 404
        self.answer = self.stored
        if method == "DELETE":
            self.stored = b""
        return self

    async def read(self) -> bytes:
        return self.answer or b"{}"


async def test_a_child_that_holds_costs_nothing() -> None:
    server = Server()
    cluster = Cluster(server, lambda *_: None)
    await keep(cluster, CHILD)
    await keep(cluster, CHILD)
    assert server.methods == ["GET", "PATCH"]


async def test_a_child_that_was_deleted_is_made_again_even_before_the_watch_tells_of_its_end() -> None:
    server = Server()
    cluster = Cluster(server, lambda *_: None)
    await keep(cluster, CHILD)
    await cluster.delete("ConfigMap", namespace="team-a", name="crm-1", uid="2")
    await keep(cluster, CHILD)
    assert server.methods == ["GET", "PATCH", "DELETE", "GET", "PATCH"]
