"""Minutes of all that an open endpoint meets at once; none of it may leave anything behind.

`python -m bench.mixed_load` asks ordinary, known, heavy and hostile questions from several
callers, lets some of them leave or stand still, makes new releases meanwhile, and looks at the
memory of the server. `--minutes 0.25` is the short form that the tests run.
"""

import argparse
import os
import platform
import random
import re
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from urllib.parse import urlencode

import orjson

from bench import figures
from bench.faults.crowds import Crowd, heavy, introspections, refusable
from bench.figures import Figure
from bench.served import ORDINARY, Served, fresh_file, ordinary

_SECTION = "Mixed load"
_CALLERS = 6
_STILL = 20
_RELEASE_S = 20
_SERVER_FAULT = 500
_COOKBOOK = Path(__file__).parent.parent / "docs" / "cookbook"
_PAGES = ("/schema.graphql", "/errors", "/limits", "/health/ready", "/metrics", "/nothing")
_KINDS = {
    "ordinary": 40, "known": 25, "cookbook": 15, "hostile": 10, "page": 5, "leaves": 3,
    "heavy": 1, "introspection": 1,
}  # fmt: skip
# Small enough to be full before the memory is looked at.
_CACHE_BYTES = 4 * 1024 * 1024
_WARM_UP, _SPAN = 0.3, 0.2


class _Caller(threading.Thread):
    """One who asks all kinds of questions, one after the other."""

    def __init__(self, port: int, seed: int, end: float) -> None:
        super().__init__()
        self._port = port
        self._random = random.Random(seed)  # the same load each time
        self._end = end
        self._numbers = count(seed * 1000)
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._etag = ""
        self._bodies = {
            "cookbook": [orjson.dumps({"query": text}) for text in cookbook()],
            "hostile": refusable(),
            "heavy": heavy(),
            "introspection": introspections(),
        }
        self.statuses: Counter[int] = Counter()
        self.kinds: Counter[str] = Counter()
        self.waits: list[float] = []

    def run(self) -> None:
        """Asks until the end."""
        kinds, weights = list(_KINDS), list(_KINDS.values())
        while perf_counter() < self._end:
            (kind,) = self._random.choices(kinds, weights)
            self.kinds[kind] += 1
            began = perf_counter()
            status = self._ask(kind)
            self.statuses[status] += 1
            if kind == "ordinary":
                self.waits.append(perf_counter() - began)
        self._connection.close()

    def _ask(self, kind: str) -> int:
        if kind == "page":
            return self._get(self._random.choice(_PAGES))
        if kind == "known":
            return self._get("/graphql?" + urlencode({"query": "{ prizes { totalCount } }"}))
        if kind == "ordinary":
            variables = ordinary(next(self._numbers))
            return self._post(orjson.dumps({"query": ORDINARY, "variables": variables}))
        if kind == "leaves":
            return self._leave()
        return self._post(self._random.choice(self._bodies[kind]))

    def _post(self, body: bytes) -> int:
        return self._answer("POST", "/graphql", body, {"content-type": "application/json"})

    def _get(self, path: str) -> int:
        return self._answer("GET", path, None, {"if-none-match": self._etag})

    def _answer(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> int:
        for _ in range(2):  # a refusal ends the connection, at times before the next question
            try:
                self._connection.request(method, path, body, headers)
                response = self._connection.getresponse()
                response.read()
            except (OSError, HTTPException):
                self._connection.close()
                continue
            self._etag = response.headers.get("etag", self._etag)
            return response.status
        return 0

    def _leave(self) -> int:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=10)
        body = self._random.choice(self._bodies["heavy"])
        with suppress(OSError):
            connection.request("POST", "/graphql", body, {"content-type": "application/json"})
        connection.close()
        return 499


def cookbook() -> list[str]:
    """The questions of the cookbook."""
    pages = (page.read_text(encoding="utf-8") for page in sorted(_COOKBOOK.glob("*.md")))
    return [text for page in pages for text in re.findall(r"```graphql\n(.*?)```", page, re.DOTALL)]


