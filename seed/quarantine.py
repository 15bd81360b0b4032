"""Rows that an import refuses while the rest of their list goes in; kept until they are mended.

Refusing one row may leave others without what they refer to: those are refused with it, until
what is left is sound.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from graph.storage import tables
from graph.storage.tables import table_of
from seed.check import TWICE, Checks, Input, explain
from seed.faults import BrokenData, Fault, fault
from seed.staging import BY_TABLE, PARTS, TARGETS

_TABLE = table_of(tables.Quarantine)
# The name under which a row is kept that cannot be split into the cells of its columns.
UNSPLIT = ""
# PostgreSQL takes no half of a letter, and what was lost must not be read as sound later on.
_HALF = re.compile("[\ud800-\udfff]")
_LOST_LETTER = "\ufffd"
# Each round refuses what hung on the rows of the one before.
_ROUNDS_MAX = 20


@dataclass(frozen=True)
class Refused:
    """A row in quarantine: its cells by the columns of its list, and what is wrong with it.

    `table` is the native table whose columns it has; empty where a mapping reads it.
    """

    number: int
    feed: str
    file: str
    line: int
    table: str
    cells: dict[str, str]
    faults: tuple[Fault, ...]
    refused_at: str

    @property
    def can_be_tried(self) -> bool:
        """Whether the row can be sound by itself; else only another list mends it.

        What could not be split into cells cannot be read again. Of two rows for one thing, the
        first went in, and the second would undo it.
        """
        return UNSPLIT not in self.cells and not any(
            each.reason.startswith(TWICE) for each in self.faults
        )


def sift(
    connection: sa.Connection, inputs: Sequence[Input], faults: Sequence[Fault], checks: Checks
) -> list[Fault]:
    """Takes rows at fault out of the staged ones, with all that hangs on them; gives the faults.

    BrokenData where it is not rows that are at fault, but a file.
    """
    numbers = {each.name: number for number, each in enumerate(inputs)}
    found, told = list(faults), set(faults)
    for _ in range(_ROUNDS_MAX):
        whole = [each for each in found if not each.row or each.file not in numbers]
        if whole:
            raise BrokenData(whole)
        for number, lines in _places(numbers, found).items():
            _remove(connection, number, lines)
        found = [each for each in explain([*checks.findings()], inputs) if each not in told]
        found += _hangers_on(connection, inputs)
        told.update(found)
        if not found:
            return sorted(told)
    raise BrokenData(found)


def _places(numbers: Mapping[str, int], faults: Iterable[Fault]) -> dict[int, set[int]]:
    places: defaultdict[int, set[int]] = defaultdict(set)
    for each in faults:
        places[numbers[each.file]].add(each.row)
    return places


def _remove(connection: sa.Connection, number: int, lines: set[int]) -> None:
    """Takes lines out, and marks the records that lost a part."""
    for part in PARTS:
        staged = part.staged.c
        owner = BY_TABLE[part.references[part.owner].name].staged
        lost = sa.select(staged[part.owner]).where(staged.file == number, staged.line.in_(lines))
        connection.execute(sa.update(owner).where(owner.c.uid.in_(lost)).values(digest=_LOST))
    for target in TARGETS:
        staged = target.staged.c
        connection.execute(
            sa.delete(target.staged).where(staged.file == number, staged.line.in_(lines))
        )


# No digest: sums of them are not negative.
_LOST = -1


def _hangers_on(connection: sa.Connection, inputs: Sequence[Input]) -> Iterator[Fault]:
    """Records that would be there without all of their parts."""
    for part in PARTS:
        owner = BY_TABLE[part.references[part.owner].name].staged.c
        lost = sa.select(owner.file, owner.line).where(owner.digest == _LOST)
        for number, line in connection.execute(lost).all():
            if number < len(inputs):
                reason = f"has a row of {part.name} that is refused; mend that one first"
                yield fault(inputs[number].name, line, "", "", reason)


def keep(
    connection: sa.Connection,
    feed: str,
    inputs: Sequence[Input],
    faults: Sequence[Fault],
    *,
    is_partial: bool,
) -> int:
    """Replaces what a list has in quarantine by its rows at fault; gives their number.

    Where it is tried again, what could not be tried stays.
    """
    if is_partial:
        drop(connection, feed, [each.number for each in triable(listed(connection, feed))])
    else:
        drop(connection, feed)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    rows = [
        {
            "feed": feed,
            "file": file,
            "line": line,
            "table_name": table,
            "cells": _HALF.sub(_LOST_LETTER, json.dumps(cells, ensure_ascii=False)),
            "faults": json.dumps([asdict(each) for each in told], ensure_ascii=False),
            "refused_at": now,
        }
        for file, line, table, cells, told in _with_cells(inputs, faults)
    ]
    if rows:
        connection.execute(sa.insert(_TABLE), rows)
    return len(rows)


def _with_cells(
    inputs: Sequence[Input], faults: Sequence[Fault]
) -> Iterator[tuple[str, int, str, dict[str, str], list[Fault]]]:
    by_row: defaultdict[tuple[str, int], list[Fault]] = defaultdict(list)
    for each in faults:
        by_row[each.file, each.row].append(each)
    for given in inputs:
        lines = {line for file, line in by_row if file == given.name}
        for line, cells in given.cells(lines):
            yield given.name, line, given.table, cells, by_row[given.name, line]


def listed(connection: sa.Connection, feed: str | None = None) -> Iterator[Refused]:
    """The rows in quarantine, of one list or of all."""
    query = sa.select(_TABLE).order_by(_TABLE.c.feed, _TABLE.c.id)
    if feed is not None:
        query = query.where(_TABLE.c.feed == feed)
    for row in connection.execute(query):
        yield _refused(row)


def _refused(row: sa.Row[Any]) -> Refused:
    faults = tuple(Fault(**each) for each in json.loads(row.faults))
    return Refused(
        row.id,
        row.feed,
        row.file,
        row.line,
        row.table_name,
        json.loads(row.cells),
        faults,
        row.refused_at,
    )


def triable(refused: Iterable[Refused]) -> list[Refused]:
    """The rows that can be sound by themselves."""
    return [each for each in refused if each.can_be_tried]


def drop(connection: sa.Connection, feed: str, numbers: Sequence[int] | None = None) -> int:
    """Forgets rows in quarantine, those with these numbers or all of a list; gives how many."""
    gone = sa.delete(_TABLE).where(_TABLE.c.feed == feed)
    if numbers is not None:
        gone = gone.where(_TABLE.c.id.in_(numbers))
    return connection.execute(gone).rowcount
