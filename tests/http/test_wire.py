"""What a connection may send, hold and wait for, on the server that `terrigraph serve` runs."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest

from graph.http.server import Server, affordable, configured
from graph.settings import Settings

GET = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
_PATIENCE_S = 5


async def _app(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the bytes of the body; `/slow` takes its time, `/early` does not read."""
    if scope["type"] == "lifespan":
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    body, more = b"", scope["path"] != "/early"
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message["body"], message["more_body"]
    if scope["path"] == "/slow":
        await asyncio.sleep(0.5)
    if scope["path"] == "/large":
        body = b"x" * 16 * 1024 * 1024
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _soon(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


class Wire:
    """A running server and raw connections to it."""

    def __init__(self, port: int, server: Server) -> None:
        self.port = port
        self.server = server
        self.opened = ExitStack()

    def open(self) -> "Connection":
        connection = Connection(socket.create_connection(("127.0.0.1", self.port), _PATIENCE_S))
        self.opened.callback(connection.leave)
        return connection

    def ask(self, *pieces: bytes) -> "Response":
        connection = self.open()
        connection.send(*pieces)
        return connection.response()


class Response:
    def __init__(self, head: bytes, body: bytes) -> None:
        first, *lines = head.decode().split("\r\n")
        self.status = int(first.split()[1])
        self.headers = dict(line.lower().split(": ", 1) for line in lines)
        self.body = body

    def assert_refused(self, status: int, code: str, words: str) -> dict[str, Any]:
        assert self.status == status, self.body
        assert self.headers["connection"] == "close"
        assert self.headers["access-control-allow-origin"] == "*"
        (error,) = json.loads(self.body)["errors"]
        assert error["extensions"]["code"] == code
        assert words in error["message"]
        limit: dict[str, Any] = error["extensions"].get("limit", {})
        return limit


class Connection:
    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened
        self._read = opened.makefile("rb")

    def send(self, *pieces: bytes, pause_s: float = 0.0) -> None:
        for piece in pieces:
            self._socket.sendall(piece)
            time.sleep(pause_s)

    def response(self) -> Response:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self._read.readline()
            assert line, f"the connection ended after {head!r}"
            head += line
        response = Response(head[:-4], b"")
        response.body = self._read.read(int(response.headers["content-length"]))
        return response

    def ended_after_s(self) -> float:
        """How long it takes until the server closes; nothing more may come before."""
        began = time.monotonic()
        with suppress(ConnectionResetError):
            assert self._read.read(1) == b""
        return time.monotonic() - began

    def leave(self) -> None:
        self._read.close()
        self._socket.close()


@contextmanager
def running(**settings: Any) -> Iterator[Wire]:
    config = configured(_app, Settings(port=0, **settings))
    listener = config.bind_socket()
    server = Server(config)
    thread = threading.Thread(target=server.run, args=([listener],))
    port = listener.getsockname()[1]
    thread.start()
    wire = Wire(port, server)
    try:
        with wire.opened:
            _soon(lambda: server.started)
            yield wire
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def hasty() -> Iterator[Wire]:
    """A server that waits for nothing longer than half a second."""
    short = {f"{name}_timeout_s": 0.5 for name in ("head", "body", "idle")}
    with running(**short, send_timeout_s=1) as started:
        yield started


def _post(body: bytes, *headers: bytes) -> bytes:
    lines = [b"POST / HTTP/1.1", b"host: x", *headers, b"content-length: %d" % len(body)]
    return b"\r\n".join([*lines, b"", body])


def test_an_address_is_taken_up_to_the_limit_and_refused_beyond(wire: Wire) -> None:
    target = b"/?".ljust(16 * 1024, b"x")
    assert wire.ask(GET.replace(b"/ ", target + b" ")).status == 200
    for tail in (b"x ", b"x" * 100_000 + b" ", b"x" * 100_000):
        refused = wire.ask(GET.replace(b"/ ", target + tail))
        limit = refused.assert_refused(414, "BAD_REQUEST", "send the question as a POST")
        assert (limit["name"], limit["max"]) == ("urlBytes", 16 * 1024)
        assert limit["actual"] > 16 * 1024


def test_an_address_that_comes_in_pieces_is_refused_as_well(wire: Wire) -> None:
    pieces = [b"GET /", *[b"x" * 1000] * 20]
    wire.ask(*pieces).assert_refused(414, "BAD_REQUEST", "the address is over 16384 bytes")


def test_headers_are_taken_up_to_the_limit_and_refused_beyond(wire: Wire) -> None:
    room = 32 * 1024 - len(b"host: x\r\ncontent-length: 0\r\nx: \r\n")
    assert wire.ask(_post(b"", b"x: " + b"x" * room)).status == 200
    refused = wire.ask(_post(b"", b"x: " + b"x" * (room + 1)))
    limit = refused.assert_refused(431, "BAD_REQUEST", "the headers are over 32768 bytes")
    assert limit == {"name": "headerBytes", "max": 32768, "actual": 32769}


@pytest.mark.parametrize("endless", [b"x", b"x: x", b"x: x\r\n"])
def test_headers_without_end_are_refused_while_they_come(wire: Wire, endless: bytes) -> None:
    refused = wire.ask(GET[:-2], *[endless * 1000] * 60)
    refused.assert_refused(431, "BAD_REQUEST", "send fewer")


def test_so_many_headers_are_taken_and_not_one_more(wire: Wire) -> None:
    assert wire.ask(_post(b"", *[b"x: x"] * 98)).status == 200
    refused = wire.ask(_post(b"", *[b"x: x"] * 99))
    limit = refused.assert_refused(431, "BAD_REQUEST", "over 100 headers")
    assert limit == {"name": "headerFields", "max": 100, "actual": 101}


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"hello\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n",
        b"GET /\0 HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nx\0: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nx: a\r\n b\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nx : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\n: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\na",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1, 1\r\n\r\na",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n%s\r\n0\r\n\r\n"
        % b"transfer-encoding: chunked\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nx\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: x\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n",
        b"GET http:// HTTP/1.1\r\nhost: x\r\n\r\n",
        b"CONNECT x:80 HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET / HTTP/9.9\r\nhost: x\r\n\r\n",
    ],
)
def test_what_two_readers_might_read_differently_is_refused(
    wire: Wire, request_bytes: bytes
) -> None:
    connection = wire.open()
    connection.send(request_bytes)
    connection.response().assert_refused(400, "BAD_REQUEST", "request")
    assert connection.ended_after_s() < 2