def mixed_load(path: Path, minutes: float) -> Iterator[Figure]:
    """The figures of a load on a server over a SQLite file."""
    seconds = minutes * 60
    with Served(f"sqlite:///{path}", cache_max_bytes=_CACHE_BYTES) as served:
        end = perf_counter() + seconds
        callers = [_Caller(served.port, seed, end) for seed in range(_CALLERS)]
        for caller in callers:
            caller.start()
        memory = _watched(served, path, end)
        for caller in callers:
            caller.join()
        time.sleep(1)
        yield from _outcome(callers, seconds)
        yield from _held(memory)
        yield Figure(_SECTION, "descriptors at the end", served.descriptors(), at_most=100)


def _watched(served: Served, path: Path, end: float) -> list[float]:
    """The memory of the server, twice a second, while releases and crowds come and go."""
    memory, releases = [], count(1)
    while perf_counter() < end:
        _make_release(path, next(releases))
        with Crowd(served.port, _STILL, b"POST /graphql HTTP/1.1\r\nhost: x\r\n", b"x"):
            renewed = min(end, perf_counter() + _RELEASE_S)
            while perf_counter() < renewed:
                memory.append(served.memory_mib())
                time.sleep(0.5)
    return memory


def _make_release(path: Path, number: int) -> None:
    with closing(sqlite3.connect(path, timeout=10)) as connection, connection:
        connection.execute("UPDATE release SET version = ?", (f"2031-01-01.{number}",))


def _outcome(callers: list[_Caller], seconds: float) -> Iterator[Figure]:
    statuses = sum((caller.statuses for caller in callers), Counter[int]())
    kinds = sum((caller.kinds for caller in callers), Counter[str]())
    waits = [wait for caller in callers for wait in caller.waits]
    faults = sum(n for status, n in statuses.items() if status >= _SERVER_FAULT)
    yield Figure(_SECTION, "requests", statuses.total(), at_least=_CALLERS)
    yield Figure(_SECTION, "requests", statuses.total() / seconds, "a second")
    yield Figure(_SECTION, "kinds of requests", len(kinds), at_least=len(_KINDS))
    yield Figure(_SECTION, "answered 200 or 304", statuses[200] + statuses[304], at_least=1)
    yield Figure(_SECTION, "refused (4xx)", sum(statuses[n] for n in range(400, 499)), at_least=1)
    yield Figure(_SECTION, "5xx", faults, at_most=0)
    yield Figure(_SECTION, "without an answer", statuses[0], at_most=0)
    cuts = quantiles(waits, n=100)
    yield Figure(_SECTION, "ordinary question, median", cuts[49] * 1000, "ms")
    yield Figure(_SECTION, "ordinary question, 95 %", cuts[94] * 1000, "ms")


def _held(memory: list[float]) -> Iterator[Figure]:
    size = len(memory)
    warm = memory[int(size * _WARM_UP) : int(size * (_WARM_UP + _SPAN)) + 1]
    last = memory[int(size * (1 - _SPAN)) :]
    yield Figure(_SECTION, "memory after warm-up, median", median(warm), "MiB")
    yield Figure(_SECTION, "memory at the end, median", median(last), "MiB")
    yield Figure(_SECTION, "memory at most", max(memory), "MiB")
    grown = median(last) - median(warm)
    yield Figure(_SECTION, "growth after warm-up", grown, "MiB", at_most=10)


def main() -> None:
    """Run the load and keep its figures."""
    options = argparse.ArgumentParser(prog="python -m bench.mixed_load", description=__doc__)
    options.add_argument("--minutes", type=float, default=10)
    minutes = options.parse_args().minutes
    with fresh_file() as path:
        before = os.getloadavg()[0]
        measured = list(mixed_load(path, minutes))
    about = {
        "length": f"{minutes:g} minutes",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "processors": os.cpu_count(),
        "load of the machine before": f"{before:.1f}",
    }
    title = "Minutes of mixed load"
    print(figures.as_markdown(title, about, measured))
    if minutes >= 10:  # noqa: PLR2004  # the short form keeps no result
        figures.write("mixed_load", title, about, measured)


if __name__ == "__main__":
    main()
