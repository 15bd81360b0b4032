"""What a load did, and how much of what each edition announced is there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from graph.storage import tables
from seed.faults import Fault
from seed.withdrawals import Excess


@dataclass(frozen=True)
class Count:
    """Records of one type by what happened to them.

    `claimed` are those that another list shows and this one says otherwise.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    claimed: int = 0

    def __str__(self) -> str:
        parts = (
            (self.created, "created"),
            (self.changed, "changed"),
            (self.withdrawn, "withdrawn"),
            (self.unchanged, "unchanged"),
            (self.claimed, "claimed"),
        )
        return ", ".join(f"{number:,} {word}" for number, word in parts if number) or "empty"


@dataclass(frozen=True)
class Coverage:
    """The awards of an edition: how many were announced, if known, and how many are loaded."""

    prize: str
    year: int
    announced: int | None
    loaded: int

    def __str__(self) -> str:
        if self.announced is None:
            return f"{self.prize} {self.year}: {self.loaded} awards, announced total unknown"
        return f"{self.prize} {self.year}: {self.loaded} of {self.announced} announced awards"


@dataclass(frozen=True)
class Step:
    """What an import does to one record; `fields` of a change hold the value before and after.

    `label` is its name or key.
    """

    type_name: str
    uid: str
    label: str
    action: str
    fields: dict[str, list[Any]] | None


@dataclass(frozen=True)
class Report:
    """The outcome of an import. `counts` go by type of record, `coverage` by prize and year.

    `steps` are the first of its plan, where they were asked for, and `refused` the faults of
    rows that went into quarantine. `held_back` are the withdrawals for which it would be held
    back if it were not dry.
    """

    release: str
    is_unchanged: bool
    counts: Mapping[str, Count]
    coverage: tuple[Coverage, ...]
    steps: tuple[Step, ...] = ()
    refused: tuple[Fault, ...] = ()
    held_back: tuple[Excess, ...] = ()

    def summary(self, *, with_coverage: bool = True) -> str:
        """A few lines to read; only the first one when nothing changed."""
        return "\n".join(self._lines(with_coverage=with_coverage))

    def _lines(self, *, with_coverage: bool) -> Iterator[str]:
        if self.is_unchanged:
            rows = sum(count.unchanged for count in self.counts.values())
            yield f"release {self.release} is current: {rows:,} records, nothing changed"
            return
        yield f"release {self.release}"
        width = max(map(len, self.counts))
        for table, count in self.counts.items():
            yield f"  {table:<{width}}  {count}"
        if with_coverage:
            yield "coverage"
            for edition in self.coverage:
                yield f"  {edition}"


def read_coverage(connection: sa.Connection) -> tuple[Coverage, ...]:
    """Announced and loaded awards of every edition, by prize and year; one statement."""
    prize, edition, award = (
        tables.table_of(table) for table in (tables.Prize, tables.Edition, tables.Award)
    )
    statement = (
        sa.select(
            prize.c.slug,
            edition.c.year,
            edition.c.announced_awards,
            sa.func.count(award.c.id),
        )
        .select_from(edition.join(prize).outerjoin(award))
        .group_by(prize.c.slug, edition.c.year, edition.c.announced_awards)
        .order_by(prize.c.slug, edition.c.year)
    )
    return tuple(Coverage(*row) for row in connection.execute(statement))
