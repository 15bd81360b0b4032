"""Connections to what a name leads to, once all of it is checked: the network below httpx.

The name is looked up here and nowhere else, and the connection goes to the very addresses that
were checked, so a name that leads elsewhere a moment later leads nowhere. TLS still proves the
name. What comes in is bounded in time and bytes, head and body, whatever its pace.
"""

import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from queue import Empty, SimpleQueue
from ssl import SSLContext
from threading import Lock, Thread
from typing import Any

import httpcore

from seed.harvest.addresses import Network, RefusedAddress, is_askable
from seed.harvest.deadline import Deadline

# Beside the body: status lines, headers, the marks of chunks.
_OVERHEAD_BYTES = 1024 * 1024

# Some systems tell a name without addresses from an unknown one.
_NOWHERE = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}

Resolve = Callable[[str, int], list[str]]


class TooLarge(Exception):
    """More came than a whole file may have."""


class UnknownHost(Exception):
    """A name that leads nowhere."""


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system resolves it. UnknownHost, or OSError."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise UnknownHost(host) from error
    except socket.gaierror as error:
        if error.errno in _NOWHERE:
            raise UnknownHost(host) from error
        raise
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class Gate(httpcore.NetworkBackend):
    """Opens the connections of one fetch, to public addresses and allowed networks only.

    `max_bytes` bounds what comes in by each connection, the deadline all of them together.
    """

    def __init__(
        self,
        deadline: Deadline,
        max_bytes: int,
        allowed: tuple[Network, ...] = (),
        resolve: Resolve = look_up,
    ) -> None:
        self._deadline = deadline
        self._max_bytes = max_bytes + _OVERHEAD_BYTES
        self._allowed = allowed
        self._resolve = resolve
        self._network = httpcore.SyncBackend()
        self._open: set[_Stream] = set()
        self._lock = Lock()
        self._is_shut = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first checked address of `host` that answers.

        RefusedAddress when the name leads to any that may not be asked.
        """
        addresses = self._checked(host, port, self._deadline.within_s(timeout))
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                stream = self._network.connect_tcp(
                    address, port, self._time(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return self._kept(_Stream(stream, self._deadline, self._max_bytes))
        raise failure

    def shut(self) -> None:
        """Ends all connections, so that who waits for them waits no longer."""
        with self._lock:
            self._is_shut = True
            streams = list(self._open)
        for stream in streams:
            stream.cut()

    def _kept(self, stream: "_Stream") -> "_Stream":
        with self._lock:
            self._open.add(stream)
            is_shut = self._is_shut
        if is_shut:
            stream.cut()
        return stream

    def _checked(self, host: str, port: int, timeout: float) -> list[str]:
        addresses = _in_time(self._resolve, host, port, timeout)
        for address in addresses:
            if not is_askable(address, self._allowed):
                raise RefusedAddress(
                    f"{host} leads to {address}, which is no public address; if it is yours, allow "
                    "its network by TERRIGRAPH_HARVEST_NETWORKS"
                )
        return addresses

    def _time(self, timeout: float | None) -> float:
        return _positive(self._deadline.within_s(timeout), httpcore.ConnectTimeout)


def _in_time(resolve: Resolve, host: str, port: int, timeout: float) -> list[str]:
    # The system's look-up knows no timeout, so a thread waits for it that nobody waits for.
    answer: SimpleQueue[list[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            answer.put(resolve(host, port))
        except (OSError, UnknownHost) as error:
            answer.put(error)

    Thread(target=ask, daemon=True, name=f"look-up of {host}").start()
    try:
        found = answer.get(timeout=timeout)
    except Empty:
        raise httpcore.ConnectTimeout(f"the look-up of {host} takes too long") from None
    if isinstance(found, OSError):
        raise httpcore.ConnectError(f"the look-up of {host} fails") from found
    if isinstance(found, Exception):
        raise found
    return found


def _positive(seconds: float, over: type[httpcore.TimeoutException]) -> float:
    # A timeout of zero would mean "do not block", which fails in another way.
    if seconds <= 0:
        raise over("the time for the whole is over")
    return seconds


class _Stream(httpcore.NetworkStream):
    """A connection that ends with its deadline or its bytes."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline, bytes_left: int) -> None:
        self._stream = stream
        self._deadline = deadline
        self._bytes_left = bytes_left
        self._is_cut = False
        # Of the TCP connection: TLS takes the socket over, and the descriptor stays the same.
        self._socket: socket.socket = stream.get_extra_info("socket")

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What came in; empty at the end. TooLarge, or a timeout of httpcore."""
        time = _positive(self._deadline.within_s(timeout), httpcore.ReadTimeout)
        data = self._stream.read(max_bytes, time)
        if self._is_cut:  # or the end of the connection would look like that of the file
            raise httpcore.ReadError("the connection was ended here")
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            raise TooLarge
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Sends all of it."""
        time = _positive(self._deadline.within_s(timeout), httpcore.WriteTimeout)
        self._stream.write(buffer, time)

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """The same connection, encrypted, with the same bounds."""
        time = _positive(self._deadline.within_s(timeout), httpcore.ConnectTimeout)
        self._stream = self._stream.start_tls(ssl_context, server_hostname, time)
        self._socket = self._stream.get_extra_info("socket")
        return self

    def cut(self) -> None:
        """Ends the connection from another thread: a read that waits returns."""
        self._is_cut = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Ends the connection."""
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        """What the connection below knows of itself."""
        return self._stream.get_extra_info(info)
