"""A listener that is to end turns new callers away, and loses nobody who has come."""

import socket
import sys

import pytest

from graph.http.listener import queued, turn_away

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux filters connections")
_SHORT_S = 0.1


def test_who_is_in_the_queue_is_heard_and_who_comes_later_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        there = listener.getsockname()
        with socket.create_connection(there) as early, socket.socket() as late:
            assert turn_away(listener)
            late.settimeout(_SHORT_S)
            with pytest.raises(TimeoutError):
                late.connect(there)
            early.sendall(b"sent after all")
            (taken,) = queued(listener)
            with taken:
                taken.setblocking(True)  # noqa: FBT003  # the standard library's
                assert taken.recv(100) == b"sent after all"
        listener.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(there)


def test_what_takes_no_filter_is_left_alone() -> None:
    with socket.socket() as closed:
        closed.close()
        assert not turn_away(closed)
