"""A long list into a database that holds the committed data, beside the same rows written bare.

    python -m bench.imports [--engine postgresql] [--rows 1000000]

The list goes in as `terrigraph import` brings it, in a process of its own. The same rows of the
same tables, with all their indexes and constraints, are then written by one `executemany` a table
(SQLite, one transaction) or one `COPY` (PostgreSQL), which checks nothing, finds nothing and
remembers nothing. Processor time is that of the process and of its server process.
"""

import argparse
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import sqlalchemy as sa

from bench import databases, lists, memory
from bench.databases import CACHE, POSTGRESQL, SQLITE, server, url_of
from bench.figures import Figure, about_machine, write
from graph.commands.bring import Told, import_told
from graph.storage import tables
from graph.storage.engine import database_url, open_engine
from graph.storage.migrate import upgrade
from graph.storage.tables import table_of
from seed.feed import Feed
from seed.load import Way, load
from seed.report import Report
from seed.verify import verify
from seed.write import insert

_ROWS = 1_000_000
_BATCH_ROWS = 50_000
_OF_BARE = 1 / 3
_AGAIN = 3
# Of a list of ten times the rows.
_MEMORY = 1.25
_PARENTS = (tables.Source, tables.Prize, tables.Edition)
_FILLED = (tables.Initiative, tables.InitiativeHolder, tables.Award, tables.Laureate, tables.Metric)


@dataclass(slots=True)
class Spent:
    """What a piece of work took; `steps` are those that its progress told."""

    seconds: float = 0.0
    processor_s: float = 0.0
    peak_mib: float = 0.0
    steps: dict[str, int] = field(default_factory=dict)
    report: Report | None = None


class _Clock:
    """Adds up what work takes, here and in the server's process of a connection."""

    def __init__(self, driver: Any, spent: Spent) -> None:
        self._driver = driver
        self._spent = spent

    def __enter__(self) -> None:
        self._before = self._now()

    def __exit__(self, *_: object) -> None:
        (seconds, processor_s), (began, had) = self._now(), self._before
        self._spent.seconds += seconds - began
        self._spent.processor_s += processor_s - had

    def _now(self) -> tuple[float, float]:
        return perf_counter(), process_time() + _of_server(self._driver)


