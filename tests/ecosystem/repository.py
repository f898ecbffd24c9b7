"""Git repositories on loopback, over HTTP as every host of Git serves them: clone, fetch and push.

Made by the program that Git itself ships for it, `git http-backend`, behind a server that only speaks CGI to it.
"""

import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

AUTHOR = {
    "GIT_AUTHOR_NAME": "Team",
    "GIT_AUTHOR_EMAIL": "team@example.com",
    "GIT_COMMITTER_NAME": "Team",
    "GIT_COMMITTER_EMAIL": "team@example.com",
}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env={**os.environ, **AUTHOR}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr}"
    return done.stdout.strip()


class Repository:
    """A working copy with its remote at `url`; what is committed is pushed."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url

    def copy(self, source: Path, *, to: str = ".") -> None:
        shutil.copytree(source, self.folder / to, symlinks=True, dirs_exist_ok=True)

    def commit(self, message: str, files: dict[str, str] | None = None) -> str:
        """Write `files`, commit all that changed, and push it; the commit's id."""
        for name, text in (files or {}).items():
            (self.folder / name).write_text(text)
        git(self.folder, "add", "--all")
        git(self.folder, "commit", "--quiet", "--message", message)
        git(self.folder, "push", "--quiet", "origin", "main")
        return git(self.folder, "rev-parse", "HEAD")

    def read(self, name: str) -> str:
        return (self.folder / name).read_text()


class GitHost:
    """Where repositories are made and served."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder = folder
        self._address = address

    def url(self, name: str) -> str:
        """Of a new and empty repository, which anybody may push to."""
        bare = self._folder / f"{name}.git"
        git(self._folder, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
        git(bare, "config", "http.receivepack", "true")
        return f"{self._address}/{name}.git"

    def repository(self, name: str) -> Repository:
        """A new one with a working copy."""
        url, copy = self.url(name), self._folder / name
        git(self._folder, "clone", "--quiet", url, str(copy))
        return Repository(copy, url)


@contextmanager
def git_host(folder: Path) -> Iterator[GitHost]:
    """Serve what is made in `folder`."""

    class Handler(_Handler):
        root = folder

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield GitHost(folder, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    root: Path

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        asked = urlsplit(self.path)
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REQUEST_METHOD": self.command,
            "PATH_INFO": asked.path,
            "QUERY_STRING": asked.query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
        }
        done = subprocess.run(["git", "http-backend"], env=environment, input=body, capture_output=True, check=True)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
        self.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it."""
