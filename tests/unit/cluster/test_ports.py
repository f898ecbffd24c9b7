"""The ports that a name leads to."""

import contextlib
import socket

import pytest

from dev.cluster.ports import SLOTS, PortInUse, Ports, close, listen, slots


def test_dev_has_the_documented_ports() -> None:
    ports = Ports.of_slot(next(slots("dev")))
    assert (ports.api, ports.registry, ports.node_ports) == (16443, 15000, range(30000, 30032))


def test_the_same_name_always_leads_to_the_same_ports() -> None:
    assert list(slots("ci-4711")) == list(slots("ci-4711"))


def test_another_name_tries_every_slot_but_that_of_dev() -> None:
    assert sorted(slots("test")) == list(range(1, SLOTS))


def test_no_two_slots_share_a_port_and_none_is_ephemeral() -> None:
    everything = [port for slot in range(SLOTS) for port in Ports.of_slot(slot).all()]
    assert len(everything) == len(set(everything))
    assert max(everything) < 32768


def test_a_port_in_use_is_named_and_the_others_are_let_go() -> None:
    ports = free()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", ports.node_ports[5]))
        taken.listen()
        with pytest.raises(PortInUse, match=str(ports.node_ports[5])):
            listen(ports)
    sockets = listen(ports)  # would fail if the first try had kept some
    assert [listener.getsockname()[1] for listener in sockets] == ports.all()
    close(sockets)


def free() -> Ports:
    """Ports that nobody else on this machine has now."""
    for slot in reversed(range(SLOTS)):
        with contextlib.suppress(PortInUse):
            close(listen(Ports.of_slot(slot)))
            return Ports.of_slot(slot)
    raise AssertionError("no set of ports is free on this machine")
