"""One record on its way: the text that its author wrote, and what sending has to know about it.

The text is passed on as it is, since numbers may have more digits than a program keeps. What has to be added is put in
behind the last member: of a name given twice in one object, the last one counts (docs/reference/mapping.md).
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from xkit_operator.dispatcher import json_text

FAILURE_MEMBERS = frozenset(("line", "answer", "record"))
"""What a line of a failures file has: such a file can be sent again as it is."""


class NotARecord(ValueError):
    """A text that can be no record: `str(error)` says why."""


@dataclass(slots=True, eq=False)
class Record:
    """One record and how often it has been tried."""

    line: int
    """Where it stands, from 1."""
    end: int
    """Bytes of its file up to and including its line."""
    text: bytes
    key: str | None
    first_attempt: int
    """The number that its first attempt has: its author may have tried before."""
    tries: int = 0
    started: int = 0
    """Attempts in which the function may have seen it."""
    waited: float = 0.0
    """Seconds between attempts."""
    alone: bool = field(default=False)
    """Whether it must not share a request with others, since a request with it was refused as a whole."""

    def body(self) -> bytes:
        """The text for the next attempt."""
        return self.text if self.tries == 0 else _with(self.text, attempt=self.first_attempt + self.tries)


def read_record(text: bytes, *, line: int, end: int) -> Record:
    """Read the envelope in `text`. Raises NotARecord when it is no JSON object."""
    try:
        value = json_text.parse(text)
    except ValueError as error:
        raise NotARecord(f"no JSON: {error}") from error
    if not isinstance(value, dict):
        raise NotARecord("a record must be a JSON object")
    if value.keys() == FAILURE_MEMBERS and isinstance(value["record"], dict):
        value = value["record"]
        text = text_of(value)
    if not value.get("id"):
        # the same in every attempt and every run, so that receivers can tell a repetition from another record
        text = _with(text, id=hashlib.sha256(b"%d:%b" % (line, text)).hexdigest()[:32])
    return Record(line, end, text, _key(value), _attempt(value))


def text_of(value: Any) -> bytes:
    """A value that was read, as text again; a number that no double holds is none, so that its reader refuses it."""
    # backslashreplace writes a lone surrogate as JSON does
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="backslashreplace")


def _key(value: dict[str, Any]) -> str | None:
    key = value.get("key")
    return key if isinstance(key, str) else None


def _attempt(value: dict[str, Any]) -> int:
    attempt = value.get("attempt")
    return attempt if type(attempt) is int else 1


def _with(text: bytes, **members: Any) -> bytes:
    bare = text.rstrip()[:-1].rstrip()
    return b"%b%b%b" % (bare, b"" if bare == b"{" else b",", json_text.dump(members)[1:])
