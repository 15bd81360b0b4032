"""Readers read one state of the data, write nothing, and come back after a failure."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from graph.domain.errors import ServiceUnavailable
from graph.execution.answer import answer
from graph.loaders.batch import load_rows
from graph.loaders.category import categories
from graph.schema.build import build_schema
from graph.storage.engine import open_engine
from graph.storage.read import Database, Reader
from graph.storage.selection import Selection
from graph.storage.statements import Statement
from graph.storage.tables import Category, columns_of
from tests.storage.rows import World, new_world

schema = build_schema()
QUERY = "{ categories { nodes { slug } } }"


@pytest.fixture
def world(engine_url: str) -> Iterator[World]:
    """Two categories, a and b."""
    with new_world(engine_url) as made:
        made.category("a")
        made.category("b")
        yield made


@pytest.fixture
def database(world: World, engine_url: str) -> Iterator[Database]:
    with Database(engine_url) as opened:
        yield opened


def slugs(reader: Reader) -> list[str]:
    rows = load_rows(reader, Selection(categories), {1}, (columns_of(Category).slug,))
    return [row[1] for row in rows]


def raw(text: str) -> Statement:
    return Statement(text, (), {})


# What a driver says of a write, in the class of errors that it has for it.
REFUSED = (ServiceUnavailable, psycopg.errors.ReadOnlySqlTransaction)
WRITES = (
    "INSERT INTO category (uid, slug, label_fr, label_en) VALUES ('c', 'c', 'c', 'c')",
    "UPDATE category SET slug = 'c' WHERE slug = 'a'",
    "DELETE FROM category",
    "CREATE TABLE more (id integer)",
    "DROP TABLE laureate",
)


def written(database: Database, text: str, *, is_begun: bool) -> None:
    with database.reader() as reader:
        if is_begun:
            slugs(reader)
        reader.rows(raw(text), {})


@pytest.mark.parametrize("is_begun", [False, True])
def test_a_reader_cannot_write(database: Database, engine_url: str, *, is_begun: bool) -> None:
    engine = open_engine(engine_url)
    tables = sa.inspect(engine).get_table_names()
    for text in WRITES:
        with pytest.raises(REFUSED):
            written(database, text, is_begun=is_begun)
    assert sa.inspect(engine).get_table_names() == tables
    engine.dispose()
    assert database.run_here(slugs) == ["a", "b"]


def test_a_reader_sees_one_state_and_the_next_reader_the_new_one(
    database: Database, world: World
) -> None:
    with database.reader() as reader:
        assert slugs(reader) == ["a", "b"]
        world.category("c")
        assert slugs(reader) == ["a", "b"]
        with database.reader() as other:
            assert slugs(other) == ["a", "b", "c"]
        assert slugs(reader) == ["a", "b"]
    assert database.run_here(slugs) == ["a", "b", "c"]


def test_a_state_begins_with_the_first_statement(database: Database, world: World) -> None:
    with database.reader() as reader:
        world.category("c")
        assert slugs(reader) == ["a", "b", "c"]


def test_a_connection_that_was_read_from_is_used_again(database: Database) -> None:
    database.run_here(slugs)
    [idle] = database._idle
    database.run_here(slugs)
    assert database._idle == [idle]


def test_a_failed_reader_leaves_no_connection_behind(database: Database) -> None:
    def work(reader: Reader) -> None:
        slugs(reader)
        raise LookupError

    with pytest.raises(LookupError):
        database.run_here(work)
    assert database._idle == []
    assert database.run_here(slugs) == ["a", "b"]


@pytest.fixture
def missing(tmp_path: Path) -> Iterator[tuple[Database, Path]]:
    """A database opened on a SQLite file that is not there, and where it should be."""
    path = tmp_path / "missing.db"
    with Database(f"sqlite:///{path}") as opened:
        yield opened, path


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A SQLite file with the category a."""
    path = tmp_path / "kept.db"
    with new_world(f"sqlite:///{path}") as made:
        made.category("a")
    return path


def test_a_missing_file_is_an_outage_and_is_not_created(missing: tuple[Database, Path]) -> None:
    database, path = missing
    with pytest.raises(ServiceUnavailable) as failure:
        database.run_here(slugs)
    assert not path.exists()
    assert path.name not in str(failure.value)


async def test_a_missing_file_is_told_without_its_path(missing: tuple[Database, Path]) -> None:
    database, path = missing
    body = (await answer(schema, database, QUERY)).body
    assert body["data"] == {"categories": None}
    [error] = body["errors"]
    assert error["extensions"]["code"] == "SERVICE_UNAVAILABLE"
    assert path.stem not in error["message"]
    assert not path.exists()


async def test_a_file_that_is_back_is_read_by_the_same_database(
    missing: tuple[Database, Path], kept: Path
) -> None:
    database, path = missing
    assert "errors" in (await answer(schema, database, QUERY)).body
    shutil.copyfile(kept, path)
    body = (await answer(schema, database, QUERY)).body
    assert body == {"data": {"categories": {"nodes": [{"slug": "a"}]}}}


def test_a_file_that_is_no_database_is_an_outage_until_it_is_one(
    missing: tuple[Database, Path], kept: Path
) -> None:
    database, path = missing
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(ServiceUnavailable):
        database.run_here(slugs)
    shutil.copyfile(kept, path)
    assert database.run_here(slugs) == ["a"]


on_postgresql = pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)


def kill(database: Database, connection: Any) -> None:
    """Ends the server's side of a reader's connection, and waits until it is gone."""
    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg.connect(address, autocommit=True)) as other:
        pid = connection.info.backend_pid
        row = other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid]).fetchone()
    assert row == (True,)


@on_postgresql
async def test_a_killed_connection_is_replaced_by_the_next_question(database: Database) -> None:
    database.run_here(slugs)
    [idle] = database._idle
    kill(database, idle)
    body = (await answer(schema, database, QUERY)).body
    assert body == {"data": {"categories": {"nodes": [{"slug": "a"}, {"slug": "b"}]}}}
    assert idle.closed


@on_postgresql
def test_a_connection_killed_between_statements_is_replaced_and_all_is_read_again(
    database: Database,
) -> None:
    killed = []

    def work(reader: Reader) -> list[str]:
        before = slugs(reader)
        if not killed:
            killed.append(reader._cursor.connection)
            kill(database, reader._cursor.connection)
        assert slugs(reader) == before
        return before

    assert database.run_here(work) == ["a", "b"]
    assert [connection.closed for connection in killed] == [True]


@on_postgresql
def test_a_connection_killed_every_time_is_an_outage(database: Database) -> None:
    def work(reader: Reader) -> list[str]:
        slugs(reader)
        kill(database, reader._cursor.connection)
        return slugs(reader)

    with pytest.raises(ServiceUnavailable):
        database.run_here(work)
    assert database.run_here(slugs) == ["a", "b"]


@on_postgresql
def test_a_connection_killed_after_the_last_row_is_no_failure_of_the_program(
    database: Database,
) -> None:
    killed = []

    def work(reader: Reader) -> list[str]:
        found = slugs(reader)
        if not killed:
            killed.append(reader._cursor.connection)
            kill(database, reader._cursor.connection)
        return found

    assert database.run_here(work) == ["a", "b"]