@pytest.mark.parametrize("protocol", [b"websocket", b"h2c"])
def test_an_offer_of_another_protocol_is_passed_over(wire: Wire, protocol: bytes) -> None:
    connection = wire.open()
    offer = (b"connection: upgrade, http2-settings", b"upgrade: " + protocol)
    for body in (b"", b"body", b"x" * 100_000):
        connection.send(_post(body, *offer) + _post(b"next"))
        response = connection.response()
        assert (response.status, response.body) == (200, body)
        assert connection.response().body == b"next"


def test_a_connection_is_used_again_and_pieces_make_a_request(wire: Wire) -> None:
    connection = wire.open()
    for body in (b"one", b"two"):
        connection.send(*(bytes([byte]) for byte in _post(body)))
        assert connection.response().body == body


def test_requests_sent_ahead_are_answered_in_their_order(wire: Wire) -> None:
    connection = wire.open()
    slow = _post(b"0").replace(b"/ ", b"/slow ", 1)
    connection.send(slow + b"".join(_post(b"%d" % number) for number in range(1, 20)))
    for number in range(20):
        assert connection.response().body == b"%d" % number


@pytest.mark.parametrize(
    "broken",
    [
        b"hello\r\n\r\n",
        _post(b"", b"x: " + b"x" * 40_000),
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\nx\r\n",
    ],
)
def test_a_refusal_waits_for_the_answers_before_it(wire: Wire, broken: bytes) -> None:
    connection = wire.open()
    connection.send(_post(b"1").replace(b"/ ", b"/slow ", 1) + _post(b"2") + broken)
    assert connection.response().body == b"1"
    assert connection.response().body == b"2"
    assert connection.response().status in {400, 431}
    assert connection.ended_after_s() < 2


