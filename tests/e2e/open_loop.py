"""A busy sync engine, run in the cluster's network: `open_loop.py ADDRESS RATE RECORD`, until its input ends.

Record n leaves at its own moment of the schedule, whether or not earlier ones are answered; half of them over kept
connections, half over a fresh one each. A retryable answer is tried again after its Retry-After, a refused connection
soon, and a broken one never. As in a real engine it is time that ends this, not a count: a busy machine may refuse
records for half a minute while Pods start. And as in a real engine the attempts that are under way at once are bounded:
what is tried again and again on top of what is due would else leave such a machine nothing to answer with. Prints
`started`, and at the end one line per record with all its attempts.
"""

import asyncio
import json
import os
import sys
import time
from typing import Any

import uvloop
from plain_http import Client, Lost, Refused  # beside this program, which is run by its path

MOST_SECONDS = 300
PATIENCE = 150.0  # seconds after the first attempt in which another may begin
PAUSE = 0.2  # seconds before the first attempt for which the answer names none; before each later one, twice as many
LONGEST_PAUSE = 5.0
MOST_AT_ONCE = 200  # attempts under way, somewhat fewer than two Pods take; a machine that keeps up sees few of them


async def main(address: str, rate: int, record: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns of each record its id, the moment when it was due, and its attempts; all moments are monotonic."""
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    clients = [Client(address, 80, "/v1/records", keep=keep) for keep in (True, False)]
    slots = asyncio.Semaphore(MOST_AT_ONCE)
    start = time.monotonic()
    print("started", flush=True)
    running: list[asyncio.Task[dict[str, Any]]] = []
    while not ended.done() and len(running) < rate * MOST_SECONDS:
        number = len(running)
        due = start + number / rate
        await asyncio.sleep(due - time.monotonic())
        delivery = _deliver(clients[number % 2], record | {"id": f"traffic-{number}"}, slots, due=due)
        running.append(asyncio.create_task(delivery))
    journal = await asyncio.gather(*running)
    for client in clients:
        client.close()
    return journal


async def _deliver(client: Client, record: dict[str, Any], slots: asyncio.Semaphore, *, due: float) -> dict[str, Any]:
    attempts: list[dict[str, Any]] = []
    while not attempts or time.monotonic() < attempts[0]["sent"] + PATIENCE:
        async with slots:
            attempt = await _try(client, json.dumps(record | {"attempt": len(attempts) + 1}))
        attempts.append(attempt)
        if attempt["pause"] is None:
            break
        await asyncio.sleep(max(attempt["pause"], min(PAUSE * 2 ** (len(attempts) - 1), LONGEST_PAUSE)))
    return {"id": record["id"], "due": due, "attempts": attempts}


async def _try(client: Client, body: str) -> dict[str, Any]:
    """What became of one attempt; `pause` is the time until the next one may follow, None when none may."""
    attempt: dict[str, Any] = {"sent": time.monotonic(), "pause": None}
    try:
        answer = await client.post(body.encode())
    except Refused as error:
        attempt |= {"refused": str(error), "pause": PAUSE}
    except Lost as error:
        attempt |= {"lost": str(error)}
    else:
        attempt |= {"status": answer.status, "said": answer.body.get("detail")}
        if answer.body.get("retryable"):
            attempt["pause"] = float(answer.headers.get("retry-after", PAUSE))
    return attempt | {"ended": time.monotonic()}


if __name__ == "__main__":
    os.nice(-10)  # on a busy machine a sender that waits for its turn would keep no schedule
    address, rate, record = sys.argv[1:]
    for line in uvloop.run(main(address, int(rate), json.loads(record))):
        print(json.dumps(line))
