"""The way of the data into a database: all of it in one transaction, or nothing."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import SQLModel

from graph.storage import tables
from graph.storage.migrate import exclude_writers
from seed import alike, index, release, sources, suggestions, write
from seed.files import FILES
from seed.normalise import Row, rows_by_table
from seed.numbers import Numbers
from seed.progress import Progress, silence
from seed.reconcile import Change, Contents, Values, compare
from seed.records import Record
from seed.report import Count, Report, read_coverage
from seed.rules import sound_records
from seed.sources import DATA, Folder

# Parents first. Beside each table, the columns that tell its rows apart.
_TABLES: tuple[tuple[type[SQLModel], tuple[str, ...]], ...] = (
    (tables.Source, ("uid",)),
    (tables.Collectivity, ("uid",)),
    (tables.FormerCode, ("code",)),
    (tables.PostalCode, ("code", "collectivity_id")),
    (tables.Category, ("uid",)),
    (tables.Prize, ("uid",)),
    (tables.Edition, ("uid",)),
    (tables.Initiative, ("uid",)),
    (tables.InitiativeHolder, ("initiative_id", "collectivity_id")),
    (tables.InitiativeCategory, ("initiative_id", "category_id")),
    (tables.InitiativeSource, ("initiative_id", "source_id")),
    (tables.Award, ("uid",)),
    (tables.Laureate, ("award_id", "collectivity_id")),
    (tables.Metric, ("uid",)),
)
_LEAVES = frozenset(
    {
        "former_code",
        "postal_code",
        "initiative_holder",
        "initiative_category",
        "initiative_source",
        "laureate",
        "metric",
    }
)


def load(
    engine: sa.Engine, folder: Path | Folder = DATA, progress: Progress | None = None
) -> Report:
    """Brings the database to the state of the files in `folder` and tells what it did.

    BrokenData, with every fault, if the files are not sound: then nothing is written.
    `progress` is called with a label, the steps done and all steps of that label. It runs
    inside the transaction: what it raises undoes the load.
    """
    contents = sources.read(folder, [file.name for file in FILES])
    checksum = sources.checksum(contents)
    with engine.connect() as connection:
        if _is_loaded(connection, checksum):
            return _unchanged(connection)
    with engine.begin() as connection:
        exclude_writers(connection)
        if _is_loaded(connection, checksum):
            return _unchanged(connection)
        with _uncollected():
            return _load(connection, contents, checksum, progress or silence)


@contextmanager
def _uncollected() -> Iterator[None]:
    # To look for circles among a million tuples, again and again, takes a tenth of the time.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _is_loaded(connection: sa.Connection, checksum: str) -> bool:
    newest = release.current(connection)
    return newest is not None and newest.checksum == checksum


def _unchanged(connection: sa.Connection) -> Report:
    counts = {
        table.name: Count(
            unchanged=connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        )
        for table, _ in _tables()
    }
    return _report(connection, counts, is_unchanged=True)


def _load(
    connection: sa.Connection,
    contents: Mapping[str, bytes | None],
    checksum: str,
    tell: Progress,
) -> Report:
    records = sound_records(contents, tell)
    changes, rows = _changes(connection, records, tell)
    counts = {
        change.table.name: Count(
            len(change.created), len(change.changed), change.unchanged, len(change.withdrawn)
        )
        for change in changes
    }
    derived = {**index.build(rows, tell), **suggestions.build(rows, tell), **alike.build(rows)}
    is_unchanged = all(change.is_empty for change in changes) and _holds(connection, derived)
    if is_unchanged and release.current(connection):
        release.note_checksum(connection, checksum)
    else:
        write.apply(connection, changes, _LEAVES, tell)
        write.replace(connection, derived, tell)
        release.add(connection, checksum)
    return _report(connection, counts, is_unchanged=is_unchanged)


def _changes(
    connection: sa.Connection, records: Mapping[str, list[Record]], tell: Progress
) -> tuple[list[Change], dict[str, list[Row]]]:
    """What is to be done, and the rows of each table once it is done."""
    tell("compare", 0, 1)
    held = {table.name: _held(connection, table) for table, _ in _tables()}
    ids = {table.name: _ids_by_uid(held[table.name]) for table, key in _tables() if key == ("uid",)}
    numbers = Numbers(records, ids)
    wanted = rows_by_table(records, numbers)
    changes = [
        compare(table, key, held[table.name], wanted[table.name]) for table, key in _tables()
    ]
    tell("compare", 1, 1)
    return changes, wanted


def _tables() -> list[tuple[sa.Table, tuple[str, ...]]]:
    return [(tables.table_of(table), key) for table, key in _TABLES]


def _held(connection: sa.Connection, table: sa.Table) -> list[Values]:
    return [tuple(row) for row in connection.execute(sa.select(table))]


def _holds(connection: sa.Connection, derived: Contents) -> bool:
    return all(set(_held(connection, table)) == set(rows) for table, rows in derived.items())


def _ids_by_uid(rows: list[Values]) -> dict[str, int]:
    """Of the tables that have a uid, which stands beside the id."""
    return {row[1]: row[0] for row in rows}


def _report(
    connection: sa.Connection, counts: Mapping[str, Count], *, is_unchanged: bool
) -> Report:
    newest = release.current(connection)
    version = newest.version if newest else ""
    return Report(version, is_unchanged, counts, read_coverage(connection))
