"""The same question again, and whether it has changed: what a known answer costs over HTTP."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import orjson

from bench.client import Load, drive, get, post
from bench.figures import Figure
from bench.over_http import Server, write_answers
from bench.questions import NESTED

_CONNECTIONS = 8
# Many short turns: the speed of a shared machine changes within seconds.
_SECONDS, _QUICK_SECONDS = 1.0, 1.0
_ROUNDS, _QUICK_ROUNDS = 21, 1
_LEAST_SHARE = 50
_LEAST_UNCHANGED = 100


def measure(url: str, *, is_quick: bool) -> list[Figure]:
    """The rates of a known answer and of a conditional request, beside a plain application."""
    seconds, rounds = (_QUICK_SECONDS, _QUICK_ROUNDS) if is_quick else (_SECONDS, _ROUNDS)
    path = "/graphql?" + urlencode({"query": NESTED.text})
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        known = Server("cached", url)
        stack.callback(known.kill)
        write_answers(url, known, (NESTED,), folder)
        plain = Server("plain", str(folder))
        stack.callback(plain.kill)
        client = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
        stack.enter_context(client)
        etag = _etag(known.port, path)
        loads = {
            "plain": (plain.port, get(f"/{NESTED.name}")),
            "get": (known.port, get(path)),
            "post": (known.port, post("/graphql", orjson.dumps({"query": NESTED.text}))),
            "unchanged": (known.port, get(path, etag)),
        }
        rates: dict[str, list[float]] = {name: [] for name in loads}
        for _ in range(rounds):
            for name, (port, request) in loads.items():
                load = Load(port, (request,), _CONNECTIONS, seconds)
                rates[name].append(client.submit(drive, load).result().per_second)
        return list(_figures(rates))


def _etag(port: int, path: str) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"accept": "application/json"})
    response = connection.getresponse()
    response.read()
    connection.close()
    found = response.getheader("etag")
    if found is None:
        raise AssertionError(f"no validator comes with {response.status}")
    return found


def _figures(rates: dict[str, list[float]]) -> Iterator[Figure]:
    section = "The same question again, one worker, 8 connections"
    for name, label in (
        ("plain", "plain application"),
        ("get", "known answer, GET"),
        ("post", "known answer, POST"),
        ("unchanged", "conditional request, 304"),
    ):
        yield Figure(section, label, median(rates[name]), "requests/s")
    for name in ("get", "post"):
        share = _share(rates[name], rates["plain"])
        label = f"known answer, {name.upper()}, of plain"
        yield Figure(section, label, share, "%", at_least=_LEAST_SHARE)
    share = _share(rates["unchanged"], rates["get"])
    yield Figure(
        section, "conditional request of known answer", share, "%", at_least=_LEAST_UNCHANGED
    )


def _share(ours: list[float], theirs: list[float]) -> float:
    # Turns come in rounds, so noise that lasts falls on both.
    return 100 * median(one / other for one, other in zip(ours, theirs, strict=True))
