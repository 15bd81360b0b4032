"""A plan into the tables: records and their parts, the registry and the log of changes.

All of it is done by the database, from the staged rows; nothing passes through memory.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from graph.domain.codes import Action
from graph.storage import tables
from graph.storage.tables import table_of
from seed.planned import (
    ACTIONS_THAT_INSERT,
    ACTIONS_THAT_UPDATE,
    HIDDEN,
    PLANNED,
    SILENT,
    planned,
)
from seed.progress import Progress
from seed.staging import PARTS, RECORDS, TARGETS, Target
from seed.write import finish

_STATE = table_of(tables.RecordState)
_CHANGE = table_of(tables.Change)
# What links records by what others say of them; `seed.derive` makes it again.
_LINKS = (
    (table_of(tables.InitiativeCategory), "initiative_id", "initiative"),
    (table_of(tables.InitiativeCategory), "category_id", "category"),
    (table_of(tables.InitiativeSource), "initiative_id", "initiative"),
    (table_of(tables.InitiativeSource), "source_id", "source"),
)
_GONE = (Action.WITHDRAWN.value,)


def apply_sources(connection: sa.Connection) -> None:
    """Adds new sources, of which the list itself may be one, ahead of all else."""
    _insert(connection, RECORDS[0])


def apply(connection: sa.Connection, tell: Progress) -> None:
    """Brings the tables of records to what is planned; new sources are there already."""
    if connection.dialect.name == "sqlite":
        # Rows may refer to later ones; SQLite then checks all of them at the end.
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    for done, target in enumerate(TARGETS):
        tell("write", done, len(TARGETS))
        if target.type_name:
            if target is not RECORDS[0]:
                _free_sirens(connection, target)
                _insert(connection, target)
            _update(connection, target)
    _replace_parts(connection)
    for target in reversed(RECORDS):
        _withdraw(connection, target)
    for target in TARGETS:
        finish(connection, target.table)
    tell("write", len(TARGETS), len(TARGETS))


def note(connection: sa.Connection, feed_id: int, release_id: int) -> None:
    """Writes the plan into the registry and the log; after the records are there."""
    _register(connection, feed_id, release_id)
    _log(connection, release_id)


def _is_planned(uid: sa.ColumnElement[Any], actions: Iterable[str]) -> sa.Exists:
    return sa.exists().where(PLANNED.c.uid == uid, PLANNED.c.action.in_(tuple(actions)))


def _is_self(target: Target, name: str) -> bool:
    return target.references.get(name) is target.table


def _value(target: Target, name: str) -> sa.ColumnElement[Any]:
    """The value of a column from the staged row; of a reference the id."""
    staged = target.staged.c[name]
    goal = target.references.get(name)
    if goal is None:
        return staged
    other = goal.alias(f"of_{name}")
    return sa.select(other.c.id).where(other.c.uid == staged).scalar_subquery()


def _insert(connection: sa.Connection, target: Target) -> None:
    """New records by the order in which they were read; ids are the same on both engines."""
    staged, table = target.staged.c, target.table
    names = [name for name in target.columns if not _is_self(target, name)]
    before = sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0)).scalar_subquery()
    number = sa.func.row_number().over(order_by=(staged.file, staged.line)) + before
    rows = sa.select(number, *(_value(target, name) for name in names)).where(
        _is_planned(staged.uid, ACTIONS_THAT_INSERT)
    )
    connection.execute(sa.insert(table).from_select(["id", *names], rows))
    selves = [name for name in target.columns if _is_self(target, name)]
    if selves:
        # Their rows are all there only now.
        _set(connection, target, selves, ACTIONS_THAT_INSERT)


def _free_sirens(connection: sa.Connection, target: Target) -> None:
    """Takes the SIREN off rows that change or go, since another row may take it over."""
    if "siren" in target.columns:
        actions = (*ACTIONS_THAT_UPDATE, *_GONE)
        moving = sa.update(target.table).where(_is_planned(target.table.c.uid, actions))
        connection.execute(moving.values(siren=None))


def _update(connection: sa.Connection, target: Target) -> None:
    names = [name for name in target.columns if name != "uid"]
    _set(connection, target, names, ACTIONS_THAT_UPDATE)


def _set(
    connection: sa.Connection, target: Target, names: list[str], actions: Iterable[str]
) -> None:
    staged, table = target.staged.c, target.table
    connection.execute(
        sa.update(table)
        .where(table.c.uid == staged.uid, _is_planned(staged.uid, actions))
        .values({name: _value(target, name) for name in names})
    )


def _replace_parts(connection: sa.Connection) -> None:
    """Parts of changed records are written anew: two winners may have swapped places."""
    touched = (*ACTIONS_THAT_INSERT, *ACTIONS_THAT_UPDATE)
    for part in PARTS:
        _delete_of(connection, part, (*ACTIONS_THAT_UPDATE, *_GONE))
    for part in PARTS:
        staged, table = part.staged.c, part.table
        values = [_value(part, name) for name in part.columns]
        names = list(part.columns)
        if "id" in table.c:
            before = sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0)).scalar_subquery()
            order = (staged.file, staged.line, *(staged[name] for name in part.columns[:1]))
            values.insert(0, sa.func.row_number().over(order_by=order) + before)
            names.insert(0, "id")
        rows = sa.select(*values).where(_is_planned(staged[part.owner], touched))
        connection.execute(sa.insert(table).from_select(names, rows))


def _delete_of(connection: sa.Connection, part: Target, actions: Iterable[str]) -> None:
    owner = part.references[part.owner]
    owners = sa.select(owner.c.id).where(_is_planned(owner.c.uid, actions))
    connection.execute(sa.delete(part.table).where(part.table.c[part.owner].in_(owners)))


def _withdraw(connection: sa.Connection, target: Target) -> None:
    table = target.table
    gone = sa.select(table.c.id).where(_is_planned(table.c.uid, _GONE))
    for link, column, of in _LINKS:
        if of == target.name:
            connection.execute(sa.delete(link).where(link.c[column].in_(gone)))
    # One statement, so that rows which refer to each other may go together.
    connection.execute(sa.delete(table).where(_is_planned(table.c.uid, _GONE)))


def labels(connection: sa.Connection) -> None:
    """Keeps what withdrawn records were, before they go."""
    for target in RECORDS:
        table = target.table
        label = table.c[target.label]
        connection.execute(
            sa.update(_STATE)
            .where(_STATE.c.uid == table.c.uid, _STATE.c.uid.in_(planned(target, _GONE)))
            .values(label=label)
        )


def _register(connection: sa.Connection, feed_id: int, release_id: int) -> None:
    state = _STATE.c
    for target in RECORDS:
        staged = target.staged.c
        rows = (
            sa.select(
                staged.uid,
                sa.literal(target.type_name),
                sa.literal(feed_id),
                staged.digest,
                sa.literal(release_id),
                sa.literal(release_id),
            )
            .join(PLANNED, PLANNED.c.uid == staged.uid)
            .where(PLANNED.c.action == Action.CREATED)
        )
        names = ["uid", "type_name", "feed_id", "digest", "created_id", "touched_id"]
        connection.execute(sa.insert(_STATE).from_select(names, rows))
        shown = sa.update(_STATE).where(state.uid == staged.uid, state.uid == PLANNED.c.uid)
        owner = sa.func.coalesce(PLANNED.c.feed_id, feed_id)
        connection.execute(
            shown.where(PLANNED.c.action.in_((Action.CHANGED, Action.RESTORED))).values(
                digest=staged.digest,
                feed_id=owner,
                touched_id=release_id,
                withdrawn_id=None,
                label=None,
            )
        )
        connection.execute(
            shown.where(PLANNED.c.action == SILENT).values(digest=staged.digest, feed_id=owner)
        )
    # What derives may change a record that the list does not hold.
    touched = sa.update(_STATE).where(_is_planned(state.uid, (Action.CHANGED,)))
    connection.execute(touched.values(touched_id=release_id))
    connection.execute(
        sa.update(_STATE)
        .where(_is_planned(state.uid, _GONE))
        .values(withdrawn_id=release_id, touched_id=release_id)
    )


def _log(connection: sa.Connection, release_id: int) -> None:
    before = sa.select(sa.func.coalesce(sa.func.max(_CHANGE.c.id), 0)).scalar_subquery()
    order = (PLANNED.c.place, PLANNED.c.uid)
    rows = sa.select(
        sa.func.row_number().over(order_by=order) + before,
        sa.literal(release_id),
        PLANNED.c.type_name,
        PLANNED.c.uid,
        PLANNED.c.action,
        PLANNED.c.fields,
    ).where(PLANNED.c.action.not_in((SILENT, *HIDDEN)))
    names = ["id", "release_id", "type_name", "uid", "action", "fields"]
    connection.execute(sa.insert(_CHANGE).from_select(names, rows))
    finish(connection, _CHANGE)
