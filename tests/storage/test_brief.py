"""Short questions on SQLite are answered where they arrive, long ones in a worker."""

from threading import current_thread

import pytest

from graph.loaders.award import awards
from graph.loaders.batch import load_counts
from graph.storage import read
from graph.storage.read import Database, Reader
from graph.storage.selection import Selection


async def _count(database: Database) -> tuple[int, list[str]]:
    threads = []

    def work(reader: Reader) -> int:
        threads.append(current_thread().name)
        return load_counts(reader, Selection(awards), {1})[1]

    return await database.run(work), threads


async def test_a_short_question_on_sqlite_needs_no_worker(databases: dict[str, Database]) -> None:
    found, threads = await _count(databases["sqlite"])
    assert found == 290
    assert threads == [current_thread().name]


async def test_a_long_question_on_sqlite_is_asked_again_in_a_worker(
    databases: dict[str, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "_BRIEF_S", -1.0)
    monkeypatch.setattr(read, "_STEPS", 1)
    found, threads = await _count(databases["sqlite"])
    assert found == 290
    first, second = threads
    assert first == current_thread().name
    assert second.startswith("terrigraph-read")


async def test_postgresql_is_waited_for_in_a_worker(databases: dict[str, Database]) -> None:
    found, (thread,) = await _count(databases["postgresql"])
    assert found == 290
    assert thread.startswith("terrigraph-read")
