"""A local HTTP server that answers as it is told to, byte by byte: well, badly, or never."""

import socket
import ssl
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Lock, Thread

_MAX_REQUEST = 64 * 1024

Write = Callable[[bytes], None]
Answer = bytes | Callable[[Write], None]


@dataclass(frozen=True)
class Request:
    """What was asked; header names in lower case."""

    target: str
    headers: dict[str, str]


def answer(
    body: bytes = b"", status: int = 200, *, length: int | None = None, **headers: str
) -> bytes:
    """A whole answer; `length` is told in place of the true one, `content_type` is a header."""
    lines = [
        f"HTTP/1.1 {status} Whatever",
        f"Content-Length: {len(body) if length is None else length}",
    ]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Site:
    """The answers of a server by target: the first to the first request, the last to all later.

    `over` is set when the server ends, so that what never ends does then. `most_at_once` tells
    how many requests of each host waited for the first bytes of an answer at once.
    """

    port: int = 0
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    over: Event = field(default_factory=Event)
    most_at_once: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _at_once: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _count: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _lock: Lock = field(default_factory=Lock)

    def at(self, target: str, *answers: Answer) -> str:
        """Sets the answers of a target and gives its address."""
        self.answers[target] = list(answers)
        self._count[target] = 0
        return self.url(target)

    def url(self, target: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{target}"

    def asked(self, target: str) -> list[Request]:
        """The requests for a target, in order."""
        return [request for request in self.requests if request.target == target]

    def reply(self, request: Request, write: Write) -> None:
        with self._lock:
            self.requests.append(request)
            known = self.answers.get(request.target, [answer(status=404)])
            found = known[min(self._count[request.target], len(known) - 1)]
            self._count[request.target] += 1
            host = request.headers["host"].partition(":")[0]
            self._at_once[host] += 1
            self.most_at_once[host] = max(self.most_at_once[host], self._at_once[host])
        is_waiting = True

        def begin(content: bytes) -> None:
            # Who has the answer may ask again before this thread goes on.
            nonlocal is_waiting
            if is_waiting:
                is_waiting = False
                with self._lock:
                    self._at_once[host] -= 1
            write(content)

        if isinstance(found, bytes):
            begin(found)
        else:
            found(begin)


@contextmanager
def serving(certificate: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A server on a free port of the loopback interface."""
    site = Site()

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            connection: socket.socket = self.request
            # Whoever asks may leave at any time, in the middle of a handshake as well.
            with suppress(OSError):
                if certificate:
                    connection = certificate.wrap_socket(connection, server_side=True)
                if request := _read(connection):
                    site.reply(request, connection.sendall)
                connection.close()

    class Server(ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server:
        site.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            site.over.set()
            server.shutdown()
            thread.join()


def _read(connection: socket.socket) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(4096)
        if not piece or len(data) > _MAX_REQUEST:
            return None
        data += piece
    first, *lines = data.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
    pairs = (line.split(":", 1) for line in lines)
    return Request(first.split(" ")[1], {name.lower(): value.strip() for name, value in pairs})
