"""The end of a listening socket, at which no connection is lost that the system has taken.

Closing a listener resets what waits in its queue, and between the last look at the queue and the
close there is always room for one more. So new callers are turned away first, by the system.
"""

import ctypes
import socket
import struct
import sys
from collections.abc import Iterator

# How long a handshake that has begun may take to end in the queue.
HANDSHAKE_S = 0.2

# <linux/filter.h> and <asm-generic/socket.h>; Python does not name them. A filter sees the TCP
# header: SYN without ACK, in the flags at byte 13, is how a connection begins.
_ATTACH_FILTER = 26
_IS_OPENING = (
    (0x30, 0, 0, 13),  # load the byte
    (0x54, 0, 0, 0x12),  # keep SYN and ACK of it
    (0x15, 0, 1, 0x02),  # SYN alone: go on, or skip a line
    (0x06, 0, 0, 0),  # drop
    (0x06, 0, 0, 0xFFFFFFFF),  # pass
)


def turn_away(listener: socket.socket) -> bool:
    """Lets no new connection begin, and those that have begun come into the queue.

    Who tries meanwhile tries again a second later, as TCP does, and is refused by then or
    answered by the next process. False where the system knows no such thing, as only Linux does.
    The filter belongs to the socket: one that other processes listen on would be shut for them.
    """
    if sys.platform != "linux":
        return False
    code = ctypes.create_string_buffer(
        b"".join(struct.pack("=HBBI", *line) for line in _IS_OPENING)
    )
    program = struct.pack("@HP", len(_IS_OPENING), ctypes.addressof(code))
    try:
        listener.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, program)
    except OSError:
        return False
    return True


def queued(listener: socket.socket) -> Iterator[socket.socket]:
    """The connections that wait in the queue."""
    listener.settimeout(0)
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:  # none, or no descriptor for it
            return
        yield connection
