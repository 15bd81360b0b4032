"""What takes too long is stopped in the database itself, and so is what nobody waits for."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest

from graph.domain.errors import OperationTimeout, OverLimit
from graph.execution import executor
from graph.execution.answer import answer
from graph.schema.build import build_schema
from graph.settings import Limits
from graph.storage.read import Database, Reader
from graph.storage.statements import Statement
from tests.storage.rows import new_world

# Takes minutes on any engine, and little memory.
SLOW = (
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) "
    "SELECT count(*) FROM n"
)
LIMITS = Limits(operation_timeout_s=0.3, statement_timeout_s=20)
# A machine that is busy with other things may be late by so much.
_LATE_S = 5.0


def run(reader: Reader, text: str = SLOW) -> list[Any]:
    return reader.rows(Statement(text, (), {}), {})


@pytest.fixture
def database(engine_url: str) -> Iterator[Database]:
    """A database whose operations may take 0.3 s."""
    with new_world(engine_url), Database(engine_url, workers=1, limits=LIMITS) as opened:
        yield opened


async def until_nothing_runs(database: Database) -> None:
    """Waits until the only worker is free and the server runs none of our statements."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(_LATE_S):
        await loop.run_in_executor(database._workers, time.perf_counter)
        if database.dialect == "postgresql":
            await loop.run_in_executor(None, _wait, database)


def _wait(database: Database) -> None:
    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    active = (
        "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND datname = current_database() "
        "AND pid <> pg_backend_pid()"
    )
    with closing(psycopg.connect(address, autocommit=True)) as other:
        while other.execute(active).fetchone() is not None:
            time.sleep(0.02)


async def test_an_operation_past_its_time_is_stopped_in_the_database(database: Database) -> None:
    began = time.perf_counter()
    with pytest.raises(OperationTimeout) as stopped:
        await database.run(run)
    await until_nothing_runs(database)
    assert time.perf_counter() - began < LIMITS.operation_timeout_s + _LATE_S
    assert stopped.value.extensions["code"] == "OPERATION_TIMEOUT"
    limit = stopped.value.limit
    assert (limit["name"], limit["max"]) == ("operationSeconds", 0.3)
    assert limit["actual"] >= 0.3
    assert "ask for fewer rows" in str(stopped.value)
    assert await database.run(lambda reader: run(reader, "SELECT 1")) == [(1,)]


async def test_a_statement_past_its_own_time_is_stopped_earlier(engine_url: str) -> None:
    limits = Limits(operation_timeout_s=20, statement_timeout_s=0.2)
    with new_world(engine_url), Database(engine_url, workers=1, limits=limits) as database:
        with pytest.raises(OperationTimeout) as stopped:
            await database.run(run)
        await until_nothing_runs(database)
    assert stopped.value.limit["name"] == "statementSeconds"


async def test_time_is_counted_over_all_statements(database: Database) -> None:
    """No statement is begun when there is no time left for it."""
    texts = []

    def work(reader: Reader) -> None:
        try:
            while True:
                run(reader, "SELECT 1")
                time.sleep(0.02)
        finally:
            texts.append(len(reader.statements))

    with pytest.raises(OperationTimeout):
        await database.run(work)
    await until_nothing_runs(database)
    assert 1 < texts[0] < 0.3 / 0.02 + 2
    assert sum(texts[1:]) == 0


async def test_time_is_counted_from_where_the_operation_began(database: Database) -> None:
    def work(reader: Reader) -> list[Any]:
        return run(reader, "SELECT 1")

    assert await database.run(work, time.perf_counter()) == [(1,)]
    with pytest.raises(OperationTimeout):
        await database.run(work, time.perf_counter() - 1)


async def test_what_waits_for_a_worker_without_time_left_is_never_begun(
    database: Database,
) -> None:
    readers = []

    def work(reader: Reader) -> None:
        readers.append(reader)
        run(reader)

    began = time.perf_counter()
    late = [asyncio.create_task(database.run(work, began)) for _ in range(4)]
    results = await asyncio.gather(*late, return_exceptions=True)
    await until_nothing_runs(database)
    assert [type(result) for result in results] == [OperationTimeout] * 4
    briefly = 4 if database.dialect == "sqlite" else 0
    assert sum(len(reader.statements) for reader in readers) == briefly + 1


async def test_what_nobody_waits_for_is_stopped(engine_url: str) -> None:
    limits = Limits(operation_timeout_s=60, statement_timeout_s=60)
    with new_world(engine_url), Database(engine_url, workers=1, limits=limits) as database:
        task = asyncio.create_task(database.run(run))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until_nothing_runs(database)
        assert database._idle == []
        assert await database.run(lambda reader: run(reader, "SELECT 1")) == [(1,)]


async def test_a_cancellation_between_two_statements_stops_the_next(database: Database) -> None:
    """However early it comes: at any point of the work, nothing is begun after it."""
    for delay in (0.0, 0.001, 0.005, 0.02):
        task = asyncio.create_task(
            database.run(lambda reader: [run(reader, "SELECT 1"), run(reader)])
        )
        await asyncio.sleep(delay)
        task.cancel()
        with pytest.raises((asyncio.CancelledError, OperationTimeout)):
            await task
        await until_nothing_runs(database)


async def test_other_operations_are_not_stopped_with_it(database: Database) -> None:
    """A cancellation is meant for a statement, and must not meet the next one there."""
    for _ in range(3):
        with pytest.raises(OperationTimeout):
            await database.run(run)
        for _ in range(5):
            assert await database.run(lambda reader: run(reader, "SELECT 1")) == [(1,)]


async def test_more_rows_than_a_response_may_take_are_refused(engine_url: str) -> None:
    many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 7) "
    many += "SELECT i FROM n"
    with (
        new_world(engine_url),
        Database(engine_url, limits=Limits(response_max_rows=20)) as database,
    ):
        assert len(await database.run(lambda reader: run(reader, many) + run(reader, many))) == 14
        with pytest.raises(OverLimit) as refused:
            await database.run(lambda reader: [run(reader, many) for _ in range(3)])
        assert refused.value.extensions == {
            "code": "BAD_USER_INPUT",
            "limit": {"name": "responseRows", "max": 20, "actual": 21},
        }
        assert len(await database.run(lambda reader: run(reader, many))) == 7


async def test_the_caller_is_told_in_the_answer(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(executor.Run):
        def root(self, _plan: Any) -> Any:
            return run(self._reader)

    monkeypatch.setattr(executor, "Run", Slow)
    answered = await answer(
        build_schema(), database, "{ prizes { totalCount } dataset { release } }"
    )
    assert answered.body["data"] == {"prizes": None, "dataset": None}
    codes = [error["extensions"]["code"] for error in answered.body["errors"]]
    assert codes == ["OPERATION_TIMEOUT", "OPERATION_TIMEOUT"]
    assert answered.body["errors"][0]["extensions"]["limit"]["max"] == 0.3
    await until_nothing_runs(database)


async def test_an_answer_that_nobody_waits_for_is_not_made(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(executor.Run):
        def root(self, _plan: Any) -> Any:
            return run(self._reader)

    monkeypatch.setattr(executor, "Run", Slow)
    task = asyncio.create_task(answer(build_schema(), database, "{ prizes { totalCount } }"))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until_nothing_runs(database)
