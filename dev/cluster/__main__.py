"""`python3 -m dev.cluster`: refuses an old Python before any newer syntax is read."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - told to whoever has an older one, instead of a SyntaxError
    sys.exit("cluster: Python 3.11 or newer is needed (Debian 12, Ubuntu 24.04 and later have it as python3)")

from dev.cluster.commands import main

main()
