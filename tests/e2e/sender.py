"""A sync engine in small, run in the network: `sender.py send URL [TOKEN]`, `sender.py stream URL RATE RECORD`.

`send` posts its standard input once and prints {"status", "body"}. `stream` posts a record with ids of its own at a
steady rate until its standard input ends; it tries a retryable answer again for PATIENCE, but not a lost connection.
"""

import asyncio
import itertools
import json
import sys
import time
from collections import Counter
from typing import Any

import aiohttp

RETRYABLE = {429, 500, 502, 503, 504}
PATIENCE = 45.0  # seconds after the first attempt in which another may begin
LONGEST_PAUSE = 2.0


async def send(url: str, token: str = "") -> dict[str, Any]:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(url, **_json(sys.stdin.read())) as answer,
    ):
        return {"status": answer.status, "body": await answer.json(content_type=None)}


async def stream(url: str, rate: int, record: dict[str, Any]) -> dict[str, Any]:
    """Returns the counts of answers by status, the lost ids with the reason, and the ids answered with 200."""
    answers: Counter[int] = Counter()
    lost: dict[str, str] = {}
    delivered: list[str] = []
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    async with aiohttp.ClientSession() as session:
        running = set()
        number = 0
        while not ended.done():
            one = _deliver(session, url, record | {"id": f"stream-{number}"}, answers, lost, delivered)
            running.add(asyncio.create_task(one))
            number += 1
            await asyncio.sleep(1 / rate)
        await asyncio.gather(*running)
    return {"sent": number, "answers": answers, "lost": lost, "delivered": delivered}


async def _deliver(
    session: aiohttp.ClientSession,
    url: str,
    record: dict[str, Any],
    answers: Counter[int],
    lost: dict[str, str],
    delivered: list[str],
) -> None:
    enough = time.monotonic() + PATIENCE
    for attempt in itertools.count(1):
        try:
            async with session.post(url, **_json(json.dumps(record | {"attempt": attempt}))) as answer:
                answers[answer.status] += 1
                await answer.read()
        except aiohttp.ClientError as error:
            lost[record["id"]] = repr(error)
            return
        if answer.status == 200:
            delivered.append(record["id"])
            return
        if answer.status not in RETRYABLE or time.monotonic() > enough:
            break
        await asyncio.sleep(min(0.2 * attempt, LONGEST_PAUSE))
    lost[record["id"]] = f"answered {answer.status}"


def _json(body: str) -> dict[str, Any]:
    return {"data": body.encode(), "headers": {"content-type": "application/json"}}


if __name__ == "__main__":
    task, url, *rest = sys.argv[1:]
    print(
        json.dumps(asyncio.run(send(url, *rest) if task == "send" else stream(url, int(rest[0]), json.loads(rest[1]))))
    )
