"""`python -m xkit_operator.dispatcher`: reads the environment, serves on uvloop, ends with 0 or says why."""

import asyncio
import gc
import os
import resource
import sys

import uvloop

from xkit_operator.dispatcher.runner import Runner
from xkit_operator.dispatcher.settings import Settings
from xkit_operator.dispatcher.telemetry.log import Log
from xkit_operator.errors import XkitError


async def _serve(settings: Settings, log: Log) -> None:
    runner = Runner(settings, log)
    gc.set_threshold(5000, 20, 50)  # nearly all of what a record needs dies without a collector's help
    gc.freeze()  # what is loaded by now lives as long as the process: no collection has to look at it again
    await runner.run()


def _allow_all_connections() -> None:
    """Open as many files as may be: containers often start with far fewer than there may be connections."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main() -> int:
    """The exit code."""
    try:
        _allow_all_connections()
        settings = Settings.from_environment(os.environ)
        log = Log(settings.log_level)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(settings, log))
    except XkitError as error:
        Log().error(str(error), code=error.code)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
