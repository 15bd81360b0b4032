"""Records of the tables in the form of staged rows, and what a change of one is to the public."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from graph.storage.facts import facts_of, parts_as_shown
from seed.staging import Target, parts_of

Row = dict[str, Any]
# The parts of a record, by the name of their table.
Parts = dict[str, list[Row]]


def held(target: Target) -> sa.Select[Any]:
    """The rows of a table in the form of staged ones: uids for ids."""
    table = target.table
    columns: list[sa.ColumnElement[Any]] = []
    source: sa.FromClause = table
    for name in target.columns:
        goal = target.references.get(name)
        if goal is None:
            columns.append(table.c[name])
            continue
        other = goal.alias(f"of_{name}")
        source = source.outerjoin(other, other.c.id == table.c[name])
        columns.append(other.c.uid.label(name))
    return sa.select(*columns).select_from(source)


def held_rows(connection: sa.Connection, target: Target, uids: Sequence[str]) -> dict[str, Row]:
    """The served rows of these records, by uid."""
    statement = held(target).where(target.table.c.uid.in_(uids))
    return {row["uid"]: dict(row) for row in connection.execute(statement).mappings()}


def held_parts(connection: sa.Connection, target: Target, uids: Sequence[str]) -> dict[str, Parts]:
    """What hangs on these served records, by uid."""
    found: dict[str, Parts] = defaultdict(dict)
    for part in parts_of(target):
        owners = sa.select(target.table.c.id).where(target.table.c.uid.in_(uids))
        statement = held(part).where(part.table.c[part.owner].in_(owners))
        _gather(found, part, connection.execute(statement).mappings())
    return found


def staged_rows(connection: sa.Connection, target: Target, uids: Sequence[str]) -> dict[str, Row]:
    """The same of staged records."""
    staged = target.staged.c
    statement = sa.select(*(staged[name] for name in target.columns)).where(staged.uid.in_(uids))
    return {row["uid"]: dict(row) for row in connection.execute(statement).mappings()}


def staged_parts(
    connection: sa.Connection, target: Target, uids: Sequence[str]
) -> dict[str, Parts]:
    """The same of staged records."""
    found: dict[str, Parts] = defaultdict(dict)
    for part in parts_of(target):
        staged = part.staged.c
        statement = sa.select(*(staged[name] for name in part.columns))
        rows = connection.execute(statement.where(staged[part.owner].in_(uids))).mappings()
        _gather(found, part, rows)
    return found


def _gather(found: dict[str, Parts], part: Target, rows: Any) -> None:
    for row in rows:
        found[row[part.owner]].setdefault(part.name, []).append(dict(row))


def differences(
    target: Target, before: tuple[Row, Parts], after: tuple[Row, Parts]
) -> dict[str, list[Any]]:
    """The public fields that differ, each with the value before and after."""
    old, new = (_facts(target, *state) for state in (before, after))
    return {name: [old.get(name), new[name]] for name in new if old.get(name) != new[name]}


def _facts(target: Target, row: Row, parts: Parts) -> dict[str, Any]:
    found = facts_of(row)
    for part in parts_of(target):
        if part.part not in found:
            found[part.part] = parts_as_shown(parts.get(part.name, ()), part.owner)
    return found
