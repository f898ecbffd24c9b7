"""A port that is listened on: from then on, whoever connects is not refused but waits for the first accept."""

import socket

BACKLOG = 1024


def listen(port: int) -> socket.socket:
    """Listen on `port`, on both families where there are both; 0 takes a free one. Raises OSError."""
    if socket.has_dualstack_ipv6():
        return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=BACKLOG)
    return socket.create_server(("", port), backlog=BACKLOG)
