"""Logs: one JSON object per line on standard error, for people with `jq` and for log collectors alike.

What a caller passes as `extra` becomes fields of the object; the key of the object concerned is always `key`.
"""

import json
import logging
import sys
from datetime import UTC, datetime

from kopf._cogs.clients.errors import APINotFoundError  # not exported

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_KOPF = frozenset({"k8s_skip", "k8s_ref", "settings", "local"})  # what kopf attaches for its own handlers


class JsonFormatter(logging.Formatter):
    """One record, one line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD | _KOPF}
        # Of a watched kind that is gone kopf logs the stack of each watch: the message says all that there is to know.
        if record.exc_info and not isinstance(record.exc_info[1], APINotFoundError):
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether it is more than what kopf leaves behind when the process ends: watches that were cut in the middle."""
    left_behind = "an error occurred during closing of asynchronous generator"
    return not (record.name == "asyncio" and record.getMessage().startswith(left_behind))


def configure_logs(level: str) -> None:
    """Send everything to standard error; libraries only from WARNING on, unless `level` is DEBUG."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(_is_news)
    logging.basicConfig(level="DEBUG" if level == "DEBUG" else "WARNING", handlers=[handler], force=True)
    logging.getLogger("xkit_operator").setLevel(level)
