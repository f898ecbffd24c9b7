"""The two system calls that Python offers only from 3.12 on, for namespaces."""

import ctypes
import os

NEW_MOUNT, NEW_CGROUP, NEW_UTS, NEW_IPC, NEW_PID, NEW_NET = (
    0x00020000,
    0x02000000,
    0x04000000,
    0x08000000,
    0x20000000,
    0x40000000,
)

_libc = ctypes.CDLL(None, use_errno=True)


def unshare(flags: int) -> None:
    """Give this process new namespaces; a new PID namespace is for its next child. Raises OSError."""
    _check("unshare", _libc.unshare(flags))


def enter(pid: int, kind: str) -> None:
    """Move this process into the `kind` ("net", "mnt") namespace of `pid`. Raises OSError."""
    descriptor = os.open(f"/proc/{pid}/ns/{kind}", os.O_RDONLY)
    try:
        _check(f"setns {kind}", _libc.setns(descriptor, 0))
    finally:
        os.close(descriptor)


def set_hostname(name: str) -> None:
    """Name this UTS namespace. Raises OSError."""
    _check("sethostname", _libc.sethostname(name.encode(), len(name)))


def _check(call: str, result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
