"""A stand-in for the CRM: accepts every call that carries the right key, and prints it as one JSON line.

It runs in the Pod crm-sink; `kubectl logs deployment/crm-sink` shows what the functions have sent.
"""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Sink(BaseHTTPRequestHandler):
    """Answers PUT and DELETE below /contacts, and GET for the kubelet's probe."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(200)

    def do_PUT(self) -> None:
        self._show(json.loads(self.rfile.read(int(self.headers["content-length"]))))

    def do_DELETE(self) -> None:
        self._show(None)

    def _show(self, body: object) -> None:
        if self.headers["authorization"] != f"Bearer {os.environ['CRM_TOKEN']}":
            self._answer(401)
            return
        call = {"method": self.command, "path": self.path, "team": self.headers["x-team"], "body": body}
        # one write, so that two threads never mix their lines
        sys.stdout.write(json.dumps({"record": self.headers["idempotency-key"], **call}) + "\n")
        sys.stdout.flush()
        self._answer(200)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing but the calls belongs into the log."""


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
ThreadingHTTPServer(("", 8080), Sink).serve_forever()