def test_requests_without_number_sent_ahead_are_refused(wire: Wire) -> None:
    connection = wire.open()
    connection.send(_post(b"1").replace(b"/ ", b"/slow ", 1) + _post(b"2") * 1000)
    answers = [connection.response() for _ in range(33)]
    assert [answer.body for answer in answers] == [b"1", *[b"2"] * 32]
    limit = connection.response().assert_refused(400, "BAD_REQUEST", "read the answers")
    assert limit == {"name": "requestsAhead", "max": 32, "actual": 33}


def test_a_head_that_does_not_come_is_refused_in_time(hasty: Wire) -> None:
    connection = hasty.open()
    connection.send(GET[:-2])
    limit = connection.response().assert_refused(408, "BAD_REQUEST", "the head of the request")
    assert (limit["name"], limit["max"]) == ("headSeconds", 0.5)
    assert limit["actual"] >= 0.5
    assert connection.ended_after_s() < 2


def test_one_byte_after_another_wins_no_time(hasty: Wire) -> None:
    first = hasty.open()
    first.send(*(bytes([byte]) for byte in GET[:8]), pause_s=0.15)
    first.response().assert_refused(408, "BAD_REQUEST", "send it at once")
    second = hasty.open()
    second.send(GET)
    assert second.response().status == 200
    began = time.monotonic()
    with pytest.raises(OSError, match=r"pipe|reset"):  # line ends alone begin no request
        second.send(*[b"\r\n"] * 30, pause_s=0.1)
    assert time.monotonic() - began < 2


def test_a_body_that_does_not_come_is_refused_in_time(hasty: Wire) -> None:
    for start in (_post(b"body")[:-1], _post(b"body")[:-4]):
        connection = hasty.open()
        connection.send(start)
        limit = connection.response().assert_refused(408, "BAD_REQUEST", "the body of the request")
        assert (limit["name"], limit["max"]) == ("bodySeconds", 0.5)
        assert limit["actual"] >= 0.5


def test_a_body_that_goes_on_after_the_answer_ends_the_connection(hasty: Wire) -> None:
    connection = hasty.open()
    head = b"POST /early HTTP/1.1\r\nhost: x\r\ncontent-length: 100000000\r\n\r\n"
    connection.send(head)
    assert connection.response().status == 200
    with pytest.raises(OSError, match=r"pipe|reset"):
        connection.send(*[b"x" * 1000] * 60, pause_s=0.05)


def test_a_connection_that_asks_nothing_is_closed_in_silence(hasty: Wire) -> None:
    assert hasty.open().ended_after_s() < 1.5
    used = hasty.open()
    used.send(GET)
    assert used.response().status == 200
    assert used.ended_after_s() < 1.5


def test_an_answer_takes_longer_than_a_request_may(hasty: Wire) -> None:
    connection = hasty.open()
    for _ in range(2):
        connection.send(_post(b"late").replace(b"/ ", b"/slow ", 1))
        assert connection.response().body == b"late"


def test_an_answer_that_nobody_takes_is_given_up(hasty: Wire) -> None:
    state = hasty.server.server_state
    before = state.total_requests
    connection = hasty.open()
    connection.send(GET.replace(b"/ ", b"/large "))
    _soon(lambda: state.total_requests > before)
    _soon(lambda: not state.tasks)
    _soon(lambda: not state.connections)


def test_a_caller_that_leaves_leaves_nothing_behind(wire: Wire) -> None:
    state = wire.server.server_state
    for start in (b"", GET[:10], _post(b"body")[:-2], GET.replace(b"/ ", b"/slow "), GET):
        connection = wire.open()
        connection.send(start)
        time.sleep(0.02)
        connection.leave()
    wire.opened.close()
    _soon(lambda: not state.connections and not state.tasks)
    protocol: Any = wire.server.config.http_protocol_class
    assert not protocol.waiting.fresh
    assert not protocol.waiting.idle


