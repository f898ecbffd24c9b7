"""A port that is listened on: from then on, whoever connects is not refused but waits for the first accept.

And how it is left: who connects between the last accept and the close would be reset, with its request unanswered.
"""

import array
import contextlib
import socket
import struct
import sys

BACKLOG = 4096
"""As many as Linux takes by default, and twice as many as may be connected: beyond it some would be reset unheard."""
_SO_ATTACH_FILTER = 26
_NO_SYN = (  # (code, if true, if false, operand) of a classic BPF program
    (0x30, 0, 0, 13),  # the flags of TCP
    (0x45, 0, 1, 0x02),  # is it a SYN?
    (0x06, 0, 0, 0),  # drop it
    (0x06, 0, 0, 0xFFFFFFFF),  # let all else pass
)


def listen(port: int) -> socket.socket:
    """Listen on `port`, on both families where there are both; 0 takes a free one. Raises OSError."""
    if socket.has_dualstack_ipv6():
        return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=BACKLOG)
    return socket.create_server(("", port), backlog=BACKLOG)


def let_nobody_in(listener: socket.socket) -> None:
    """Have the kernel take no more connections; those that it has taken, or is about to, are still accepted.

    Who tries is not answered, tries again a second later, and is refused if the listener is closed by then. Where the
    kernel cannot do it, nothing changes.
    """
    if sys.platform != "linux":
        return
    program = array.array("B", b"".join(struct.pack("HBBI", *instruction) for instruction in _NO_SYN))
    with contextlib.suppress(OSError):
        listener.setsockopt(
            socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("@HP", len(_NO_SYN), program.buffer_info()[0])
        )