def _of_server(driver: Any) -> float:
    """The processor time of the server's process so far; none where there is no server."""
    if isinstance(driver, sqlite3.Connection):
        return 0.0
    page = Path(f"/proc/{driver.info.backend_pid}/stat").read_text(encoding="utf-8")
    user, system = page.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _driver(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection


def _import(url: str, folder: Path, way: Way) -> Spent:
    """Brings the list of a folder in as the command does."""
    engine = open_engine(url)
    spent = Spent()
    told = Told(folder, Feed(lists.KEY, "Banc d’essai"), way=way)

    def tell(label: str, _done: int, _total: int) -> None:
        spent.steps[label] = spent.steps.get(label, 0) + 1

    # The import takes the same one from the pool.
    with engine.connect() as connection:
        driver = _driver(connection)
    with _Clock(driver, spent):
        spent.report = import_told(engine, told, tell)
    spent.peak_mib = memory.peak_mib()
    engine.dispose()
    return spent


def _bare(url: str, filled: str) -> tuple[Spent, int]:
    """Writes the rows of a filled database into another; what they refer to is there before."""
    spent, rows = Spent(), 0
    source, target = open_engine(filled), open_engine(url)
    with source.connect() as given, target.connect() as taken:
        for model in _PARENTS:
            _write_bare(taken, table_of(model), _missing(given, taken, table_of(model)))
        taken.commit()
        clock = _Clock(_driver(taken), spent)
        for model in _FILLED:
            table = table_of(model)
            read = _missing(given, taken, table)
            while batch := list(islice(read, _BATCH_ROWS)):
                rows += len(batch)
                with clock:
                    _write_bare(taken, table, batch)
        with clock:
            taken.commit()
    for engine in (source, target):
        engine.dispose()
    return spent, rows


def _missing(given: sa.Connection, taken: sa.Connection, table: sa.Table) -> Iterator[Any]:
    newest = taken.scalar(sa.select(sa.func.max(table.c.id))) or 0
    rows = sa.select(table).where(table.c.id > newest).order_by(table.c.id)
    return iter(given.execution_options(stream_results=True).execute(rows))


def _write_bare(connection: sa.Connection, table: sa.Table, rows: Iterable[Any]) -> None:
    insert(connection, table, [(*row,) for row in rows])


def _copy(url: str, other: str) -> str:
    """Another database with the same content."""
    databases.drop(other)
    if url.startswith(SQLITE):
        shutil.copyfile(database_url(url).database or "", database_url(other).database or "")
        return other
    here, there = database_url(url), database_url(other)
    databases.on_server(there, f'CREATE DATABASE "{there.database}" TEMPLATE "{here.database}"')
    return other


def _first(url: str) -> None:
    databases.create_empty(url)
    engine = open_engine(url)
    upgrade(engine)
    load(engine)
    if engine.dialect.name == SQLITE:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def _disagreements(url: str) -> int:
    engine = open_engine(url)
    try:
        return len(verify(engine).disagreements)
    finally:
        engine.dispose()


class Bench:
    """The measures of one engine, on databases that are removed afterwards."""

    def __init__(self, server_url: str | None, folder: Path, rows: int) -> None:
        self._server_url = server_url
        self._folder = folder
        self._rows = rows
        self._base = self._url("base")

    def _url(self, name: str) -> str:
        return url_of(self._server_url, self._folder, f"bench_imports_{name}")

    def figures(self) -> Iterator[Figure]:
        """All figures."""
        _first(self._base)
        sizes = self._write_lists()
        small = memory.apart(_import, _copy(self._base, self._url("small")), *self._told("small"))
        databases.drop(self._url("small"))
        whole = _copy(self._base, self._url("whole"))
        first = memory.apart(_import, whole, *self._told("whole"))
        bare, rows = memory.apart(_bare, _copy(self._base, self._url("bare")), whole)
        databases.drop(self._url("bare"))
        self._check(first, rows)
        yield from self._speed(first, bare, rows)
        yield from self._flat(small, first, sizes)
        same = memory.apart(_import, whole, *self._told("whole"))
        forced = memory.apart(_import, whole, *self._told("whole", Way(is_forced=True)))
        other = memory.apart(_import, whole, *self._told("shuffled"))
        again = {
            "the same files": same,
            "the same files, read again (--force)": forced,
            "rows and columns in another order": other,
        }
        yield from self._again(first, again)
        wrong = memory.apart(_disagreements, whole)
        yield Figure("Afterwards", "disagreements that terrigraph check finds", wrong, at_most=0)
        for name in ("whole", "base"):
            databases.drop(self._url(name))

    def _told(self, name: str, way: Way | None = None) -> tuple[Path, Way]:
        return self._folder / "lists" / name, way or Way()

    def _write_lists(self) -> dict[str, int]:
        engine = open_engine(self._base)
        folder = self._folder / "lists"
        try:
            with engine.connect() as connection:
                return {
                    "small": lists.write(connection, folder / "small", self._rows // 10),
                    "whole": lists.write(connection, folder / "whole", self._rows),
                    "shuffled": lists.write(
                        connection, folder / "shuffled", self._rows, is_shuffled=True
                    ),
                }
        finally:
            engine.dispose()

    def _check(self, first: Spent, rows: int) -> None:
        counts = first.report.counts if first.report else {}
        awards_and_metrics = sum(counts[name].created for name in ("Award", "Metric"))
        if awards_and_metrics != self._rows or rows < self._rows:
            raise ValueError(f"{awards_and_metrics:,} awards and metrics of {self._rows:,}")

    def _speed(self, first: Spent, bare: Spent, rows: int) -> Iterator[Figure]:
        section = f"{rows:,} rows, {self._rows:,} of them awards and metrics"
        for name, spent in (("import", first), ("bare", bare)):
            yield Figure(section, f"{name}: rows a second", rows / spent.seconds)
            yield Figure(section, f"{name}: time", spent.seconds, "s")
            yield Figure(section, f"{name}: processor time", spent.processor_s, "s")
        share = bare.seconds / first.seconds
        yield Figure(section, "import to bare, rows a second", share, at_least=_OF_BARE)
        share = bare.processor_s / first.processor_s
        yield Figure(section, "the same of processor time", share, at_least=_OF_BARE)

    def _flat(self, small: Spent, first: Spent, sizes: dict[str, int]) -> Iterator[Figure]:
        section = "Memory and progress"
        for name, spent in (("small", small), ("whole", first)):
            yield Figure(section, f"peak at {sizes[name]:,} rows", spent.peak_mib, "MiB")
        growth = first.peak_mib / small.peak_mib
        yield Figure(section, "ten times the rows, memory", growth, "times", at_most=_MEMORY)
        yield Figure(section, "steps that the progress told", sum(first.steps.values()))

    def _again(self, first: Spent, again: dict[str, Spent]) -> Iterator[Figure]:
        section = "The same rows again"
        for name, spent in again.items():
            yield Figure(section, f"{name}: time", spent.seconds, "s")
            yield Figure(section, f"{name}: processor time", spent.processor_s, "s")
            faster = first.processor_s / max(spent.processor_s, 0.01)
            yield Figure(section, f"{name}: less processor time", faster, "times", at_least=_AGAIN)


def main() -> None:
    """Measures, prints and keeps the figures."""
    options = argparse.ArgumentParser(prog="python -m bench.imports", description=__doc__)
    options.add_argument("--engine", choices=(SQLITE, POSTGRESQL), default=SQLITE)
    options.add_argument("--rows", type=int, default=_ROWS, help="awards and metrics")
    given = options.parse_args()
    CACHE.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=CACHE) as folder, server(given.engine, Path(folder)) as server_url:
        figures = [*Bench(server_url, Path(folder), given.rows).figures()]
    name = f"imports-{given.engine}" + ("" if given.rows == _ROWS else f"-{given.rows}")
    table, _ = write(name, f"Imports, {given.engine}", about_machine(), figures)
    print(table.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
