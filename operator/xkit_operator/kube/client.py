"""The Kubernetes API as the rest of the operator sees it: plain dicts in and out, errors of our own tree.

A thin layer over the official client's `ApiClient` (TLS, tokens, connections). No retries: the queue retries.
Of objects only their `versions` are kept, and for a moment `copies`.
"""

from collections.abc import AsyncIterator, Callable
from typing import Any

from msgspec.json import decode

from xkit_operator.errors import ApiConflict, ApiNotFound, LeaseLost
from xkit_operator.kube.copies import Copies
from xkit_operator.kube.kinds import path
from xkit_operator.kube.refusal import refusal
from xkit_operator.kube.transport import APPLY, ENDLESS, MERGE, answering, request
from xkit_operator.kube.versions import Versions

Object = dict[str, Any]

MANAGER = "xkit.dev/operator"
SCALE_MANAGER = "xkit.dev/operator-scale"


class Cluster:
    """One API server. `observe` is told the verb and the HTTP status (0: no answer) of every request.

    `may_write` is asked before every write, which raises LeaseLost when it says no.
    """

    def __init__(
        self, api: Any, observe: Callable[[str, int], None], may_write: Callable[[], bool] = lambda: True
    ) -> None:
        self._api = api
        self._observe = observe
        self._may_write = may_write
        self.versions = Versions()
        self.copies = Copies()

    async def get(self, kind: str, *, namespace: str, name: str) -> Object:
        """Read one object. Raises ApiNotFound."""
        return await self._object("GET", kind, namespace=namespace, name=name)

    async def find(self, kind: str, *, namespace: str, name: str) -> Object | None:
        """Read one object; None when it is absent."""
        try:
            return await self.get(kind, namespace=namespace, name=name)
        except ApiNotFound:
            return None

    async def recall(self, kind: str, *, namespace: str, name: str) -> Object | None:
        """As `find`, without a request where a copy is at hand; a watch may know more already, and tells it then."""
        copy = self.copies.get(kind, namespace=namespace, name=name)
        return await self.find(kind, namespace=namespace, name=name) if copy is None else copy

    async def list(
        self, kind: str, *, namespace: str | None = None, labels: str = "", fields: str = "", page: int = 500
    ) -> AsyncIterator[Object]:
        """Yield the objects that match both selectors, `page` at a time; without `namespace` from all of them."""
        query = {"limit": str(page), "labelSelector": labels, "fieldSelector": fields}
        where = path(kind, namespace=namespace)
        while True:
            found = await self._call("GET", where, kind, {key: value for key, value in query.items() if value})
            for item in found["items"]:
                yield item
            query["continue"] = found["metadata"].get("continue", "")
            if not query["continue"]:
                return

    async def log(self, *, namespace: str, pod: str, query: dict[str, str]) -> AsyncIterator[bytes]:
        """Yield what a container has written, in pieces as they come; with `follow` in `query` until it ends.

        Raises ApiNotFound when the Pod is gone, ApiRefused while the container has not started.
        """
        where = path("Pod", namespace=namespace, name=pod, subresource="log")
        status = 0
        try:
            with answering("GET", where):
                response = await request(self._api, "GET", where, query, timeout=ENDLESS)
                async with response.response as answer:
                    status = answer.status
                    if status != 200:
                        raise refusal(status=status, body=await answer.read(), subject=where, kind="Pod")
                    async for piece in answer.content.iter_any():
                        yield piece
        finally:
            self._observe("GET", status)

    async def create(self, obj: Object) -> Object:
        """Store a new object. Raises ApiConflict when there is one of its name."""
        kind, metadata = obj["kind"], obj["metadata"]
        where = path(kind, namespace=metadata["namespace"])
        return await self._call("POST", where, kind, {"fieldManager": MANAGER}, obj)

    async def replace(self, obj: Object) -> Object:
        """Store `obj` as a whole. Its metadata.resourceVersion guards it: stale raises ApiConflict."""
        return await self._write("PUT", obj, {"fieldManager": MANAGER})

    async def apply(self, obj: Object, *, manager: str = MANAGER) -> Object:
        """Make the fields in `obj` so (server-side apply), also against other managers; returns the whole object."""
        return await self._apply(obj, manager=manager, subresource=None)

    async def overwrite(self, obj: Object) -> Object:
        """Make the fields in `obj` so, its lists as a whole, whoever wrote their elements; returns the whole object.

        Its metadata.resourceVersion guards it: stale raises ApiConflict.
        """
        return await self._write("PATCH", obj, {"fieldManager": MANAGER}, patch=MERGE)

    async def apply_status(self, obj: Object) -> Object:
        """Make `obj`'s status so. Its metadata.resourceVersion guards it: stale raises ApiConflict."""
        return await self._apply(obj, manager=MANAGER, subresource="status")

    async def delete(self, kind: str, *, namespace: str, name: str, uid: str) -> None:
        """Delete this very object. Raises ApiNotFound; ApiConflict when another has its name now."""
        # Before the watch tells of it: whoever wants it again meanwhile has to find that it is gone.
        self.versions.forget((kind, namespace, name))
        options = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": uid}}
        await self._object("DELETE", kind, namespace=namespace, name=name, body=options)

    async def version(self) -> Object:
        """What the server says about itself: the cheapest proof that it answers us."""
        return await self._call("GET", "/version", "version")

    async def _apply(self, obj: Object, *, manager: str, subresource: str | None) -> Object:
        return await self._write("PATCH", obj, {"fieldManager": manager, "force": "true"}, subresource=subresource)

    async def _write(
        self, method: str, obj: Object, query: dict[str, str], *, subresource: str | None = None, patch: str = APPLY
    ) -> Object:
        metadata = obj["metadata"]
        return await self._object(
            method,
            obj["kind"],
            namespace=metadata["namespace"],
            name=metadata["name"],
            subresource=subresource,
            query=query,
            body=obj,
            patch=patch,
        )

    async def _object(
        self,
        method: str,
        kind: str,
        *,
        namespace: str,
        name: str,
        subresource: str | None = None,
        query: dict[str, str] | None = None,
        body: Object | None = None,
        patch: str = APPLY,
    ) -> Object:
        where = path(kind, namespace=namespace, name=name, subresource=subresource)
        subject = f"{kind} {namespace}/{name}"
        try:
            obj = await self._call(method, where, kind, query, body, subject=subject, patch=patch)
        except (ApiConflict, ApiNotFound):
            self.copies.drop((kind, namespace, name))
            raise
        if method != "DELETE":
            self.copies.keep(obj)
        return obj

    async def _call(
        self,
        method: str,
        where: str,
        kind: str,
        query: dict[str, str] | None = None,
        body: Object | None = None,
        subject: str | None = None,
        patch: str = APPLY,
    ) -> Object:
        if method != "GET" and not self._may_write():
            raise LeaseLost(f"{method} {where}: another process may lead by now")
        status = 0
        try:
            with answering(method, where):
                response = await request(self._api, method, where, query, body, patch=patch)
                status, data = response.status, await response.read()
        finally:
            self._observe(method, status)
        if not 200 <= status < 300:
            raise refusal(status=status, body=data, subject=subject or where, kind=kind)
        answer: Object = decode(data)
        return answer
