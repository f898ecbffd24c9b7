"""What the kubelet, Prometheus and people ask, on a port of its own: /livez, /readyz, /metrics, /statusz.

Alive means that the event loop turns, whatever became of the user's code; ready, that a record could be started now.
"""

from collections.abc import Callable, Mapping
from typing import Any

from xkit_operator.dispatcher import json_text
from xkit_operator.dispatcher.admin.readiness import READY, Readiness
from xkit_operator.dispatcher.http.exchange import Head, MediaType, Response, Whole, refuse
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure
from xkit_operator.dispatcher.telemetry.metrics import Metrics


class Health:
    """Answers requests on the admin port."""

    def __init__(self, metrics: Metrics, *, readiness: Readiness, status: Callable[[], Mapping[str, Any]]) -> None:
        """`status` gives what is loaded."""
        self._metrics = metrics
        self._readiness = readiness
        self._status = status

    def admit(self, head: Head) -> Response | Whole:
        """How a request is answered; a probe's body, if it has one, is of no interest."""

        async def answer(_body: bytes) -> Response:
            return await self._respond(head)

        return Whole(answer)

    async def _respond(self, request: Head) -> Response:
        if request.method not in (b"GET", b"HEAD"):
            return refuse(Failure(Code.METHOD_NOT_ALLOWED, "only GET"), ("allow", "GET, HEAD"))
        if request.path == b"/livez":
            return _text(200, "alive")
        if request.path == b"/readyz":
            readiness = await self._readiness.answer()
            return _text(200 if readiness == READY else 503, readiness)
        if request.path == b"/metrics":
            return Response(200, self._metrics.expose(), MediaType.METRICS)
        if request.path == b"/statusz":
            return Response(200, json_text.dump(self._status()))
        return refuse(Failure(Code.NOT_FOUND, "/livez, /readyz, /metrics and /statusz are here"))


def _text(status: int, text: str) -> Response:
    return Response(status, f"{text}\n".encode(errors="replace"), MediaType.TEXT)
