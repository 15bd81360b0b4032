"""Rows into tables, by the fastest way of each engine; decides nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import psycopg
import sqlalchemy as sa

from seed.progress import Progress, silence

Values = tuple[Any, ...]
# The rows of whole tables, in the order of their columns.
Contents = Mapping[sa.Table, Sequence[Values]]

# How often the progress of a long table is told.
_BATCH_ROWS = 5_000
# Fewer are not worth the trouble, nor a look at how many there are.
_MANY_ROWS = 10_000
# Of PostgreSQL, whose usual 4 MiB would write what is sorted into files, and to which a long
# statement seems worth a compilation, which takes longer than to run it.
_ROOM = {"work_mem": "64MB", "jit": "off"}


def replace(connection: sa.Connection, contents: Contents, tell: Progress) -> None:
    """Makes these all the rows of their tables, which no other table refers to."""
    for table, rows in contents.items():
        connection.execute(sa.delete(table))
        insert_all(connection, table, rows, tell)
        finish(connection, table)


def insert_all(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Values], tell: Progress = silence
) -> None:
    """Adds rows in batches, and tells how far it is."""
    label = f"write {table.name}"
    for start in range(0, len(rows), _BATCH_ROWS):
        tell(label, start, len(rows))
        insert(connection, table, rows[start : start + _BATCH_ROWS])
    if rows:
        tell(label, len(rows), len(rows))


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[Values]) -> None:
    """Adds rows at once: by COPY, or by one statement for all of them."""
    names = ", ".join(quoted(connection, column.name) for column in table.columns)
    name = quoted(connection, table.name)
    if connection.dialect.name == "postgresql":
        is_plain = rows and all(_is_number(column) for column in table.columns)
        _copy(connection, f"COPY {name} ({names}) FROM STDIN", rows, is_plain=bool(is_plain))
    elif rows:
        marks = ", ".join("?" * len(table.columns))
        statement = f"INSERT INTO {name} ({names}) VALUES ({marks})"  # noqa: S608  # names of our own tables
        connection.exec_driver_sql(statement, list(rows))


def insert_in_order(
    connection: sa.Connection,
    table: sa.Table,
    names: Sequence[str],
    rows: sa.Select[Any],
    order: Sequence[sa.ColumnElement[Any]],
) -> None:
    """Adds rows by a statement; their ids count on in this order, the same on both engines."""
    if connection.dialect.name == "sqlite":
        # Counts by itself; a window would take as long again as to write the rows.
        rows = rows.order_by(*order)
    else:
        before = sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0)).scalar_subquery()
        rows = rows.add_columns(sa.func.row_number().over(order_by=order) + before)
        names = [*names, "id"]
    connection.execute(sa.insert(table).from_select(names, rows))


def _is_number(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.Integer) and not column.nullable


def _copy(
    connection: sa.Connection, statement: str, rows: Sequence[Values], *, is_plain: bool
) -> None:
    """Writes rows; plain ones, of numbers alone, in a third of the time.

    Fails as any statement of SQLAlchemy does, which does not know of this one.
    """
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]  # by the dialect
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            if is_plain:
                line = "\t".join(["%d"] * len(rows[0])) + "\n"
                copy.write("".join([line % row for row in rows]))
            for row in () if is_plain else rows:
                copy.write_row(row)
    except psycopg.Error as error:
        if driver.closed:
            # There is nothing left to undo, and a failure to do so would hide this one.
            connection.invalidate(error)
        raise sa.exc.DBAPIError.instance(
            statement, None, error, psycopg.Error, dialect=connection.dialect
        ) from error


def make_room(connection: sa.Connection) -> None:
    """Lets the statements of a transaction sort and join a long list in memory.

    For PostgreSQL; SQLite has its cache.
    """
    if connection.dialect.name == "postgresql":
        for name, value in _ROOM.items():
            connection.exec_driver_sql(f"SET LOCAL {name} = '{value}'")


@contextmanager
def _told(connection: sa.Connection, name: str, value: str) -> Iterator[None]:
    """For a block, tells the planner of PostgreSQL something; an error ends the transaction."""
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.exec_driver_sql(f"SET LOCAL {name} = {value}")
    yield
    connection.exec_driver_sql(f"SET LOCAL {name} TO DEFAULT")


@contextmanager
def indexed_later(connection: sa.Connection, table: sa.Table, rows: int) -> Iterator[None]:
    """For a block that adds so many rows: where most are new, indexes are made after it.

    SQLite sorts them then, in a third of the time that row by row takes. PostgreSQL would keep
    readers out of the table until the end of the import; it looks references up by an index
    then, which it would read the whole of a short table for, row by row.
    """
    is_later = connection.dialect.name == "sqlite" and rows >= _MANY_ROWS
    if is_later and rows > size(connection, table):
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
    else:
        indexes = []
    for index in indexes:
        index.drop(connection)
    with _told(connection, "random_page_cost", "1.1"):
        yield
    for index in indexes:
        index.create(connection)


def finish(connection: sa.Connection, table: sa.Table) -> None:
    """Lets other means count on from the ids given here, and the planner know the table."""
    _continue_ids(connection, table)
    # A planner that was not told how full a table is would scan it.
    connection.exec_driver_sql(f"ANALYZE {quoted(connection, table.name)}")


def analyze(connection: sa.Connection, table: sa.Table) -> None:
    """Lets the planner know a temporary table; roughly, since few statements read it."""
    with _told(connection, "default_statistics_target", "10"):
        connection.exec_driver_sql(f"ANALYZE {table.name}")


def size(connection: sa.Connection, table: sa.Table) -> int:
    """How many rows a table has."""
    return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def batches(rows: Iterable[Any], size: int = _BATCH_ROWS) -> Iterator[list[Any]]:
    """The rows in lists of at most `size`."""
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch


def _continue_ids(connection: sa.Connection, table: sa.Table) -> None:
    """For PostgreSQL; SQLite does so by itself."""
    if connection.dialect.name == "postgresql" and "id" in table.columns:
        name = quoted(connection, table.name)
        connection.execute(
            sa.select(
                sa.func.setval(
                    sa.func.pg_get_serial_sequence(name, "id"),
                    sa.select(sa.func.max(table.c.id)).scalar_subquery(),
                )
            )
        )


def quoted(connection: sa.Connection, name: str) -> str:
    """A name as the engine wants it in a statement."""
    return connection.dialect.identifier_preparer.quote(name)
