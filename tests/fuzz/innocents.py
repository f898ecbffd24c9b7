"""Senders that do nothing wrong: whatever the others do, what they are answered must be right."""

import asyncio
from collections import Counter
from random import Random
from typing import Any

import aiohttp

from tests.fuzz.judge import Fault
from tests.fuzz.wire import record

_TRY_AGAIN = {"TooManyBytes", "TooManyConnections"}
"""What the limits on all senders together may say to anybody."""


async def send_for_ever(url: str, random: Random, counts: Counter[str]) -> None:
    """Send one record after the other, in turn alone and in batches. Raises Fault."""
    async with aiohttp.ClientSession() as session:
        while True:
            sent = [record(random) for _ in range(random.choice((0, 1, 20)))]
            given = sent or record(random)
            async with session.post(url, json=given) as response:
                value = await response.json(content_type=None)
                if response.status == 503 and value["code"] in _TRY_AGAIN and "retry-after" in response.headers:
                    counts["try again"] += 1
                    continue
            pairs = zip(sent, value, strict=True) if sent else [(given, value)]
            for one, answer in pairs:
                _check(one, answer)
            counts["right"] += len(sent) or 1
            await asyncio.sleep(0.02)


def _check(one: Any, answer: Any) -> None:
    result = {"id": one["id"], "operation": one["operation"]}
    expected = {"id": one["id"], "status": 200, "outcome": "succeeded", "result": result}
    if answer != expected:
        raise Fault(f"an innocent sender was answered {answer!r:.500} instead of {expected!r}")
