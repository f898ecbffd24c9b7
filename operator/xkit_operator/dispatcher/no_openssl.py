"""Loads what serves without OpenSSL: no connection of a runner Pod is encrypted here, and it takes 4 MiB of each.

hashlib and hmac do without `_hashlib` where there is none. asyncio would do without `ssl` too, but uvloop names these
members of it while it is loaded, and uses them for encrypted connections only.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_CLASSES = (
    "CertificateError",
    "MemoryBIO",
    "SSLContext",
    "SSLError",
    "SSLSyscallError",
    "SSLWantReadError",
    "SSLZeroReturnError",
    "create_default_context",
)
_NUMBERS = ("SSL_ERROR_SYSCALL", "SSL_ERROR_WANT_READ", "SSL_ERROR_WANT_WRITE")


@contextmanager
def no_openssl() -> Iterator[None]:
    """What is imported meanwhile finds none; who wants it later gets it."""
    stand_in = ModuleType("ssl")
    for name in _CLASSES:
        setattr(stand_in, name, type(name, (OSError,), {}))
    for number, name in enumerate(_NUMBERS):
        setattr(stand_in, name, number)
    hidden = {"ssl": stand_in, "_hashlib": None}
    sys.modules.update(hidden)  # type: ignore[arg-type] # None is what the import system takes for "there is none"
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
