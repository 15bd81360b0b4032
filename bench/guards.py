"""What the guards cost an ordinary question whose document was seen before, and how fast they stop.

    python -m bench.guards

The guards of one question are run in a loop as the endpoint runs them, with its variables and the
statements that it takes. Then statements that would run for minutes are stopped, on both engines:
at the limit, and when the caller leaves; what counts is when the database is idle again.
"""

import asyncio
import gc
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import psycopg

from bench.databases import POSTGRESQL, SQLITE, create_empty, server, url_of
from bench.figures import Figure, about_machine, write
from bench.questions import NESTED
from graph.domain.errors import OperationTimeout
from graph.http.budget import Budget
from graph.http.callers import Caller
from graph.http.leaving import unless_gone
from graph.http.request import ClientGone, check_content, question_of_body, read_body
from graph.schema.build import build_schema
from graph.settings import Settings, in_force
from graph.storage.brake import Brake
from graph.storage.read import Database, Reader
from graph.storage.statements import Statement

_STATEMENTS = 12
_LOOP, _ROUNDS = 1000, 9
_MOST_MS = 0.2
_LIMIT_S, _LATE_S = 0.5, 0.5
_TIMES = 5
_SLOW = (
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) "
    "SELECT count(*) FROM n"
)
_BODY = (
    b'{"query": "query ($where: AwardWhere, $first: Int) { awards(where: $where, first: $first) '
    b'{ nodes { id } } }", "variables": {"first": 20, "where": {"year": {"between": {"from": 2010, '
    b'"to": 2020}}, "level": {"in": ["GOLD", "SILVER"]}}}, "operationName": null}'
)


class _Guards:
    """Each guard as the endpoint and the reading side use it, for one question."""

    def __init__(self) -> None:
        self._settings = Settings()
        self._documents = build_schema(self._settings).documents
        self._budget = Budget(self._settings)
        self._caller = Caller("192.0.2.1", is_behind_proxy=False)
        self._question = question_of_body(_BODY, self._settings)

    def all(self) -> dict[str, Callable[[], Any]]:
        """The guards by name, in the order in which they are run."""
        return {
            "content type": self._content,
            "size of the body": self._body,
            "shape of the variables": self._shape,
            "document, limits, cost": self._cost,
            "document of a nested question, limits, cost": self._nested,
            "points of the caller": self._points,
            "limits in force": self._in_force,
            "time of each statement": self._time,
            "callers who leave": self._leaving,
        }

    async def _content(self) -> None:
        check_content("application/json", "")

    async def _body(self) -> None:
        await read_body(self._receive, str(len(_BODY)), self._settings)

    async def _receive(self) -> Any:
        return {"type": "http.request", "body": _BODY}

    async def _shape(self) -> None:
        question_of_body(_BODY, self._settings)  # which decodes it as well

    async def _cost(self) -> None:
        asked = self._question
        text = asked.query or ""
        self._documents.cost(text, asked.operation_name, asked.variables)
        self._documents.of(text).operation(asked.operation_name)

    async def _nested(self) -> None:
        self._documents.cost(NESTED.text, None, None)
        self._documents.of(NESTED.text).operation(None)

    async def _points(self) -> None:
        await self._budget.take(self._caller, 10)

    async def _in_force(self) -> None:
        in_force.set(self._settings)

    async def _time(self) -> None:
        brake = Brake(self._settings, perf_counter())
        for _ in range(_STATEMENTS):
            brake.start()

    async def _leaving(self) -> None:
        await unless_gone(self._receive, _nothing())


async def _nothing() -> None:
    """Work that is done at once."""


async def _per_call_ms(guard: Callable[[], Any]) -> float:
    rounds = []
    for _ in range(_ROUNDS):
        began = process_time()
        for _ in range(_LOOP):
            await guard()
        rounds.append((process_time() - began) / _LOOP * 1000)
    return median(rounds)


async def _costs() -> list[Figure]:
    section = "All guards of a question whose document was seen before"
    guards = _Guards().all()
    for guard in guards.values():  # the document is parsed, checked and priced
        await guard()
    gc.collect()
    gc.freeze()  # as the application does
    times = {name: await _per_call_ms(guard) for name, guard in guards.items()}
    note = (
        f"Processor time of one call: the median of {_ROUNDS} rounds of {_LOOP:,}, for "
        f"{_STATEMENTS} statements."
    )
    parts = [Figure(section, name, time, "ms", note=note) for name, time in times.items()]
    return [*parts, Figure(section, "together", sum(times.values()), "ms", at_most=_MOST_MS)]


def _slow(reader: Reader) -> Any:
    return reader.rows(Statement(_SLOW, (), {}), {})


async def _idle_after_s(database: Database, work: Any, began: float) -> float:
    """The seconds from `began` until nothing runs in the database any more."""
    with suppress(OperationTimeout, ClientGone):
        await work
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(database._workers, perf_counter)  # noqa: SLF001  # its only thread
    if database.dialect == POSTGRESQL:
        await loop.run_in_executor(None, _wait, database)
    return perf_counter() - began


def _wait(database: Database) -> None:
    address = database.url.set(drivername=POSTGRESQL).render_as_string(hide_password=False)
    active = (
        "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND datname = current_database() "
        "AND pid <> pg_backend_pid()"
    )
    with closing(psycopg.connect(address, autocommit=True)) as other:
        while other.execute(active).fetchone() is not None:
            pass


async def _late_s(url: str, kind: str) -> float:
    """How long after the limit, or after the caller left, the database is idle."""
    seconds = {
        "operation": {"operation_timeout_s": _LIMIT_S, "statement_timeout_s": 60},
        "statement": {"operation_timeout_s": 60, "statement_timeout_s": _LIMIT_S},
        "caller": {"operation_timeout_s": 60, "statement_timeout_s": 60},
    }[kind]
    with Database(url, workers=1, limits=Settings(**seconds)) as database:
        began = perf_counter()
        if kind != "caller":
            return await _idle_after_s(database, database.run(_slow), began) - _LIMIT_S
        has_left = asyncio.Event()

        async def receive() -> Any:
            await has_left.wait()
            return {"type": "http.disconnect"}

        asyncio.get_running_loop().call_later(_LIMIT_S, has_left.set)
        work = unless_gone(receive, database.run(_slow))
        return await _idle_after_s(database, work, began) - _LIMIT_S


def _stops(url: str, engine: str) -> Iterator[Figure]:
    section = "A statement that would run for minutes is stopped in the database"
    note = f"The latest of {_TIMES} times, after a limit of {_LIMIT_S:g} s."
    for kind, label in (
        ("operation", "after the operation's limit"),
        ("statement", "after the statement's limit"),
        ("caller", "after the caller left"),
    ):
        late = max(asyncio.run(_late_s(url, kind)) for _ in range(_TIMES))
        yield Figure(section, f"{engine}: {label}", late, "s", at_most=_LATE_S, note=note)


def main() -> None:
    """Measures, prints and keeps the figures."""
    figures = asyncio.run(_costs())
    for engine in (SQLITE, POSTGRESQL):
        with TemporaryDirectory() as folder, server(engine, Path(folder)) as server_url:
            url = url_of(server_url, Path(folder), "guards")
            create_empty(url)
            if engine == SQLITE:  # readers create no file
                Path(url.removeprefix("sqlite:///")).touch()
            figures += _stops(url, engine)
    table, _ = write("guards", "Guards", about_machine(), figures)
    print(table.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
