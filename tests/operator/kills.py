"""kill -9 after each write of the operator to the API server, and another process each time to go on."""

import signal
import threading
from collections.abc import Callable

from tests.operator.world import World
from tests.waiting import until


def killed_after_each_write(
    world: World, begin: Callable[[], None], done: Callable[[], bool], *, most: int
) -> list[str]:
    """From `begin` until `done`, or until it was killed `most` times; after which writes. In the end it serves."""
    killed: list[str] = []
    striking = threading.Lock()

    def strike(method: str, path: str) -> None:
        with striking:
            if len(killed) < most:
                killed.append(f"{method} {path}")
                world.operator.kill()

    world.api.after = strike
    begin()
    while len(killed) < most:
        until("it is killed, or has nothing left to do", lambda: not world.operator.running or done())
        if world.operator.running:
            break
        _start_again(world)
    with striking:  # one that is under way is the last one
        most = 0
    until("it serves", lambda: _serves(world))
    return killed


def _serves(world: World) -> bool:
    if not world.operator.running:
        _start_again(world)
    return world.operator.ask("/readyz")[0] == 200


def _start_again(world: World) -> None:
    assert world.operator.wait() == -signal.SIGKILL
    world.operator.start(ready=False)
