"""Ports of this machine for programs that tests start, which are told where to listen before they do."""

import socket
import weakref


class HeldPort:
    """A port on 127.0.0.1 that nobody else is given for as long as this object lives.

    It is bound all the time and never listened on. Who binds it with SO_REUSEADDR, as Go and asyncio do, may listen
    there, end and come back; the kernel gives it to nobody who asks for any port, and refuses connections meanwhile.
    """

    def __init__(self) -> None:
        held = socket.socket()
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        self.number = int(held.getsockname()[1])
        weakref.finalize(self, held.close)

    @property
    def address(self) -> str:
        """Host and port, as programs take it."""
        return f"127.0.0.1:{self.number}"
