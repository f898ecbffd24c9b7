"""The dispatcher as a process: its event loop, its garbage collection, and how it ends."""

import asyncio
import gc
import resource
import socket

import uvloop

from xkit_operator.dispatcher.runner import Runner
from xkit_operator.dispatcher.settings import Settings
from xkit_operator.dispatcher.telemetry.log import Log


def serve(settings: Settings, admin: socket.socket, log: Log) -> None:
    """Serve until SIGTERM; `admin` is the listener of the admin port. Raises XkitError: the Pod cannot serve."""
    _allow_all_connections()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, admin, log))


async def _serve(settings: Settings, admin: socket.socket, log: Log) -> None:
    runner = Runner(settings, log)
    gc.set_threshold(5000, 20, 50)  # nearly all of what a record needs dies without a collector's help
    gc.freeze()  # what is loaded by now lives as long as the process: no collection has to look at it again
    await runner.run(admin)


def _allow_all_connections() -> None:
    """Open as many files as may be: containers often start with far fewer than there may be connections."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
