"""`python -m xkit_operator.app`: the operator process. Its settings are environment variables: see settings.py."""

import asyncio
import logging
import os
import sys

from xkit_operator.app.logs import configure_logs
from xkit_operator.app.wiring import run
from xkit_operator.errors import XkitError
from xkit_operator.settings import Settings

logger = logging.getLogger("xkit_operator")


def main() -> int:
    """Run until told to stop; 1 when that was not what ended it."""
    configure_logs("INFO")
    try:
        settings = Settings.from_environment(os.environ)
        configure_logs(settings.log_level)
        asyncio.run(run(settings))
    except XkitError as error:
        logger.error("%s: %s", error.code, error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
