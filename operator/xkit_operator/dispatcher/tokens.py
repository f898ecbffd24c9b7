"""The bearer tokens that senders may use: files that the kubelet fills from Secrets, read again when they change.

Several at once are right while one replaces another. A token that cannot be read accepts nobody: in doubt, closed.
"""

import hmac
from pathlib import Path


class Tokens:
    """`count` tokens in `directory`, in files named by their number; none at all accepts everybody."""

    def __init__(self, count: int, directory: Path) -> None:
        self._files = [directory / str(number) for number in range(count)]
        self._accepted: list[bytes] = []
        self.refresh()

    def refresh(self) -> None:
        """Read the files again. White space around a token is no part of it: a file often ends with a newline."""
        self._accepted = [text for text in map(_read, self._files) if text]

    def accept(self, authorization: bytes) -> bool:
        """Whether a request with this Authorization header may go on."""
        if not self._files:
            return True
        scheme, _, token = authorization.strip().partition(b" ")
        # all are compared, in constant time: how long it takes tells nothing about any of them
        matches = [hmac.compare_digest(token.strip(), one) for one in self._accepted]
        return scheme.lower() == b"bearer" and any(matches)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes().strip()
    except OSError:
        return b""
