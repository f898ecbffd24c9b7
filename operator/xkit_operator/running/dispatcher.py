"""`python -m xkit_operator.running.dispatcher`: the dispatcher of a Pod, which waits to be told what to serve.

Started ahead, so that its imports are over when a file changes. Its environment comes as a line of JSON on the standard
input; when that ends, whoever started it is gone, and it leaves. Beside its log it prints a line for each record.
"""

import asyncio
import json
import os
import signal
import socket
import sys
from threading import Thread

import uvloop

from xkit_operator.dispatcher import json_text
from xkit_operator.dispatcher.intake.records import Malformed, Record
from xkit_operator.dispatcher.outcomes.reply import Reply
from xkit_operator.dispatcher.runner import Runner
from xkit_operator.dispatcher.settings import Settings
from xkit_operator.dispatcher.telemetry.log import Level, Log, to_stdout
from xkit_operator.errors import XkitError

LAME_DUCK_SECONDS = 0.3
"""New connections go to the next version already: only the open ones have to be told."""


def _tell(record: Record | Malformed, reply: Reply, seconds: float) -> None:
    envelope = {} if isinstance(record, Malformed) else _about(record)
    line = {"dispatch": {**envelope, "seconds": round(seconds, 4), "answer": json_text.parse(reply.body)}}
    to_stdout(json_text.dump(line) + b"\n")


def _about(record: Record) -> dict[str, object]:
    return {"operation": record.operation, "source": record.source, "attempt": record.attempt, "key": record.key}


async def _serve() -> None:
    """On this machine alone: nobody else is to find the ports."""
    log = Log(Level.INFO)
    admin, records = (socket.create_server(("127.0.0.1", 0)) for _ in range(2))
    await Runner(Settings.from_environment(os.environ), log, witness=_tell, lame_duck_seconds=LAME_DUCK_SECONDS).run(
        admin, records
    )


def _leave_with_parent() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> int:
    """The exit code."""
    told = sys.stdin.readline()
    if not told:
        return 0
    os.environ.update(json.loads(told))
    Thread(target=_leave_with_parent, daemon=True).start()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve())
    except XkitError as error:
        Log().error(str(error), code=error.code)
        return 1
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    os._exit(main())  # a thread still waits for the standard input
