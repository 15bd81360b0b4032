"""Requests that are made to hurt, as the bytes that come over the wire, and a caller of them.

Each is made anew for each number: the same bytes twice would be known the second time.
"""

import gzip
import json
import selectors
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.execution.hostile import CORPUS, Hostile

_PATIENCE_S = 60
_PIECE_BYTES = 64 * 1024
GRAPHQL_JSON = "application/graphql-response+json"


@dataclass(frozen=True)
class Request:
    """A request that nobody sends for its answer."""

    name: str
    made: Callable[[int], bytes]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Response:
    """What was answered."""

    status: int
    body: dict[str, Any]


def exchange(port: int, request: bytes) -> Response:
    """The response; what of the request is not taken is not sent."""
    with socket.create_connection(("127.0.0.1", port), _PATIENCE_S) as connection:
        _send(connection, request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += _received(connection)
        head, _, body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        while len(body) < int(headers["content-length"]):
            body += _received(connection)
        return Response(int(first.split()[1]), json.loads(body))


def _send(connection: socket.socket, request: bytes) -> None:
    left = memoryview(request)
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ | selectors.EVENT_WRITE)
        while left:
            ((_, ready), *_) = selector.select(_PATIENCE_S)
            if ready & selectors.EVENT_READ:
                return
            left = left[connection.send(left[:_PIECE_BYTES]) :]


def _received(connection: socket.socket) -> bytes:
    received = connection.recv(_PIECE_BYTES)
    assert received, "the connection ended without an answer"
    return received


def _post(body: bytes, *headers: str, kind: str = "application/json") -> bytes:
    lines = [
        "POST /graphql HTTP/1.1",
        "host: localhost",
        f"accept: {GRAPHQL_JSON}",
        f"content-type: {kind}",
        *headers,
    ]
    if not any(header.startswith("transfer-encoding") for header in headers):
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def _get(query: str, *headers: str) -> bytes:
    lines = [f"GET /graphql?{query} HTTP/1.1", "host: localhost", f"accept: {GRAPHQL_JSON}"]
    return "\r\n".join([*lines, *headers, "", ""]).encode()


def _salt(number: int) -> str:
    """Characters that no document means anything by."""
    return format(number, "b").replace("0", " ").replace("1", ",")


def _asking(hostile: Hostile) -> Request:
    def made(number: int) -> bytes:
        document = _json(hostile.document + _salt(number))
        return _post(b'{"query": %s, "variables": %s}' % (document, _json(hostile.variables)))

    return Request(hostile.name, made)


def _json(value: Any) -> bytes:
    """JSON without recursion for what is only objects and lists of one item inside each other."""
    opened, closed = [], []
    while isinstance(value, dict | list) and len(value) == 1:
        is_object = isinstance(value, dict)
        key, value = next(iter(value.items())) if isinstance(value, dict) else ("", value[0])
        opened.append(f'{{"{key}":' if is_object else "[")
        closed.append("}" if is_object else "]")
    return ("".join(opened) + json.dumps(value) + "".join(reversed(closed))).encode()


def _variables(name: str, value: str) -> Request:
    """A value of a variable, as it is written in JSON."""
    query = "query ($v: [Int!]) { awards(where: {year: {in: $v}}) { totalCount } }"

    def made(number: int) -> bytes:
        document = json.dumps(query + _salt(number))
        body = f'{{"query": {document}, "variables": {{"v": {value}}}}}'
        return _post(body.encode("utf-8", "surrogatepass"))

    return Request(name, made)


def _document(name: str, document: str) -> Request:
    return _asking(Hostile(name, document))


def _body(name: str, body: bytes, *headers: str, kind: str = "application/json") -> Request:
    def made(number: int) -> bytes:
        return _post(body, *headers, f"x-number: {number}", kind=kind)

    return Request(name, made)


def _url(name: str, query: str, *headers: str) -> Request:
    return Request(name, lambda number: _get(query, *headers, f"x-number: {number}"))


_WHOLE = json.dumps({"query": "{ __typename }"}).encode()
_NESTED_PAGES = (
    "{ categories(first: 100) { nodes { awards(first: 100) { nodes { edition { awards(first: 100) "
    "{ nodes { id } } } } } } } }"
)
_GROUPS = " ".join(
    f"g{at}: initiativeGroups(by: [CATEGORY], first: 100) {{ nodes {{ items(first: 1) {{ "
    "facets { category { value } year { value } } aggregate { count } } } }"
    for at in range(20)
)
_MANY_WORDS = " ".join(f"mot{at}" for at in range(120))

