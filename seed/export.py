"""The records of a database as native files: what is imported from them is the same again.

Each file is written in the order of its keys, byte by byte, so that two exports of the same
records are the same bytes, whatever the order in which they came.
"""

import csv
import gzip
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from graph.domain.codes import Kind
from graph.domain.decimals import format_micro
from graph.storage import tables
from graph.storage.tables import table_of
from seed import files
from seed.files import FILES, File, Reference
from seed.habits import did_you_mean
from seed.progress import Progress, silence
from seed.staging import BY_TABLE, Target

_BATCH_ROWS = 1_000
_EDITION, _PRIZE = table_of(tables.Edition), table_of(tables.Prize)
_SOURCE, _STATE = table_of(tables.Source), table_of(tables.RecordState)
# What names the rows of a table to others.
_KEYS = {
    "award": ("key",),
    "category": ("slug",),
    "collectivity": ("kind", "code"),
    "initiative": ("slug",),
    "prize": ("slug",),
    "source": ("key",),
}
# Where it is not the key.
_ORDERS = {
    files.HOLDERS.name: ("initiative", "position"),
    files.LAUREATES.name: ("award", "position"),
    files.METRICS.name: ("initiative", "name_fr", "as_of", "year"),
}
_KINDS = {kind.value: rank for rank, kind in enumerate(Kind)}


def export(
    connection: sa.Connection, folder: Path, tell: Progress = silence, key: str | None = None
) -> dict[str, int]:
    """Writes all native files into a folder; gives the number of rows of each.

    With the `key` of a list they hold the records that are shown as it brought them, and no
    others; ValueError if there is no such list. A file is replaced once it is whole. All of them
    show one state of the database, if the connection keeps one (`graph.storage.engine` reads so
    on SQLite; ask for it on PostgreSQL).
    """
    feed_id = None if key is None else _feed_id(connection, key)
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for done, file in enumerate(FILES):
        tell("write files", done, len(FILES))
        written[file.name] = _write(connection, file, folder / file.name, feed_id)
    tell("write files", len(FILES), len(FILES))
    return written


def _feed_id(connection: sa.Connection, key: str) -> int:
    source, state = _SOURCE.c, _STATE.c
    lists = dict(
        connection.execute(
            sa.select(source.key, source.id).where(
                sa.exists().where(state.feed_id == source.id, state.withdrawn_id.is_(None))
            )
        ).all()
    )
    if key not in lists:
        hint = did_you_mean(key, lists) or f"there are {', '.join(sorted(lists)) or 'none'}"
        raise ValueError(f"no list has the key {key!r}; {hint}")
    return int(lists[key])


def _write(connection: sa.Connection, file: File, path: Path, feed_id: int | None) -> int:
    number = 0
    with _replacing(path) as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(file.columns)
        for row in _rows(connection, file, feed_id):
            writer.writerow(map(_text, row))
            number += 1
    return number


@contextmanager
def _replacing(path: Path) -> Iterator[IO[str]]:
    """A file that takes the place of another once it is written and safe on the disk."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb") as content:
            if path.suffix == ".gz":
                # Without name and time, which would differ.
                with (
                    gzip.GzipFile("", "wb", fileobj=content, mtime=0) as packed,
                    io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
                ):
                    yield text
            else:
                with io.TextIOWrapper(content, encoding="utf-8", newline="") as text:
                    yield text
                    text.flush()
                    os.fsync(content.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


def _rows(connection: sa.Connection, file: File, feed_id: int | None) -> Iterator[Sequence[Any]]:
    statement, micro = _select(file)
    if feed_id is not None:
        statement = statement.where(_is_of(BY_TABLE[file.target], feed_id))
    options = connection.execution_options(stream_results=True, yield_per=_BATCH_ROWS)
    with options.execute(statement) as result:
        for row in result:
            if micro is None:
                yield row
            else:
                yield [*row[:micro], format_micro(row[micro]), *row[micro + 1 :]]


def _is_of(target: Target, feed_id: int) -> sa.ColumnElement[bool]:
    """That a record, or what a row is part of, is shown as a list brought it."""
    state = _STATE.c
    brought = sa.select(state.uid).where(state.feed_id == feed_id, state.withdrawn_id.is_(None))
    if not target.owner:
        return target.table.c.uid.in_(brought)
    # By another name than that of what the row refers to besides.
    owner = target.references[target.owner].alias("owner")
    owners = sa.select(owner.c.id).where(owner.c.uid.in_(brought))
    return target.table.c[target.owner].in_(owners)


def _select(file: File) -> tuple[sa.Select[Any], int | None]:
    """The rows of a file, and the place of a figure among its columns."""
    table = BY_TABLE[file.target].table
    source: sa.FromClause = table
    columns: dict[str, sa.ColumnElement[Any]] = {}
    for reference in file.references:
        found, source = _referred(reference, table, source)
        columns |= found
    for name in file.columns:
        if name not in columns:
            columns[name] = table.c["value_micro" if name == "value" else name]
    order = [
        _ordered(name, columns[name])
        for name in _ORDERS.get(file.name, file.key)
        if name not in file.constants
    ]
    statement = sa.select(*(columns[name].label(name) for name in file.columns))
    statement = statement.select_from(source).order_by(*order)
    if file is files.BODIES:
        statement = statement.where(table.c.code != sa.func.upper(table.c.code))
    elif file is files.COLLECTIVITIES:
        statement = statement.where(table.c.code == sa.func.upper(table.c.code))
    micro = [*file.columns].index("value") if "value" in file.columns else None
    return statement, micro


def _ordered(name: str, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The key that a file is sorted by: kinds by their rank, what is unknown first."""
    if name == "kind":
        return sa.case(_KINDS, value=column)
    return column.nulls_first()


def _referred(
    reference: Reference, table: sa.Table, source: sa.FromClause
) -> tuple[dict[str, sa.ColumnElement[Any]], sa.FromClause]:
    """The columns that name what a row refers to, and what they are selected from."""
    if reference.target == "edition":
        edition, prize = _EDITION.alias("of_edition"), _PRIZE.alias("of_prize")
        source = source.outerjoin(edition, edition.c.id == table.c[reference.into])
        source = source.outerjoin(prize, prize.c.id == edition.c.prize_id)
        return {"prize": prize.c.slug, "year": edition.c.year}, source
    other = BY_TABLE[reference.target].table.alias(f"of_{reference.into}")
    source = source.outerjoin(other, other.c.id == table.c[reference.into])
    keys = _KEYS[reference.target][-len(reference.columns) :]
    return {name: other.c[key] for name, key in zip(reference.columns, keys, strict=True)}, source
