"""Records of the tables in the form of staged rows, and what a change of one is to the public."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from graph.domain.decimals import from_micro
from seed.staging import Target, parts_of

Row = dict[str, Any]
# The parts of a record, by the name of their table.
Parts = dict[str, list[Row]]

# Derived from what stands beside them.
_PRIVATE = frozenset({"uid", "key", "level_rank", "rank", "commune_id"})
# Derived of a body, which has a slug for a code.
_WITHIN = frozenset({"departement_id", "region_id", "epci_id", "ept_id"})
_FOLDED = "_folded"


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
    found = {}
    code = after[0].get("code", "")
    derived = _PRIVATE if code == code.upper() else _PRIVATE | _WITHIN
    for name in target.columns:
        old, new = before[0][name], after[0][name]
        if old != new and name not in derived and not name.endswith(_FOLDED):
            found[_public(name)] = [_shown(name, old), _shown(name, new)]
    for part in parts_of(target):
        lists = [
            sorted((_shown_part(part, row) for row in parts.get(part.name, ())), key=repr)
            for parts in (before[1], after[1])
        ]
        if lists[0] != lists[1]:
            found[part.part] = lists
    return found


def _shown_part(part: Target, row: Mapping[str, Any]) -> Any:
    values = {_public(name): row[name] for name in part.columns if name != part.owner}
    return values["code"] if len(values) == 1 else values


def _public(column: str) -> str:
    """The name that the API gives a column."""
    words = column.removesuffix("_id").removesuffix("_micro").split("_")
    return words[0] + "".join(word.capitalize() for word in words[1:])


def _shown(column: str, value: Any) -> Any:
    if column.endswith("_micro") and value is not None:
        return from_micro(value)
    return value
