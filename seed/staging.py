"""Where the rows of an import wait: temporary tables, so that memory stays flat.

A staged row names other records by their uid, which needs no look-up; ids come when it is
applied. `file` and `line` tell where it was read.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from itertools import repeat
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlmodel import SQLModel

from graph.storage import tables
from graph.storage.tables import Text, table_of
from seed.write import analyze, insert

Values = tuple[Any, ...]

_BATCH_ROWS = 5_000
# Digests of what hangs on a record are added to its own, and PostgreSQL and SQLite hold 63 bits.
_OWN_BYTES, _PART_BYTES = 7, 5
# The number of no file, behind all of them.
_OTHER_LIST = 1_000_000


@dataclass(frozen=True)
class Target:
    """A table that an import fills.

    The rows of a record have a `uid`; the others are part of one, their `owner`, and come and
    go with it, as `part` of its API type. `derived` columns come from other rows, after these;
    `label` is what a person knows a record by.
    """

    model: type[SQLModel]
    type_name: str | None = None
    owner: str = ""
    part: str = ""
    label: str = "key"
    derived: frozenset[str] = field(default=frozenset())

    @cached_property
    def table(self) -> sa.Table:
        """The table that is filled."""
        return table_of(self.model)

    @property
    def name(self) -> str:
        """The name of the table."""
        return self.table.name

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that a staged row gives."""
        return tuple(
            column.name
            for column in self.table.columns
            if column.name not in self.derived and not (column.primary_key and column.name == "id")
        )

    @cached_property
    def references(self) -> Mapping[str, sa.Table]:
        """What the columns that name other records refer to."""
        return {
            name: next(iter(self.table.c[name].foreign_keys)).column.table
            for name in self.columns
            if self.table.c[name].foreign_keys
        }

    @cached_property
    def staged(self) -> sa.Table:
        """The temporary table."""
        columns = [
            sa.Column(name, Text if name in self.references else self.table.c[name].type)
            for name in self.columns
        ]
        places = [sa.Column(name, sa.Integer) for name in ("file", "line")]
        digest = sa.Column("digest", sa.BigInteger)
        return sa.Table(
            f"staged_{self.name}",
            sa.MetaData(),
            *columns,
            *places,
            digest,
            prefixes=["TEMPORARY"],
        )


# Parents first, so that what refers to others finds their ids.
TARGETS: Final = (
    Target(tables.Source, "Source"),
    Target(tables.Collectivity, "Collectivity", label="name"),
    Target(tables.FormerCode, owner="collectivity_id", part="formerCodes"),
    Target(tables.PostalCode, owner="collectivity_id", part="postalCodes"),
    Target(tables.Category, "Category", label="label_fr"),
    Target(tables.Prize, "Prize", label="name"),
    Target(tables.Edition, "Edition"),
    Target(tables.Initiative, "Initiative", label="title", derived=frozenset({"year"})),
    Target(tables.InitiativeHolder, owner="initiative_id", part="holders"),
    Target(tables.Award, "Award"),
    Target(tables.Laureate, owner="award_id", part="laureates"),
    Target(tables.Metric, "Metric"),
)
RECORDS: Final = tuple(target for target in TARGETS if target.type_name)
PARTS: Final = tuple(target for target in TARGETS if target.owner)
BY_TABLE: Final = {target.name: target for target in TARGETS}


def parts_of(target: Target) -> Iterator[Target]:
    """The tables whose rows are part of a record of `target`."""
    for part in PARTS:
        if part.references[part.owner] is target.table:
            yield part


def with_parts(target: Target) -> tuple[sa.FromClause, sa.ColumnElement[int]]:
    """The staged rows of records, and their digests with those of all their parts."""
    rows: sa.FromClause = target.staged
    digest: sa.ColumnElement[int] = target.staged.c.digest
    for part in parts_of(target):
        of, owner = part.staged.c.digest, part.staged.c[part.owner]
        added = sa.cast(sa.func.sum(of), sa.BigInteger).label("digest")
        parts = sa.select(owner.label("uid"), added).group_by(owner).subquery(f"of_{part.name}")
        rows = rows.outerjoin(parts, parts.c.uid == target.staged.c.uid)
        digest += sa.func.coalesce(parts.c.digest, 0)
    return rows, digest


class Stage:
    """The temporary tables of one import, on its connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.rows: defaultdict[str, int] = defaultdict(int)
        self._waiting: dict[str, list[Values]] = {target.name: [] for target in TARGETS}
        for target in TARGETS:
            target.staged.drop(connection, checkfirst=True)
            target.staged.create(connection)

    def add(
        self, table: str, columns: Mapping[str, Sequence[Any]], file: int, lines: Sequence[int]
    ) -> None:
        """Lets rows wait; `columns` are those of their `Target`, or more."""
        values = [columns[name] for name in BY_TABLE[table].columns]
        size = _OWN_BYTES if "uid" in columns else _PART_BYTES
        texts = map(orjson.dumps, zip(*values, strict=True))
        digests = [int.from_bytes(blake2b(text, digest_size=size).digest()) for text in texts]
        waiting = self._waiting[table]
        waiting += zip(*values, repeat(file, len(lines)), lines, digests, strict=True)
        if len(waiting) >= _BATCH_ROWS:
            self._flush(table)

    def add_source(self, row: Mapping[str, Any], file: int) -> None:
        """Lets the list itself wait as a source, unless it has a row of itself; its rank holds."""
        self._flush("source")
        staged = BY_TABLE["source"].staged
        is_it = staged.c.uid == row["uid"]
        ranked = sa.update(staged).where(is_it).values(rank=row["rank"])
        if not self.connection.execute(ranked).rowcount:
            self._add_row("source", row, file, 0)

    def close(self) -> None:
        """Makes the staged rows ready to be looked up."""
        for target in TARGETS:
            self._flush(target.name)
        for target in TARGETS:
            name, key = target.staged.name, target.owner or "uid"
            # Not as a part of the table, which other threads create as well. With the digest, so
            # that a plan is made of the index alone.
            self.connection.exec_driver_sql(f"CREATE INDEX ix_{name} ON {name} ({key}, digest)")
            analyze(self.connection, target.staged)

    def put_back(self, target: Target, said: Mapping[str, Any]) -> None:
        """Adds what another list says of a record, after `close`."""
        self._add_row(target.name, said["row"], _OTHER_LIST, 0)
        self._flush(target.name)
        for name, rows in said["parts"].items():
            for line, row in enumerate(rows):
                self._add_row(name, row, _OTHER_LIST, line)
            self._flush(name)

    def _add_row(self, table: str, row: Mapping[str, Any], file: int, line: int) -> None:
        self.add(table, {name: (value,) for name, value in row.items()}, file, (line,))

    def _flush(self, table: str) -> None:
        waiting = self._waiting[table]
        if waiting:
            insert(self.connection, BY_TABLE[table].staged, waiting)
            self.rows[table] += len(waiting)
            self._waiting[table] = []
