"""An API server as far as `xkit` asks it: lists, objects by name, and the logs of containers, over real HTTP.

Its refusals are those that a 1.35 server was seen to send. The end-to-end tests ask a real one.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Log:
    """What a container writes: lines with their times, until it ends."""

    lines: list[str] = field(default_factory=list)
    ended: bool = False
    breaks_after: int | None = None
    """The connection of the first reader breaks after so many lines."""


@dataclass
class ApiServer:
    """What it has, by the plural of the kind; and what it refuses, by the path."""

    objects: defaultdict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    refused: dict[str, tuple[int, str]] = field(default_factory=dict)
    logs: defaultdict[tuple[str, str], Log] = field(default_factory=lambda: defaultdict(Log))
    asked: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    port: int = 0

    def kubeconfig(self, folder: Path, namespace: str | None = None) -> Path:
        """A file that leads here."""
        chosen = {"cluster": "here", **({"namespace": namespace} if namespace else {})}
        file = folder / "kubeconfig"
        content = {
            "current-context": "test",
            "contexts": [{"name": "test", "context": chosen}],
            "clusters": [{"name": "here", "cluster": {"server": f"http://127.0.0.1:{self.port}"}}],
        }
        file.write_text(json.dumps(content))
        return file

    def write(self, pod: str, container: str, *lines: str, ends: bool = False) -> None:
        """Have a container write, and end."""
        with self.changed:
            log = self.logs[pod, container]
            log.lines += lines
            log.ended = log.ended or ends
            self.changed.notify_all()

    def answer(self, path: str) -> tuple[int, dict[str, Any] | str]:
        """What there is at `path`."""
        refusal = next((one for place, one in self.refused.items() if place in path), None)
        if refusal is not None:
            return refusal[0], {"kind": "Status", "message": refusal[1]}
        namespace, plural, name = _parts(path)
        found = [one for one in self.objects[plural] if namespace in (None, one["metadata"]["namespace"])]
        if name is None:
            return 200, {"metadata": {}, "items": found}
        for one in found:
            if one["metadata"]["name"] == name:
                return 200, one
        return 404, {"kind": "Status", "message": f'{plural} "{name}" not found'}


@contextmanager
def serving() -> Iterator[ApiServer]:
    """A server that is there for a while."""
    state = ApiServer()

    class Handler(_Handler):
        api = state

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        with state.changed:
            for log in state.logs.values():
                log.ended = True
            state.changed.notify_all()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    api: ApiServer

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path.endswith("/log") and not any(place in asked.path for place in self.api.refused):
            self._log(asked.path.split("/")[-2], {name: one for name, [one] in parse_qs(asked.query).items()})
            return
        self.api.asked.append(self.path)
        status, content = self.api.answer(asked.path)
        body = (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _log(self, pod: str, query: dict[str, str]) -> None:
        log = self.api.logs[pod, query["container"]]
        since = query.get("sinceTime", "")[:19]  # as the API: whole seconds
        tail = int(query.get("tailLines", len(log.lines)))
        told = len(log.lines) - tail
        self.api.asked.append(self.path)  # from here on, whatever is written is followed
        self.send_response(200)
        self.end_headers()
        breaks_after, log.breaks_after = (log.breaks_after, None) if "follow" in query else (None, log.breaks_after)
        while True:
            with self.api.changed:
                fresh, ended = log.lines[told:], log.ended
                if not fresh and not ended and "follow" in query:
                    self.api.changed.wait()
                    continue
            for line in fresh:
                if breaks_after == told:
                    return
                told += 1
                if line[:19] >= since:
                    self.wfile.write(f"{line}\n".encode())
            if ended or "follow" not in query:
                return

    def log_message(self, *arguments: Any) -> None:
        """Nothing: the tests look at what is asked."""


def _parts(path: str) -> tuple[str | None, str, str | None]:
    """Namespace, plural and name in a path of the API."""
    parts = path.strip("/").split("/")
    parts = parts[3:] if parts[0] == "apis" else parts[2:]
    namespace = parts[1] if parts[0] == "namespaces" else None
    parts = parts[2:] if namespace else parts
    return namespace, parts[0], parts[1] if len(parts) > 1 else None