def test_a_new_connection_takes_the_place_of_the_one_that_waits_longest() -> None:
    with running(max_connections=4) as wire:
        asking = wire.open()
        asking.send(GET)
        assert asking.response().status == 200
        crowd = [wire.open() for _ in range(3)]
        for _ in range(10):
            assert wire.ask(GET).status == 200
        assert all(each.ended_after_s() < 1 for each in crowd)
        assert len(wire.server.server_state.connections) <= 4


def test_connections_that_ask_nothing_keep_nobody_out() -> None:
    with running(max_connections=50) as wire:
        for _ in range(200):
            wire.open().send(b"GET")
        assert wire.ask(GET).status == 200
        _soon(lambda: len(wire.server.server_state.connections) <= 50)


def test_more_requests_than_can_be_answered_are_told_so() -> None:
    with running(max_requests_in_flight=2) as wire:
        slow = [wire.open() for _ in range(2)]
        for each in slow:
            each.send(GET.replace(b"/ ", b"/slow "))
        time.sleep(0.1)
        refused = wire.ask(GET)
        limit = refused.assert_refused(503, "SERVICE_UNAVAILABLE", "ask again in a second")
        assert limit == {"name": "requestsInFlight", "max": 2, "actual": 3}
        assert refused.headers["retry-after"] == "1"
        assert [each.response().status for each in slow] == [200, 200]
        assert wire.ask(GET).status == 200


def test_on_the_way_out_every_request_is_answered_and_every_connection_ended() -> None:
    with running() as wire:
        answering, between, unused = (wire.open() for _ in range(3))
        answering.send(_post(b"whole").replace(b"/ ", b"/slow ", 1))
        between.send(GET)
        assert between.response().status == 200
        time.sleep(0.1)
        began = time.monotonic()
        wire.server.should_exit = True
        time.sleep(0.15)  # in which it is noticed
        between.send(_post(b"one more"))  # sent before its caller could know
        response = between.response()
        assert (response.body, answering.response().body) == (b"one more", b"whole")
        assert response.headers["connection"] == "close"
        assert unused.ended_after_s() < 2
        with pytest.raises(ConnectionRefusedError):
            wire.open()
        _soon(lambda: not wire.server.server_state.connections)
        assert time.monotonic() - began < 3


@contextmanager
def _busy_until_it_ends(wire: Wire) -> Iterator[None]:
    """A loop that takes no connection any longer, and ends afterwards."""
    is_busy, may_end = threading.Event(), threading.Event()

    async def tick(_counter: int) -> bool:
        is_busy.set()
        return may_end.wait(_PATIENCE_S)

    wire.server.on_tick = tick  # type: ignore[method-assign]
    is_busy.wait(_PATIENCE_S)
    yield
    may_end.set()


def test_connections_that_were_not_taken_yet_are_not_lost_on_the_way_out() -> None:
    with running() as wire:
        with _busy_until_it_ends(wire):
            late = [wire.open() for _ in range(20)]
            for number, each in enumerate(late):
                each.send(_post(b"%d" % number))
        assert [each.response().body for each in late] == [b"%d" % n for n in range(20)]


def test_a_head_that_is_cut_off_on_the_way_out_is_not_told_to_have_taken_long() -> None:
    with running() as wire:
        with _busy_until_it_ends(wire):
            late = wire.open()
            late.send(GET[:-2])
        late.response().assert_refused(503, "SERVICE_UNAVAILABLE", "is being stopped")


def test_no_more_connections_are_promised_than_there_are_descriptors_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import resource  # noqa: PLC0415  # absent on some platforms

    asked = []
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: (256, 1024))
    monkeypatch.setattr(resource, "setrlimit", lambda _kind, pair: asked.append(pair))
    told = affordable(Settings(port=0, max_connections=5000, max_requests_in_flight=5000))
    held = configured(_app, told).http.limits  # type: ignore[union-attr]
    assert set(asked) == {(1024, 1024)}
    for limits in (told, held):
        assert limits.max_connections == (1024 - 64) // 2
        assert limits.max_requests_in_flight == limits.max_connections - 1
