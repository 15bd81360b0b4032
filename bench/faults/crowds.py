"""Callers that nobody wants, and how an ordinary question fares among them."""

import selectors
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection
from itertools import cycle
from multiprocessing import get_context
from time import perf_counter
from typing import Self

import orjson
from graphql import get_introspection_query

from bench.figures import Figure
from bench.served import Probe, Served, ask
from tests.execution.hostile import CORPUS

_CLIENTS = 16
_INTROSPECTION = get_introspection_query()
# 9,700 rows of the 10,000 that an operation may ask for.
_HEAVY = """query ($first: Int!, $slug: String!) {
  initiatives(first: $first, where: {slug: {ne: $slug}}) {
    totalCount
    nodes {
      slug title categories { slug }
      holders { role collectivity {
        code name parent { name parent { name } } awards(first: 20) { nodes { level year } }
      } }
      awards { level edition { year } category { slug } laureates(first: 10) { name } }
      metrics { name value unit }
    }
  }
}"""
_HEAD = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
_WHOLE_HEAD = _HEAD + b"content-length: 1000\r\n\r\n"
_SERVER_FAULT = 500
_TRICKLE_S = 0.4


def refusable() -> list[bytes]:
    """Bodies that are refused, each by another limit."""
    bodies = []
    for hostile in CORPUS:
        with suppress(TypeError, orjson.JSONEncodeError):  # lone surrogates and the like
            bodies.append(orjson.dumps({"query": hostile.document, "variables": hostile.variables}))
    return bodies


def heavy() -> list[bytes]:
    """Bodies of the heaviest shape that is taken, none of them twice."""
    asked = ({"first": 100, "slug": str(n)} for n in range(2000))
    return [orjson.dumps({"query": _HEAVY, "variables": each}) for each in asked]


def introspections() -> list[bytes]:
    """Bodies that ask for the whole schema, none of them twice."""
    return [orjson.dumps({"query": f"# {n}\n{_INTROSPECTION}"}) for n in range(2000)]


