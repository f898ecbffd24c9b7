"""How a port is listened on: all get in that may; and how it is left: nobody is taken whom nobody will accept."""

import errno
import select
import socket
import sys
from contextlib import ExitStack

import pytest

from tests import open_files
from xkit_operator.dispatcher.http.listening import let_nobody_in, listen
from xkit_operator.dispatcher.http.server import MOST_CONNECTIONS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a filter of the Linux kernel")


def test_as_many_as_may_be_connected_get_in_before_the_first_is_accepted() -> None:
    with open_files.as_many_as_ever(), listen(0) as listener, ExitStack() as connected:
        place = ("127.0.0.1", listener.getsockname()[1])
        for _ in range(MOST_CONNECTIONS):
            connected.enter_context(socket.create_connection(place, timeout=60))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_who_was_let_in_is_served_and_who_comes_later_is_not_even_connected(host: str) -> None:
    with listen(0) as listener:
        place = (host, listener.getsockname()[1])
        with socket.create_connection(place) as before:
            let_nobody_in(listener)
            with pytest.raises(TimeoutError):
                socket.create_connection(place, timeout=0.3)
            before.sendall(b"asked")
            accepted, _ = listener.accept()
            with accepted:
                assert accepted.recv(9) == b"asked"
                accepted.sendall(b"answered")
            assert before.recv(9) == b"answered"
            assert before.recv(9) == b""


def test_who_comes_later_is_refused_once_the_listener_is_closed() -> None:
    with listen(0) as listener:
        place = ("127.0.0.1", listener.getsockname()[1])
        let_nobody_in(listener)
        with socket.socket() as late:
            late.setblocking(False)
            late.connect_ex(place)
            listener.close()
            select.select([], [late], [], 60)
            assert late.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNREFUSED
