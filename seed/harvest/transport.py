"""httpx over connections that are checked; it knows neither proxies nor HTTP/2."""

from collections.abc import Iterator
from ssl import SSLContext

import httpcore
import httpx

from seed.harvest.connect import Gate


class Transport(httpx.BaseTransport):
    """Sends requests by the connections of a gate, each by its own.

    The errors are httpcore's, and those of the gate.
    """

    def __init__(self, gate: Gate, ssl_context: SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context,
            max_connections=1,
            # What a server sends beyond its answer goes with the connection.
            max_keepalive_connections=0,
            network_backend=gate,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The head of the answer; its body comes as it is read."""
        url = request.url
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            extensions=request.extensions,
        )
        answer = self._pool.handle_request(asked)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        """Ends the connections."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()