def hammer(port: int, bodies: list[bytes], seconds: float) -> Counter[int]:
    """The statuses that some clients get who ask without a pause. Run it in another process."""
    statuses: Counter[int] = Counter()
    threads = [
        threading.Thread(
            target=_hammer_once, args=(port, bodies[n::_CLIENTS] or bodies, seconds, statuses)
        )
        for n in range(_CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def _hammer_once(port: int, bodies: list[bytes], seconds: float, statuses: Counter[int]) -> None:
    end = perf_counter() + seconds
    headers = {"content-type": "application/json"}
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    for body in cycle(bodies):
        if perf_counter() > end:
            break
        try:
            connection.request("POST", "/graphql", body, headers)
            response = connection.getresponse()
            response.read()
            statuses[response.status] += 1
        except OSError:  # closed after a refusal
            connection.close()
    connection.close()


def hostile_callers(served: Served, *, is_quick: bool) -> Iterator[Figure]:
    """Many who ask for too much at once."""
    section = f"{_CLIENTS} callers at once"
    shapes: tuple[tuple[str, list[bytes], float], ...] = (
        ("documents that are refused", refusable(), 0.3),
        ("the heaviest shape that is taken", heavy(), 2),
        ("introspection", introspections(), 1),
    )
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as client:
        client.submit(hammer, served.port, refusable(), 0.1).result()
        for name, bodies, at_most in shapes:
            with Probe(served) as probe:
                seconds = 2 if is_quick else 10
                statuses = client.submit(hammer, served.port, bodies, seconds).result()
            faults = sum(n for status, n in statuses.items() if status >= _SERVER_FAULT)
            yield Figure(section, f"{name}: ordinary, 95 %", probe.p95_s, "s", at_most)
            yield Figure(section, f"{name}: ordinary, failed", probe.failures, at_most=0)
            yield Figure(section, f"{name}: answered", statuses.total(), at_least=_CLIENTS)
            yield Figure(section, f"{name}: 5xx among them", faults, at_most=0)


class Crowd:
    """Connections that say something at first, and one byte more now and then."""

    def __init__(self, port: int, count: int, first: bytes, trickle: bytes = b"") -> None:
        self._trickle = trickle
        self._sockets: set[socket.socket] = set()
        self._is_over = threading.Event()
        self._selector = selectors.DefaultSelector()
        self.count = count
        for _ in range(count):
            opened = socket.create_connection(("127.0.0.1", port), 10)
            with suppress(OSError):  # closed at once
                opened.sendall(first)
            self._sockets.add(opened)
            self._selector.register(opened, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._is_over.wait(_TRICKLE_S):
            for opened in list(self._sockets):
                with suppress(OSError):
                    opened.send(self._trickle)
            self._look()

    def _look(self) -> None:
        for key, _ in self._selector.select(0):
            opened = key.fileobj
            assert isinstance(opened, socket.socket)
            try:
                is_over = not opened.recv(65536)
            except OSError:
                is_over = True
            if is_over:
                self._selector.unregister(opened)
                self._sockets.discard(opened)
                opened.close()

    @property
    def left(self) -> int:
        """How many the server has not ended."""
        return len(self._sockets)

    def cut_after_s(self, patience_s: float) -> float:
        """How many seconds from now on it takes until all are ended."""
        began = perf_counter()
        while self.left and perf_counter() - began < patience_s:
            time.sleep(0.05)
        return perf_counter() - began

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        self._thread.join()
        for opened in self._sockets:
            opened.close()
        self._selector.close()


def slow_callers(served: Served, *, is_quick: bool) -> Iterator[Figure]:
    """Connections that stand still, beside ordinary questions."""
    section = "Connections that stand still"
    seconds = 1.5 if is_quick else 5
    with Probe(served) as undisturbed:
        time.sleep(seconds)
    crowds: tuple[tuple[str, int, bytes, bytes], ...] = (
        ("slow heads", 50, _HEAD, b"x"),
        ("slow bodies", 50, _WHOLE_HEAD, b"x"),
        ("nothing said", 500, b"", b""),
    )
    for name, count, first, trickle in crowds:
        with Crowd(served.port, count, first, trickle) as crowd:
            with Probe(served) as probe:
                time.sleep(seconds)
            cut_s = seconds + crowd.cut_after_s(30)
            left = crowd.left
        ratio = probe.median_s / undisturbed.median_s
        label = f"{count} {name}"
        yield Figure(section, f"{label}: ordinary, 95 %", probe.p95_s, "s", at_most=0.2)
        yield Figure(section, f"{label}: ordinary, median of that alone", ratio, "times", at_most=2)
        yield Figure(section, f"{label}: ordinary, failed", probe.failures, at_most=0)
        # Deadlines are looked at twice a second, and a refusal may be read for one more.
        yield Figure(section, f"{label}: ended after", cut_s, "s", at_most=12)
        yield Figure(section, f"{label}: not ended", left, at_most=0)


def crowds(served: Served, *, is_quick: bool) -> Iterator[Figure]:
    """Connects without end, and what is left of them."""
    section = "Connections without end"
    count = 200 if is_quick else 1000
    with Probe(served) as probe:
        for _ in range(count):
            socket.create_connection(("127.0.0.1", served.port), 10).close()
        time.sleep(0.5)
    yield Figure(section, f"{count} connects: ordinary, 95 %", probe.p95_s, "s", at_most=0.2)
    yield Figure(section, f"{count} connects: ordinary, failed", probe.failures, at_most=0)
    yield from _recovery(served, section, f"{count} connects")


def scarce_descriptors(url: str, *, is_quick: bool) -> Iterator[Figure]:
    """More connections than the server may have descriptors."""
    section, label = "Connections without end", "400 with 256 descriptors"
    with Served(url, descriptors=256) as served:
        ask(served.port, "{ __typename }")
        with Crowd(served.port, 400, b"GET"):
            with Probe(served) as probe:
                time.sleep(1 if is_quick else 5)
            reply = ask(served.port, "{ prizes { totalCount } }")
        yield Figure(section, f"{label}: ordinary, 95 %", probe.p95_s, "s", at_most=0.2)
        yield Figure(section, f"{label}: ordinary, failed", probe.failures, at_most=0)
        yield Figure(section, f"{label}: a new caller is answered", reply.is_good, at_least=1)
        yield from _recovery(served, section, label)


def _recovery(served: Served, section: str, label: str) -> Iterator[Figure]:
    began = perf_counter()
    while not ask(served.port, "{ prizes { totalCount } }").is_good:
        time.sleep(0.02)
    yield Figure(section, f"{label}: answers again after", perf_counter() - began, "s", at_most=5)
    before = served.processor_s()
    time.sleep(2)
    busy = (served.processor_s() - before) / 2 * 100
    yield Figure(section, f"{label}: processor afterwards", busy, "%", at_most=10)


def leaving_callers(served: Served, *, is_quick: bool) -> Iterator[Figure]:
    """Callers who are gone before they are answered."""
    section = "Callers who leave"
    count = 100 if is_quick else 1000
    for _ in range(2):
        _leave(served.port, count)
        _settle(served)
    descriptors, memory = served.descriptors(), served.memory_mib()
    _leave(served.port, count)
    in_flight = _settle(served)
    more = served.descriptors() - descriptors
    grown = served.memory_mib() - memory
    yield Figure(section, f"{count} questions: requests in flight afterwards", in_flight, at_most=0)
    # Two idle connections to the file, which has three descriptors in each.
    yield Figure(section, f"{count} questions: descriptors more than before", more, at_most=6)
    yield Figure(section, f"{count} questions: memory more than before", grown, "MiB", at_most=10)


def _leave(port: int, count: int) -> None:
    bodies = cycle(heavy())
    reset = struct.pack("ii", 1, 0)
    for number, body in zip(range(count), bodies, strict=False):
        opened = socket.create_connection(("127.0.0.1", port), 10)
        if number % 2:  # half of them without a word of farewell
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        opened.sendall(
            _HEAD + b"content-length: %d\r\n\r\n" % len(body) + body[: -(number % 3) or None]
        )
        if number % 5 == 0:
            time.sleep(0.01)
        opened.close()


def _settle(served: Served) -> float:
    """The requests in flight when nothing is asked any more."""
    in_flight = 1.0
    for _ in range(50):
        time.sleep(0.1)
        connection = HTTPConnection("127.0.0.1", served.port, timeout=60)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[:1] != "#")
        in_flight = float(lines["terrigraph_requests_in_flight"]) - 1  # but for this one
        if not in_flight:
            break
    return in_flight


Fault = Callable[..., Iterator[Figure]]
FAULTS: dict[str, Fault] = {
    "hostile": hostile_callers,
    "slow": slow_callers,
    "crowds": crowds,
    "leaving": leaving_callers,
}
