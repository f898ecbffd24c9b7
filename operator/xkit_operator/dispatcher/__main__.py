"""`python -m xkit_operator.dispatcher`: reads the environment, serves on uvloop, ends with 0 or says why.

The admin port is listened on before the rest is loaded, which takes most of the start: a probe that comes meanwhile
waits for its answer. Were it refused, the kubelet would come back a second later.
"""

import os
import sys

from xkit_operator.dispatcher.http.listening import listen
from xkit_operator.dispatcher.no_openssl import no_openssl
from xkit_operator.dispatcher.settings import Settings
from xkit_operator.dispatcher.telemetry.log import Log
from xkit_operator.errors import XkitError


def main() -> int:
    """The exit code."""
    try:
        settings = Settings.from_environment(os.environ)
        log = Log(settings.log_level)
        with listen(settings.admin_port) as admin:
            with no_openssl():
                from xkit_operator.dispatcher.serving import serve

            serve(settings, admin, log)
    except XkitError as error:
        Log().error(str(error), code=error.code)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
