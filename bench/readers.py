"""Readers of a server while a long list is imported into its database.

    python -m bench.readers [--only sqlite] [--rows 100000]

Questions that no answer is known for are asked over HTTP: alone, beside a process that only
computes, and during `terrigraph import`. What an import takes of a processor, the second tells
from what it takes of the database. Each answer tells its release, and whether the list is there.
"""

import argparse
import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Self

import orjson

from bench import databases, lists
from bench.databases import CACHE, POSTGRESQL, SQLITE, server, url_of
from bench.figures import Figure, about_machine, write
from bench.served import Served, ordinary
from graph.storage.engine import open_engine
from graph.storage.migrate import upgrade
from seed.load import load

_ROWS = 100_000
_SECONDS = 15.0
_READERS = 2
_PAUSE_S = 0.02
_SEEN_S = 5.0
_ENGINES = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}
_QUERY = """query ($first: Int!, $year: Int!, $list: String!) {
  dataset { release }
  sources(first: 1, where: {title: {eq: $list}}) { nodes { name } }
  awards(first: $first, where: {year: {gte: $year}}) { nodes { year laureates { name code } } }
}"""
_IMPORT = [sys.executable, "-c", "from graph.cli import main; main()", "import"]
# As little in the way of others as an import, which lowers its priority by itself.
_COMPUTE = [sys.executable, "-c", "import os; os.nice(10)\nwhile True: pass"]
_ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Answer:
    """When an answer came, of which release, and whether it knows the list; "" for an error."""

    began: float
    ended: float
    release: str
    has_list: bool

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.began


class Readers:
    """Some who ask, one question after the other, until the block ends."""

    _numbers = itertools.count()

    def __init__(self, port: int) -> None:
        self._port = port
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(_READERS)]
        self.answers: list[Answer] = []

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def of(self, began: float, ended: float) -> list[Answer]:
        """The answers to what was asked in a time, in their order."""
        return sorted(
            (each for each in self.answers if began <= each.began < ended),
            key=lambda each: each.ended,
        )

    def _run(self) -> None:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=30)
        while not self._is_over.wait(_PAUSE_S):
            answer = self._ask(connection)
            self.answers.append(answer)
            if not answer.release:
                connection.close()  # the next question opens it again
        connection.close()

    def _ask(self, connection: HTTPConnection) -> Answer:
        variables = {**ordinary(next(self._numbers)), "list": lists.KEY}
        body = orjson.dumps({"query": _QUERY, "variables": variables})
        began = perf_counter()
        try:
            connection.request("POST", "/graphql", body, {"content-type": "application/json"})
            response = connection.getresponse()
            told = response.read()
        except (OSError, HTTPException):
            return Answer(began, perf_counter(), "", has_list=False)
        ended = perf_counter()
        data = orjson.loads(told) if told.startswith(b"{") else {}
        if "data" not in data or "errors" in data:
            return Answer(began, ended, "", has_list=False)
        data = data["data"]
        return Answer(
            began, ended, data["dataset"]["release"], has_list=bool(data["sources"]["nodes"])
        )


@dataclass(frozen=True, slots=True)
class Phases:
    """The answers of each phase, in their order."""

    alone: list[Answer]
    computing: list[Answer]
    during: list[Answer]
    after: list[Answer]
    import_s: float
    seen_s: float


def observe(url: str, folder: Path, seconds: float = _SECONDS) -> Phases:
    """Reads a database before, during and after an import of the list in a folder."""
    # Ours alone would keep the answers, of which there are only some thousands.
    with Served(url, cache_max_bytes=0) as served, Readers(served.port) as readers:
        time.sleep(min(2.0, seconds))
        began = perf_counter()
        time.sleep(seconds)
        alone = perf_counter()
        with _running(_COMPUTE):
            time.sleep(seconds)
        computing = perf_counter()
        with _running([*_IMPORT, str(folder), "--list", lists.KEY, "--database", url]) as process:
            code = process.wait()
        imported = perf_counter()
        if code:
            raise RuntimeError(f"the import ends with {code}")
        seen = _seen(readers, imported)
        time.sleep(min(2.0, seconds))
        return Phases(
            readers.of(began, alone),
            readers.of(alone, computing),
            readers.of(computing, imported),
            readers.of(imported, perf_counter()),
            imported - computing,
            seen - imported,
        )


