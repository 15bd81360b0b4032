"""The wire: uvicorn with bounds on what a connection may send, hold and wait for.

uvicorn's own protocol takes heads of any size and waits for them for ever. This one refuses
in the shape of every other refusal, and closes what stands still. It knows no GraphQL.
"""

import asyncio
import math
import socket
import sys
from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn, TypeVar

import httptools
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from graph.http import pages
from graph.http.headers import made_public
from graph.http.listener import HANDSHAKE_S, queued, turn_away
from graph.http.metrics import METRICS
from graph.http.problem import Problem, bad_request
from graph.http.whole import WholeCycle
from graph.settings import Settings, WireLimits

# How often deadlines are looked at. One look at all connections costs less than a timer for
# each part of each request.
_SWEEP_S, _DRAINING_SWEEP_S = 0.5, 0.1
# What is refused may go on arriving so long: closing at once would reset the connection, and
# the refusal would be lost with it.
_LINGER_S = 1.0
# A caller that asked just now asks again; later, its connection counts as unused.
_DRAIN_S = 1.0
# Longer than an operation may take, and short of the 10 s that supervisors commonly wait.
_SHUTDOWN_S = 8
_BACKLOG = 2048
# Descriptors for the database, logs and the loop itself.
_OTHER_DESCRIPTORS = 64

S = TypeVar("S", bound=WireLimits)

_UNREADABLE = bad_request("the request cannot be read as HTTP/1.1")


def affordable(settings: S) -> S:
    """The settings, with no more connections than there are descriptors for."""
    connections = _affordable_connections(settings.max_connections)
    # Among more connections than requests there is one that can make room.
    in_flight = min(settings.max_requests_in_flight, connections - 1)
    return settings.model_copy(
        update={"max_connections": connections, "max_requests_in_flight": in_flight}
    )


