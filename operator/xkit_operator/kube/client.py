"""The Kubernetes API as the rest of the operator sees it: plain dicts in and out, errors of our own tree.

A thin layer over the official client's `ApiClient` (TLS, tokens, connections). No retries and no caches: the queue
retries, and what is decided is decided on what the server says now.
"""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
from kubernetes.aio import config

from xkit_operator.errors import ApiNotFound, ApiUnreachable, LeaseLost
from xkit_operator.kube.kinds import path
from xkit_operator.kube.refusal import refusal

Object = dict[str, Any]

MANAGER = "xkit.dev/operator"
SCALE_MANAGER = "xkit.dev/operator-scale"

_APPLY = "application/apply-patch+yaml"
_MERGE = "application/merge-patch+json"
_TIMEOUT = aiohttp.ClientTimeout(total=30, connect=5)


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

    async def get(self, kind: str, *, namespace: str, name: str) -> Object:
        """Read one object. Raises ApiNotFound."""
        return await self._object("GET", kind, namespace=namespace, name=name)

    async def find(self, kind: str, *, namespace: str, name: str) -> Object | None:
        """Read one object; None when it is absent."""
        try:
            return await self.get(kind, namespace=namespace, name=name)
        except ApiNotFound:
            return None

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
        return await self._write("PATCH", obj, {"fieldManager": MANAGER}, patch=_MERGE)

    async def apply_status(self, obj: Object) -> Object:
        """Make `obj`'s status so. Its metadata.resourceVersion guards it: stale raises ApiConflict."""
        return await self._apply(obj, manager=MANAGER, subresource="status")

    async def delete(self, kind: str, *, namespace: str, name: str, uid: str) -> None:
        """Delete this very object. Raises ApiNotFound; ApiConflict when another has its name now."""
        options = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": uid}}
        await self._object("DELETE", kind, namespace=namespace, name=name, body=options)

    async def version(self) -> Object:
        """What the server says about itself: the cheapest proof that it answers us."""
        return await self._call("GET", "/version", "version")

    async def _apply(self, obj: Object, *, manager: str, subresource: str | None) -> Object:
        return await self._write("PATCH", obj, {"fieldManager": manager, "force": "true"}, subresource=subresource)

    async def _write(
        self, method: str, obj: Object, query: dict[str, str], *, subresource: str | None = None, patch: str = _APPLY
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
        patch: str = _APPLY,
    ) -> Object:
        where = path(kind, namespace=namespace, name=name, subresource=subresource)
        return await self._call(method, where, kind, query, body, subject=f"{kind} {namespace}/{name}", patch=patch)

    async def _call(
        self,
        method: str,
        where: str,
        kind: str,
        query: dict[str, str] | None = None,
        body: Object | None = None,
        subject: str | None = None,
        patch: str = _APPLY,
    ) -> Object:
        if method != "GET" and not self._may_write():
            raise LeaseLost(f"{method} {where}: another process may lead by now")
        status = 0
        try:
            status, data = await self._send(method, where, query, body, patch)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, config.ConfigException) as error:
            # OSError, ValueError, ConfigException: the token file is missing, malformed or empty for a moment.
            raise ApiUnreachable(f"{method} {where}: {str(error) or type(error).__name__}") from error
        finally:
            self._observe(method, status)
        if not 200 <= status < 300:
            raise refusal(status=status, body=data, subject=subject or where, kind=kind)
        answer: Object = json.loads(data)
        return answer

    async def _send(
        self, method: str, where: str, query: dict[str, str] | None, body: Object | None, patch: str
    ) -> tuple[int, bytes]:
        request = await self._api.param_serialize(
            method,
            where,
            query_params=list((query or {}).items()),
            body=body,
            header_params={
                "Accept": "application/json",
                "Content-Type": patch if method == "PATCH" else "application/json",
            },
            auth_settings=["BearerToken"],
        )
        response = await self._api.call_api(*request, _request_timeout=_TIMEOUT)
        return response.status, await response.read()