ON_THE_WIRE = [
    _body("a body of 5 MB", b" " * 5_000_000),
    _body(
        "a body of 5 MB in chunks",
        (b"%x\r\n%s\r\n" % (50_000, b" " * 50_000)) * 100 + b"0\r\n\r\n",
        "transfer-encoding: chunked",
    ),
    _body("a gzip bomb", gzip.compress(b" " * 50_000_000), "content-encoding: gzip"),
    _body("a body of another encoding", b"\x00" * 200_000, "content-encoding: zstd"),
    _body("a body in UTF-16", '{"query": "{ __typename }"}'.encode("utf-16")),
    _body("a charset", _WHOLE, kind="application/json; charset=utf-16"),
    _body("a form", b"query=%7B__typename%7D", kind="application/x-www-form-urlencoded"),
    _body("no UTF-8", b'{"query": "' + b"\xff" * 200_000 + b'"}'),
    _body("NUL bytes", b"\x00" * 200_000),
    _body("100,000 brackets as a body", b"[" * 100_000 + b"]" * 100_000),
    _body("null as a body", b"null"),
    _body("a number as a body", b"9" * 200_000),
    _body("a batch", b"[" + b",".join([_WHOLE] * 5000) + b"]"),
    _body("an empty batch", b"[]"),
    _body("a query that is a list", b'{"query": [' + b"1," * 100_000 + b"1]}"),
    _body(
        "an operation of a long name", _WHOLE[:-1] + b', "operationName": "%s"}' % (b"x" * 200_000)
    ),
    _body("a long id of a document", b'{"documentId": "sha256:%s"}' % (b"0" * 200_000)),
    _body(
        "a long hash of a document",
        b'{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "%s"}}}' % (b"0" * 900),
    ),
    _variables("a variable 100,000 deep", "[" * 100_000 + "]" * 100_000),
    _variables("a variable 1,000 deep", '{"a":' * 1000 + "1" + "}" * 1000),
    _variables("a variable 200 deep", "[" * 200 + "]" * 200),
    _variables("a list of 100,000 numbers", "[" + "1," * 99_999 + "1]"),
    _variables("a list of 201 numbers", "[" + "1," * 200 + "1]"),
    _variables("40,000 values in lists", "[" + ",".join(["[" + "1," * 199 + "1]"] * 199) + "]"),
    _variables(
        "an object of 20,000 fields", "{" + ",".join(f'"{at}":1' for at in range(20_000)) + "}"
    ),
    _variables("a text of 200,000 characters", f'"{"x" * 200_000}"'),
    _variables("a name of 200,000 characters", f'{{"{"x" * 200_000}": 1}}'),
    _variables("NUL in a variable", '"\\u0000"'),
    _variables("a lone surrogate in a variable", '"\\ud800"'),
    _variables("a lone surrogate in UTF-8", '"\ud800"'),
    _variables("NaN", "NaN"),
    _variables("a number without end", "1e999999"),
    _variables("a number of 100,000 digits", "9" * 100_000),
    _url("a long address", "query=" + "x" * 100_000),
    _url("1,000 parameters", "&".join(f"a{at}=1" for at in range(1000))),
    _url("a parameter twice", "query=%7B__typename%7D&query=%7B__typename%7D"),
    _url("escapes of no text", "query=" + "%ff" * 4000),
    _url("64 kB of headers", "query=x", *(f"x-{at}: {'x' * 1000}" for at in range(64))),
    _url("1,000 headers", "query=x", *(f"x-{at}: 1" for at in range(1000))),
    Request(
        "30 kB of media types",
        lambda number: _get(f"query=x&a={number}").replace(
            GRAPHQL_JSON.encode(), b", ".join([b"a/b;q=0.1"] * 2500)
        ),
    ),
    _document("pages inside pages", _NESTED_PAGES),
    _document("20 times groups", f"{{ {_GROUPS} }}"),
    _document("a page of 2,000,000,000", "{ awards(first: 2000000000) { nodes { id } } }"),
    _document("a long cursor", f'{{ awards(after: "{"A" * 30_000}") {{ totalCount }} }}'),
    _document("a long id", f'{{ node(id: "{"awd_" + "a" * 30_000}") {{ id }} }}'),
    _document("a search for nothing", f'{{ search(query: "{"% " * 400}") {{ totalCount }} }}'),
    _document("a search for much", f'{{ search(query: "{_MANY_WORDS}") {{ totalCount }} }}'),
    _document(
        "wildcards",
        f'{{ awards(where: {{sponsor: {{contains: "{"%_" * 2000}"}}}}) {{ totalCount }} }}',
    ),
]
REQUESTS = [*map(_asking, CORPUS), *ON_THE_WIRE]
