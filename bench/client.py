"""A load client for HTTP/1.1: raw sockets, kept alive, one request under way on each.

A general HTTP client costs more per request than the server does and would measure itself.
It knows nothing of the project and runs in a process of its own.
"""

import selectors
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from statistics import quantiles
from time import perf_counter, process_time

_HOST = "127.0.0.1"
_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length: "
_OK = b"HTTP/1.1 200 "
_UNCHANGED = b"HTTP/1.1 304 "
_BUFFER_BYTES = 1024 * 1024
_SILENCE_S = 30


@dataclass(frozen=True, slots=True)
class Load:
    """What to ask of the server on a local port: the requests in turn, for some time."""

    port: int
    requests: tuple[bytes, ...]
    connections: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it; `busy` is the share of the time that the client itself was at work."""

    per_second: float
    median_ms: float
    p99_ms: float
    busy: float


def post(path: str, body: bytes) -> bytes:
    """The bytes of a request that posts JSON."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: {_HOST}\r\naccept: application/json\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def get(path: str, etag: str | None = None) -> bytes:
    """The bytes of a request that gets an address, with the validator of an earlier answer."""
    condition = f"if-none-match: {etag}\r\n" if etag else ""
    return (
        f"GET {path} HTTP/1.1\r\nhost: {_HOST}\r\naccept: application/json\r\n{condition}\r\n"
    ).encode()


class _Caller:
    """One connection, and how much of its response is still to come."""

    __slots__ = ("_buffer", "_left", "_requests", "_socket", "asked_at")

    def __init__(self, port: int, requests: Iterator[bytes], buffer: bytearray) -> None:
        self._socket = socket.create_connection((_HOST, port), _SILENCE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = requests
        self._buffer = buffer
        self._left = 0

    def fileno(self) -> int:
        """The number by which a selector knows the socket."""
        return self._socket.fileno()

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def ask(self) -> None:
        """Send the next request."""
        self.asked_at = perf_counter()
        self._socket.sendall(next(self._requests))

    def has_answer(self) -> bool:
        """Take what has arrived; whether the response is complete."""
        size = self._socket.recv_into(self._buffer)
        if not size:
            raise ConnectionError("the server closed the connection")
        if not self._left:
            self._left = self._total(size)
        self._left -= size
        return not self._left

    def _total(self, size: int) -> int:
        """The length of the response whose first `size` bytes are in the buffer."""
        buffer = self._buffer
        head_end = buffer.find(_HEAD_END, 0, size)
        at = buffer.find(_LENGTH, 0, head_end)
        if buffer.startswith(_UNCHANGED) and head_end >= 0:
            return head_end + len(_HEAD_END)
        # A head is far shorter than a packet and is written at once.
        if head_end < 0 or at < 0 or not buffer.startswith(_OK):
            raise ConnectionError(f"not a response: {bytes(buffer[: min(size, 200)])!r}")
        length = int(buffer[at + len(_LENGTH) : buffer.find(b"\r", at)])
        return head_end + len(_HEAD_END) + length


def drive(load: Load) -> Outcome:
    """The outcome of a load; the requests still under way at its end are not counted."""
    buffer = bytearray(_BUFFER_BYTES)
    requests = cycle(load.requests)
    callers = [_Caller(load.port, requests, buffer) for _ in range(load.connections)]
    try:
        with selectors.DefaultSelector() as selector:
            for caller in callers:
                selector.register(caller, selectors.EVENT_READ, caller)
            return _drive(selector, callers, load.seconds)
    finally:
        for caller in callers:
            caller.close()


def _drive(selector: selectors.BaseSelector, callers: list[_Caller], seconds: float) -> Outcome:
    took: list[float] = []
    began, worked = perf_counter(), process_time()
    for caller in callers:
        caller.ask()
    now = began
    while now - began < seconds:
        for key, _ in selector.select(_SILENCE_S):
            caller = key.data
            if caller.has_answer():
                now = perf_counter()
                took.append(now - caller.asked_at)
                caller.ask()
    elapsed = perf_counter() - began
    cuts = quantiles(took, n=100)
    return Outcome(
        len(took) / elapsed, cuts[49] * 1000, cuts[98] * 1000, (process_time() - worked) / elapsed
    )