def _affordable_connections(wanted: int) -> int:
    """As many connections as descriptors allow, after asking the system for enough of them."""
    if sys.platform == "win32":  # has no such limit
        return wanted
    import resource  # noqa: PLC0415  # absent there

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + _BACKLOG + _OTHER_DESCRIPTORS
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return wanted
    # A whole backlog can be accepted before the first of it is seen.
    return max(2, min(wanted, (soft - _OTHER_DESCRIPTORS) // 2))


class _Connections:
    """The connections of a process that wait for a request, and the look at all deadlines."""

    def __init__(self) -> None:
        self.is_draining = False
        # In the order in which they began to wait; dicts, as sets have no order.
        self.fresh: dict[BoundedProtocol, None] = {}
        self.idle: dict[BoundedProtocol, None] = {}
        self._sweep: asyncio.TimerHandle | None = None

    def watch(self, loop: asyncio.AbstractEventLoop, all_of_them: set[Any]) -> None:
        """Looks at deadlines for as long as there are connections."""
        if self._sweep is None:
            pause = _DRAINING_SWEEP_S if self.is_draining else _SWEEP_S
            self._sweep = loop.call_later(pause, self._look, loop, all_of_them)

    def _look(self, loop: asyncio.AbstractEventLoop, all_of_them: set[Any]) -> None:
        self._sweep = None
        now = loop.time()
        for each in list(all_of_them):
            each.check(now)
        if all_of_them:
            self.watch(loop, all_of_them)

    def drain(self, loop: asyncio.AbstractEventLoop, all_of_them: set[Any]) -> None:
        """From now on each connection ends with its next response, or soon without one."""
        self.is_draining = True
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None
        self.watch(loop, all_of_them)

    def make_room(self) -> None:
        """Ends the connection that has waited longest, first among those that never asked."""
        for waiting in (self.fresh, self.idle):
            if waiting:
                next(iter(waiting)).give_way()
                return

    def forget(self, connection: "BoundedProtocol") -> None:
        """Counts a connection no more among those that wait."""
        self.fresh.pop(connection, None)
        self.idle.pop(connection, None)


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol within limits. `wire_protocol` makes the class that is used."""

    limits: ClassVar[WireLimits]
    waiting: ClassVar[_Connections]

    _since = 0.0  # when the connection began to wait for a head or body
    _until = math.inf  # when what it waits for must have come
    _is_in_head = False
    _is_receiving = False
    _is_timed = True
    _is_upgrading = False
    _is_refused = False
    _last_words: bytes | None = None
    _problem: Problem | None = None
    _piece_bytes = 0
    _head_bytes = 0
    _unsent_since: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        if len(self.connections) > self.limits.max_connections:
            self.waiting.make_room()
        self.waiting.fresh[self] = None
        patience = _DRAIN_S if self.waiting.is_draining else self.limits.head_timeout_s
        self._since = self.loop.time()
        self._until = self._since + patience
        self.waiting.watch(self.loop, self.connections)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.waiting.forget(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read a piece of a request, or refuse the whole of it."""
        if self._is_refused:
            return
        self._piece_bytes = len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._read_without_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self._refuse(self._problem or _UNREADABLE)
        else:
            if self._is_receiving:
                self._wait_for_more()

    def _wait_for_more(self) -> None:
        if not self._is_timed:
            self._is_timed = True
            limits = self.limits
            patience = limits.head_timeout_s if self._is_in_head else limits.body_timeout_s
            self._since = self.loop.time()
            self._until = self._since + patience
        if self._is_in_head:
            self._check_unfinished_head()

    def _check_unfinished_head(self) -> None:
        # The parser tells of a header when it is whole, so its parts are counted here.
        self._head_bytes += self._piece_bytes
        limits = self.limits
        if len(self.url) > limits.url_max_bytes:
            self._refuse(self._too_long_url())
        elif self._head_bytes > limits.url_max_bytes + limits.headers_max_bytes:
            self._refuse(self._too_long_headers(self._head_bytes))

    def _read_without_upgrade(self, rest: bytes) -> None:
        """Read the request as if it offered no other protocol, which a server may do.

        The parser leaves out the body of one that does; Java's client does in each request.
        """
        method = self.parser.get_method()
        if method == b"CONNECT":
            self._refuse(bad_request("requests are not passed on to other servers"))
            return
        lines = [name + b": " + value for name, value in self.headers if name != b"upgrade"]
        self._is_upgrading = False
        self.parser = httptools.HttpRequestParser(self)
        self.data_received(
            b"\r\n".join([b"%s %s HTTP/1.1" % (method, self.url), *lines, b"", rest])
        )

    def on_message_begin(self) -> None:
        """Begin to wait for a head."""
        super().on_message_begin()
        self._is_in_head = self._is_receiving = True
        self._head_bytes = -self._piece_bytes  # the piece may hold the end of another request
        if self.cycle is not None:  # of the first one, the time began with the connection
            self._is_timed = False
            self.waiting.idle.pop(self, None)

    def on_headers_complete(self) -> None:
        """Begin to answer and to wait for the body."""
        if self.parser.should_upgrade():
            self._is_upgrading = True
            return
        self._check_head()
        if self.cycle is None:
            self.waiting.fresh.pop(self, None)
        super().on_headers_complete()
        self._is_in_head = self._is_timed = False
        if self.waiting.is_draining:
            self.cycle.keep_alive = False

    def _check_head(self) -> None:
        limits, headers = self.limits, self.headers
        if len(self.url) > limits.url_max_bytes:
            self._stop(self._too_long_url())
        if len(headers) > limits.headers_max_fields:
            self._stop(self._too_many_headers())
        # A head that came in one short piece needs no counting.
        if self._head_bytes != -self._piece_bytes or self._piece_bytes > limits.headers_max_bytes:
            size = sum(len(name) + len(value) + len(": \r\n") for name, value in headers)
            if size > limits.headers_max_bytes:
                self._stop(self._too_long_headers(size))
        names = dict(headers)
        if len(names) < len(headers) or b"host" not in names:
            self._check_host()
        if len(self.pipeline) >= limits.max_requests_ahead:
            self._stop(self._too_many_ahead())
        if len(self.tasks) >= limits.max_requests_in_flight:
            self._stop(self._too_many_in_flight())

    def _check_host(self) -> None:
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (hosts == 0 and self.parser.get_http_version() == "1.1"):
            self._stop(bad_request("the request must have one `host` header"))

    def _too_long_url(self) -> Problem:
        limit = self.limits.url_max_bytes
        message = f"the address is over {limit} bytes; send the question as a POST"
        return self._over(414, message, "url_max_bytes", len(self.url))

    def _too_many_headers(self) -> Problem:
        limit = self.limits.headers_max_fields
        message = f"the request has over {limit} headers; send fewer, cookies are not needed"
        return self._over(431, message, "headers_max_fields", len(self.headers))

    def _too_long_headers(self, size: int) -> Problem:
        limit = self.limits.headers_max_bytes
        message = f"the headers are over {limit} bytes; send fewer, cookies are not needed"
        return self._over(431, message, "headers_max_bytes", size)

    def _too_many_ahead(self) -> Problem:
        limit = self.limits.max_requests_ahead
        message = f"over {limit} requests wait on this connection; read the answers"
        return self._over(400, message, "max_requests_ahead", len(self.pipeline) + 1)

    def _too_many_in_flight(self) -> Problem:
        message = "too many requests are being answered; ask again in a second"
        told = {"limit": self.limits.exceeded("max_requests_in_flight", len(self.tasks) + 1)}
        return Problem(503, "SERVICE_UNAVAILABLE", message, {"Retry-After": "1"}, told)

    def _over(self, status: int, message: str, setting: str, actual: float) -> Problem:
        told = {"limit": self.limits.exceeded(setting, actual)}
        return Problem(status, "BAD_REQUEST", message, extensions=told)

    def _stop(self, problem: Problem) -> NoReturn:
        # httptools passes on no exception of a callback, only that there was one.
        self._problem = problem
        raise problem

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        # uvicorn's protocol names the class of its cycles where no subclass can change it.
        cycle.__class__ = WholeCycle
        super()._start_asgi_task(cycle, app)

    def on_message_complete(self) -> None:
        """Wait for nothing while the answer is made."""
        if self._is_upgrading:
            return
        super().on_message_complete()
        self._is_receiving = False
        self._until = math.inf
        if self.cycle.response_complete:
            self._rest()

    def on_response_complete(self) -> None:
        """Wait for the next request, or refuse the one that came meanwhile.

        Not uvicorn's, which sets and unsets a timer for each request.
        """
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)
        elif self._last_words is not None:
            self._say(self._last_words)
        elif not self._is_receiving:
            self._rest()
        elif not self._is_in_head:
            # Who goes on sending what was answered already is not listened to for long.
            self._until = min(self._until, self.loop.time() + _LINGER_S)

    def _rest(self) -> None:
        self._until = self.loop.time() + self.limits.idle_timeout_s
        self.waiting.idle[self] = None

    def check(self, now: float) -> None:
        """End what stands still: a request that does not come, an answer that is not taken."""
        if not self.transport.get_write_buffer_size():
            self._unsent_since = None
        elif self._unsent_since is None:
            self._unsent_since = now
        elif now - self._unsent_since > self.limits.send_timeout_s:
            self.transport.abort()
            return
        if now < self._until or self.transport.is_closing():
            return
        if self.flow.read_paused:  # it is we who do not read
            self._until = now + self.limits.body_timeout_s
        elif self._is_refused or not self._is_receiving:
            self.transport.close()
        else:
            self._refuse(self._too_slow(now))

    def _too_slow(self, now: float) -> Problem:
        what = "head" if self._is_in_head else "body"
        setting = f"{what}_timeout_s"
        limit, waited = getattr(self.limits, setting), now - self._since
        if self.waiting.is_draining and waited <= limit:
            message = "the server is being stopped; ask again in a second"
            return Problem(503, "SERVICE_UNAVAILABLE", message, {"Retry-After": "1"})
        message = f"the {what} of the request took over {limit:g} s to arrive; send it at once"
        return self._over(408, message, setting, round(waited, 3))

    def give_way(self) -> None:
        """End, as another connection is more likely to be of use."""
        self.waiting.forget(self)
        self.connections.discard(self)
        self.transport.abort()

    def shutdown(self) -> None:
        """End with the response under way, or soon without one."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.keep_alive = False
        elif self in self.waiting.idle:
            self._until += _DRAIN_S - self.limits.idle_timeout_s
        elif self in self.waiting.fresh and not self._is_receiving:
            self._until += _DRAIN_S - self.limits.head_timeout_s

    def _refuse(self, problem: Problem) -> None:
        limit = problem.extensions.get("limit", {}).get("name")
        METRICS.refused(limit or problem.code)
        self._is_refused = True
        self.waiting.forget(self)
        words = _response(problem, self.server_state.default_headers)
        cycle = self.cycle
        if self.pipeline and self.pipeline[0][0] is cycle and not self._is_in_head:
            # Its own answer has not begun; those before it have to come first.
            self.pipeline.popleft()
            self._last_words = words
        elif cycle is None or cycle.response_complete:
            if self._is_in_head or not self._is_receiving:
                self._say(words)
            else:
                self.transport.close()  # answered before it was whole
        elif self._is_in_head:
            self._last_words = words
        elif cycle.response_started:
            self.transport.abort()
        else:
            cycle.disconnected = True
            cycle.message_event.set()
            self._say(words)

    def _say(self, words: bytes) -> None:
        """Write the last response of the connection, and let the caller read it."""
        self.flow.resume_reading()
        self._until = self.loop.time() + _LINGER_S
        if self.transport.is_closing():
            return
        self.waiting.fresh[self] = None  # it can make room
        self.transport.write(words)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        else:
            self.transport.close()


def _response(problem: Problem, default_headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The bytes of a whole response, the last one of its connection."""
    headers = {"cache-control": "no-store", "connection": "close", **problem.headers}
    response = made_public(pages.json_response(problem.body(), problem.status, **headers))
    lines = [name + b": " + value for name, value in (*default_headers, *response.raw_headers)]
    return STATUS_LINE[problem.status] + b"\r\n".join([*lines, b"", bytes(response.body)])


def wire_protocol(settings: WireLimits) -> type[BoundedProtocol]:
    """The protocol with the limits of the settings, for one process."""
    members = {"limits": affordable(settings), "waiting": _Connections()}
    return type("WireProtocol", (BoundedProtocol,), members)


class Server(uvicorn.Server):
    """Loses no request on its way out that the system has accepted a connection for."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what has come, refuse what comes; ends within 10 s."""
        loop = asyncio.get_running_loop()
        protocol = self.config.http_protocol_class
        if issubclass(protocol, BoundedProtocol):
            protocol.waiting.drain(loop, self.server_state.connections)
        if any([turn_away(listener) for listener in sockets or ()]):  # noqa: C419  # all of them
            await asyncio.sleep(HANDSHAKE_S)
        # The system has accepted these already, and would reset them when the listener closes.
        waiting = [connection for listener in sockets or () for connection in queued(listener)]
        taken = [loop.create_task(self._take(connection)) for connection in waiting]
        # Nothing waits between the look at the queue and the end of the listener in here.
        await super().shutdown(sockets)
        await asyncio.gather(*taken, return_exceptions=True)

    async def _take(self, connection: socket.socket) -> None:
        await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.BaseProtocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg]  # as uvicorn makes it
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )


def configured(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """How `terrigraph serve` runs uvicorn."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=wire_protocol(settings),
        ws="none",
        lifespan="on",
        log_config=None,  # `logs.py` has told where all of it goes
        access_log=False,
        server_header=False,
        proxy_headers=False,  # `callers.py` trusts the proxies of the settings and no others
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_SHUTDOWN_S,
    )