def _seen(readers: Readers, imported: float) -> float:
    """When the first answer of the new release came."""
    while perf_counter() < imported + _SEEN_S:
        found = [each.ended for each in readers.answers if each.has_list]
        if found:
            return max(imported, min(found))
        time.sleep(_PAUSE_S)
    raise RuntimeError("the new release is not answered")


@contextmanager
def _running(command: Sequence[str]) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(
        command, cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def counts(section: str, phases: Phases) -> Iterator[Figure]:
    """How many answers there were, and how many should not have been."""
    read = [*phases.alone, *phases.computing, *phases.during, *phases.after]
    good = [each for each in read if each.release]
    old = good[0].release
    is_new = [each.release != old for each in good]
    releases = {each.release for each in good}
    seen = min((each.ended for each in good if each.release != old), default=float("inf"))
    backwards = sum(each.release == old and each.began > seen for each in good)
    mixed = sum(each.has_list != new for each, new in zip(good, is_new, strict=True))
    yield Figure(section, "answers during the import", len(phases.during), at_least=1)
    yield Figure(section, "errors", len(read) - len(good), at_most=0)
    yield Figure(section, "releases answered, the old and the new one", len(releases), at_most=2)
    yield Figure(section, "answers of the new one at the end", sum(is_new), at_least=1)
    yield Figure(section, "answers of the old one behind the new one", backwards, at_most=0)
    yield Figure(section, "answers of one release with the list of the other", mixed, at_most=0)


def times(section: str, phases: Phases) -> Iterator[Figure]:
    """How long answers took beside how long they took alone."""
    told = {
        "alone": phases.alone,
        "beside a process that only computes": phases.computing,
        "during the import": phases.during,
    }
    marks = {name: _marks(answers) for name, answers in told.items()}
    alone = marks["alone"]
    for name, (middle, most) in marks.items():
        yield Figure(section, f"median {name}", middle * 1000, "ms")
        yield Figure(section, f"95 % {name}", most * 1000, "ms")
    for name in list(marks)[1:]:
        limit = 2.0 if name == "during the import" else None
        for label, value, base in zip(("median", "95 %"), marks[name], alone, strict=True):
            yield Figure(section, f"{label} {name} / alone", value / base, at_most=limit)
    longest = max(each.seconds for each in phases.during)
    yield Figure(section, "longest during the import", longest * 1000, "ms")
    yield Figure(section, "the import", phases.import_s, "s")
    yield Figure(section, "first answer of the new release after it", phases.seen_s, "s")


def _marks(answers: Sequence[Answer]) -> tuple[float, float]:
    taken = [each.seconds for each in answers]
    return median(taken), quantiles(taken, n=20)[18]


def _measure(engine: str, folder: Path, rows: int) -> Iterator[Figure]:
    with server(engine, folder) as server_url, TemporaryDirectory(dir=folder) as given:
        url = url_of(server_url, Path(given), "readers")
        databases.create_empty(url)
        try:
            _fill(url, Path(given) / "list", rows)
            phases = observe(url, Path(given) / "list")
            yield from counts(_ENGINES[engine], phases)
            yield from times(_ENGINES[engine], phases)
        finally:
            databases.drop(url)


def _fill(url: str, folder: Path, rows: int) -> None:
    engine = open_engine(url)
    try:
        upgrade(engine)
        load(engine)
        with engine.connect() as connection:
            lists.write(connection, folder, rows)
    finally:
        engine.dispose()


def main() -> None:
    """Measures, prints and keeps the figures."""
    options = argparse.ArgumentParser(prog="python -m bench.readers", description=__doc__)
    options.add_argument("--only", choices=_ENGINES, help="one engine; keeps no result")
    options.add_argument("--rows", type=int, default=_ROWS, help="awards and metrics of the list")
    options.add_argument("--folder", type=Path, default=CACHE, help="where the data is kept")
    given = options.parse_args()
    measured: list[Figure] = []
    for engine in [given.only] if given.only else _ENGINES:
        for figure in _measure(engine, given.folder, given.rows):
            print(" | ".join(figure.cells()), flush=True)
            measured.append(figure)
    if not given.only:
        about = {**about_machine(), "awards and metrics of the list": f"{given.rows:,}"}
        write("readers", "Readers during an import", about, measured)


if __name__ == "__main__":
    main()
