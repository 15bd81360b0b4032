"""Responses that are whole go out in one piece, all others as uvicorn writes them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from graph.http.server import wire_protocol
from graph.settings import Settings

_GET, _HEAD = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", b"HEAD / HTTP/1.1\r\nhost: x\r\n\r\n"
_TYPE = (b"content-type", b"text/plain")


class Transport(asyncio.Transport):
    """One that keeps each piece that is written, as a socket would get it."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []
        self.is_closed = False

    def write(self, data: Any) -> None:
        self.pieces.append(bytes(data))

    def writelines(self, list_of_data: Any) -> None:
        self.pieces.append(b"".join(list_of_data))

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True

    def get_write_buffer_size(self) -> int:
        return 0

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


def _written(
    request: bytes, *bodies: bytes, status: int = 200, headers: list[Any] | None = None
) -> list[bytes]:
    """What goes out to one who asks an application that sends a head and bodies."""

    async def app(scope: Any, _receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
        assert scope["type"] == "http"
        await send({"type": "http.response.start", "status": status, "headers": headers or []})
        for at, body in enumerate(bodies, 1):
            more = at < len(bodies)
            await send({"type": "http.response.body", "body": body, "more_body": more})

    async def ask() -> list[bytes]:
        config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
        config.load()
        protocol: Any = wire_protocol(Settings())(
            config=config, server_state=ServerState(), app_state={}
        )
        transport = Transport()
        protocol.connection_made(transport)
        protocol.data_received(request)
        await asyncio.gather(*protocol.tasks)
        pieces = transport.pieces
        protocol.connection_lost(None)
        return pieces

    return asyncio.run(ask())


def _length(size: int) -> tuple[bytes, bytes]:
    return (b"content-length", str(size).encode())


def test_a_whole_response_is_one_piece() -> None:
    (piece,) = _written(_GET, b"hello", headers=[_TYPE, _length(5)])
    assert piece == (
        b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nhello"
    )


def test_the_response_to_a_head_has_no_body() -> None:
    (piece,) = _written(_HEAD, b"", headers=[_length(5)])
    assert piece.endswith(b"content-length: 5\r\n\r\n")


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_body_needs_no_length(status: int) -> None:
    (piece,) = _written(_GET, b"", status=status, headers=[(b"etag", b'"a"')])
    assert piece.endswith(b'etag: "a"\r\n\r\n')


def test_parts_go_out_as_they_come() -> None:
    assert len(_written(_GET, b"he", b"llo", headers=[_length(5)])) == 3
    head, *chunks = _written(_GET, b"he", b"llo")
    assert b"transfer-encoding: chunked" in head
    assert b"".join(chunks) == b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"


def test_the_last_response_of_a_connection_says_so() -> None:
    written = _written(
        b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", b"hello", headers=[_length(5)]
    )
    assert b"connection: close\r\n" in b"".join(written)


@pytest.mark.parametrize(
    "value", [b"a\r\nset-cookie: b", b"a\nb", b"a\rb", b"a\0b", b"\x1b[31m"], ids=repr
)
def test_a_header_cannot_become_two(value: bytes, caplog: pytest.LogCaptureFixture) -> None:
    written = b"".join(_written(_GET, b"hello", headers=[(b"x-told", value), _length(5)]))
    assert b"x-told" not in written
    assert written.startswith(b"HTTP/1.1 500 ") or not written
    assert "Invalid HTTP header value" in caplog.text


@pytest.mark.parametrize("size", [4, 6])
def test_a_wrong_length_is_told(size: int, caplog: pytest.LogCaptureFixture) -> None:
    _written(_GET, b"hello", headers=[_length(size)])
    assert "than Content-Length" in caplog.text
