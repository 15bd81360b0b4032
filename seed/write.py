"""Changes into the tables, by the fastest way of each engine; decides nothing."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from seed.progress import Progress
from seed.reconcile import Change, Contents, Values

# How often the progress of a long table is told.
_BATCH_ROWS = 5_000


def apply(
    connection: sa.Connection, changes: Sequence[Change], leaves: frozenset[str], tell: Progress
) -> None:
    """Does all `changes`, which come parents first.

    `leaves` are the tables that no other refers to. Their changed rows are written anew:
    two winners that swap places would otherwise both stand in one place for a moment.
    """
    if connection.dialect.name == "sqlite":
        # Rows may refer to later ones; SQLite then checks all of them at the end.
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    outer = [change for change in changes if change.table.name in leaves]
    inner = [change for change in changes if change.table.name not in leaves]
    for change in outer:
        _delete(connection, change.table, [*change.withdrawn, *_keys(change.changed)])
    for change in inner:
        _free_unique_values(connection, change)
        _insert(connection, change.table, change.created, tell)
        _update(connection, change.table, change.changed)
    for change in reversed(inner):
        _delete(connection, change.table, change.withdrawn)
    for change in outer:
        _insert(connection, change.table, [*change.created, *change.changed], tell)
    for change in changes:
        if change.created:
            _finish(connection, change.table)


def replace(connection: sa.Connection, contents: Contents, tell: Progress) -> None:
    """Makes these all the rows of their tables, which no other table refers to."""
    for table, rows in contents.items():
        connection.execute(sa.delete(table))
        _insert(connection, table, rows, tell)
        _finish(connection, table)


def _finish(connection: sa.Connection, table: sa.Table) -> None:
    _continue_ids(connection, table)
    # A planner that was not told how full a table is would scan it.
    connection.exec_driver_sql(f"ANALYZE {_quoted(connection, table.name)}")


def _keys(rows: Sequence[Values]) -> list[Any]:
    return [row[0] for row in rows]


def _free_unique_values(connection: sa.Connection, change: Change) -> None:
    """Takes the SIREN off rows that change or go, since another row may take it over."""
    siren = change.table.columns.get("siren")
    rows = [*change.withdrawn, *_keys(change.changed)]
    if siren is not None and rows:
        statement = sa.update(change.table).where(_is_among(connection, change.table, rows))
        connection.execute(statement.values(siren=None))


def _insert(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Values], tell: Progress
) -> None:
    if not rows:
        return
    label = f"write {table.name}"
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows, label, tell)
        return
    names = ", ".join(_quoted(connection, column.name) for column in table.columns)
    marks = ", ".join("?" * len(table.columns))
    statement = f"INSERT INTO {_quoted(connection, table.name)} ({names}) VALUES ({marks})"  # noqa: S608  # names of our own tables
    for done, batch in _batches(rows):
        tell(label, done, len(rows))
        connection.exec_driver_sql(statement, batch)
    tell(label, len(rows), len(rows))


def _copy(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[Values],
    label: str,
    tell: Progress,
) -> None:
    names = ", ".join(_quoted(connection, column.name) for column in table.columns)
    statement = f"COPY {_quoted(connection, table.name)} ({names}) FROM STDIN"
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]  # by the dialect
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for done, batch in _batches(rows):
            tell(label, done, len(rows))
            for row in batch:
                copy.write_row(row)
    tell(label, len(rows), len(rows))


def _batches(rows: Sequence[Values]) -> Iterator[tuple[int, list[Values]]]:
    for start in range(0, len(rows), _BATCH_ROWS):
        yield start, list(rows[start : start + _BATCH_ROWS])


def _update(connection: sa.Connection, table: sa.Table, rows: Sequence[Values]) -> None:
    if not rows:
        return
    key, *others = table.columns
    statement = (
        sa.update(table)
        .where(key == sa.bindparam("new_0"))
        .values({c: sa.bindparam(f"new_{n}") for n, c in enumerate(others, 1)})
    )
    connection.execute(
        statement, [{f"new_{n}": value for n, value in enumerate(row)} for row in rows]
    )


def _delete(connection: sa.Connection, table: sa.Table, keys: Sequence[Any]) -> None:
    """One statement, so that rows which refer to each other may go together."""
    if keys:
        connection.execute(sa.delete(table).where(_is_among(connection, table, keys)))


def _is_among(
    connection: sa.Connection, table: sa.Table, keys: Sequence[Any]
) -> sa.ColumnElement[bool]:
    """Whether a row is one of `keys`, which may be more than a statement has parameters for."""
    (identity,) = table.primary_key.columns
    if connection.dialect.name == "postgresql":
        return identity == sa.any_(sa.literal(list(keys), ARRAY(identity.type)))
    each = sa.func.json_each(json.dumps(keys)).table_valued("value")
    return identity.in_(sa.select(each.c.value))


def _continue_ids(connection: sa.Connection, table: sa.Table) -> None:
    """Lets PostgreSQL count on from the ids that were given here; SQLite does so by itself."""
    if connection.dialect.name == "postgresql" and "id" in table.columns:
        name = _quoted(connection, table.name)
        connection.execute(
            sa.select(
                sa.func.setval(
                    sa.func.pg_get_serial_sequence(name, "id"),
                    sa.select(sa.func.max(table.c.id)).scalar_subquery(),
                )
            )
        )


def _quoted(connection: sa.Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)
