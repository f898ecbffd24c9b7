"""What must be true of a runner after everything that was done to it: it serves, and has room for bodies as before."""

import asyncio
import json

from tests.executor.pod import Pod, record
from tests.fuzz.answers import read_answers
from tests.fuzz.judge import Fault
from tests.fuzz.wire import JSON, head
from xkit_operator.dispatcher.http.request_reader import MOST_BODY
from xkit_operator.dispatcher.http.server import MOST_BODY_BYTES


async def is_as_before(pod: Pod) -> None:
    """Raises Fault unless a record is served, and as many whole bodies at once as there is room for."""
    status, value, _ = await pod.send(record("last"))
    if (status, value.get("result")) != (200, {"id": "last", "operation": "upsert"}):
        raise Fault(f"after all, a valid record is answered {status} {value}")
    answers = await asyncio.gather(*(_send_whole_body(pod.port) for _ in range(MOST_BODY_BYTES // MOST_BODY)))
    if set(answers) != {200}:
        raise Fault(f"after all, as many bodies as there is room for are answered {answers}")


async def _send_whole_body(port: int) -> int:
    """The length alone takes the room: all of them hold theirs before the first body comes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    text = json.dumps(record("whole")).encode()
    writer.write(
        head((JSON, (b"content-length", b"%d" % MOST_BODY), (b"expect", b"100-continue"), (b"connection", b"close")))
    )
    await reader.readuntil(b"\r\n\r\n")
    writer.write(text + b" " * (MOST_BODY - len(text)))
    answers, _ = read_answers(await reader.read(), method="POST")
    writer.close()
    return answers[0].status
