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


class Server(ThreadingHTTPServer):
    """A thread for each connection."""

    request_queue_size = 128  # with the usual five, some of many who come at once wait for seconds

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up while it is answered, since its time is over, is no fault of this program."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
Server(("", 8080), Sink).serve_forever()
