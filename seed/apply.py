"""A plan into the tables: records and their parts, the registry and the log of changes.

All of it is done by the database, from the staged rows; nothing passes through memory.
"""

from collections.abc import Iterable, Sequence
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
    Actions,
    planned,
)
from seed.progress import Progress
from seed.staging import BY_TABLE, PARTS, RECORDS, TARGETS, Target
from seed.write import finish, indexed_later

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
_SHOWN = (*ACTIONS_THAT_INSERT, *ACTIONS_THAT_UPDATE, *_GONE)
_STEPS = len(TARGETS)


def apply_sources(connection: sa.Connection) -> None:
    """Adds new sources, of which the list itself may be one, ahead of all else."""
    _insert(connection, RECORDS[0])


def apply(connection: sa.Connection, tell: Progress) -> None:
    """Brings the tables of records to what is planned; new sources are there already."""
    if connection.dialect.name == "sqlite":
        # Rows may refer to later ones; SQLite then checks all of them at the end.
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    actions = Actions(connection)
    for done, target in enumerate(RECORDS):
        tell("write", done, _STEPS)
        _bring(connection, target, actions)
    for done, part in enumerate(PARTS, len(RECORDS)):
        tell("write", done, _STEPS)
        _replace(connection, part, actions)
    for target in reversed(RECORDS):
        if actions.have(target.type_name, _GONE):
            _withdraw(connection, target)
    for target in TARGETS:
        if actions.have(_type_of(target), _SHOWN):
            finish(connection, target.table)
    tell("write", _STEPS, _STEPS)


def _bring(connection: sa.Connection, target: Target, actions: Actions) -> None:
    if actions.have(target.type_name, (*ACTIONS_THAT_UPDATE, *_GONE)):
        _free_sirens(connection, target)
    if target is not RECORDS[0] and actions.have(target.type_name, ACTIONS_THAT_INSERT):
        _insert(connection, target)
    if actions.have(target.type_name, ACTIONS_THAT_UPDATE):
        _update(connection, target)


def note(connection: sa.Connection, feed_id: int, release_id: int) -> None:
    """Writes the plan into the registry and the log; after the records are there."""
    size = _size(connection, PLANNED)
    with indexed_later(connection, _STATE, size):
        _register(connection, feed_id, release_id)
    with indexed_later(connection, _CHANGE, size):
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


def _type_of(target: Target) -> str | None:
    """The type of the records that the rows of a table are, or are part of."""
    return BY_TABLE[target.references[target.owner].name if target.owner else target.name].type_name


def _insert(connection: sa.Connection, target: Target) -> None:
    """New records by the order in which they were read; ids are the same on both engines."""
    staged = target.staged.c
    selves = [name for name in target.columns if _is_self(target, name)]
    names = [name for name in target.columns if name not in selves]
    _insert_rows(connection, target, names, _is_planned(staged.uid, ACTIONS_THAT_INSERT))
    if selves:
        # Their rows are all there only now.
        _set(connection, target, selves, ACTIONS_THAT_INSERT)


def _insert_rows(
    connection: sa.Connection,
    target: Target,
    names: Sequence[str],
    which: sa.ColumnElement[bool],
    *then: sa.ColumnElement[Any],
) -> None:
    """Rows from the staged ones in their order: ids for the uids of what they refer to."""
    staged, table = target.staged.c, target.table
    source: sa.FromClause = target.staged
    values: dict[str, sa.ColumnElement[Any]] = {}
    if "id" in table.c:
        before = sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0)).scalar_subquery()
        order = (staged.file, staged.line, *then)
        values["id"] = sa.func.row_number().over(order_by=order) + before
    for name in names:
        values[name] = staged[name]
        if name in target.references:
            goal = target.references[name].alias(f"of_{name}")
            source = source.outerjoin(goal, goal.c.uid == staged[name])
            values[name] = goal.c.id
    rows = sa.select(*values.values()).select_from(source).where(which)
    with indexed_later(connection, table, _size(connection, target.staged)):
        connection.execute(sa.insert(table).from_select([*values], rows))


def _size(connection: sa.Connection, table: sa.Table) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


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


def _replace(connection: sa.Connection, part: Target, actions: Actions) -> None:
    """Parts of changed records are written anew: two winners may have swapped places."""
    type_name = _type_of(part)
    if actions.have(type_name, (*ACTIONS_THAT_UPDATE, *_GONE)):
        _delete_of(connection, part, (*ACTIONS_THAT_UPDATE, *_GONE))
    touched = (*ACTIONS_THAT_INSERT, *ACTIONS_THAT_UPDATE)
    if actions.have(type_name, touched):
        staged = part.staged.c
        which = _is_planned(staged[part.owner], touched)
        _insert_rows(connection, part, part.columns, which, staged[part.columns[0]])


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
    actions = Actions(connection)
    for target in RECORDS:
        table = target.table
        label = table.c[target.label]
        if actions.have(target.type_name, _GONE):
            connection.execute(
                sa.update(_STATE)
                .where(_STATE.c.uid == table.c.uid, _STATE.c.uid.in_(planned(target, _GONE)))
                .values(label=label)
            )


def _register(connection: sa.Connection, feed_id: int, release_id: int) -> None:
    actions = Actions(connection)
    for target in RECORDS:
        if actions.have(target.type_name, (Action.CREATED,)):
            _register_new(connection, target, feed_id, release_id)
        if actions.have(target.type_name, (*ACTIONS_THAT_UPDATE, Action.RESTORED)):
            _register_shown(connection, target, feed_id, release_id)
    state = sa.update(_STATE)
    if actions.have_any((Action.CHANGED,)):
        # What derives may change a record that the list does not hold.
        touched = state.where(_is_planned(_STATE.c.uid, (Action.CHANGED,)))
        connection.execute(touched.values(touched_id=release_id))
    if actions.have_any(_GONE):
        gone = state.where(_is_planned(_STATE.c.uid, _GONE))
        connection.execute(gone.values(withdrawn_id=release_id, touched_id=release_id))


def _register_new(connection: sa.Connection, target: Target, feed_id: int, release_id: int) -> None:
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
        # In the order of the key, which fills one page after the other.
        .order_by(PLANNED.c.uid)
    )
    names = ["uid", "type_name", "feed_id", "digest", "created_id", "touched_id"]
    connection.execute(sa.insert(_STATE).from_select(names, rows))


def _register_shown(
    connection: sa.Connection, target: Target, feed_id: int, release_id: int
) -> None:
    staged = target.staged.c
    of_record = (_STATE.c.uid == staged.uid, _STATE.c.uid == PLANNED.c.uid)
    now = sa.update(_STATE).where(*of_record)
    seen = {
        "digest": staged.digest,
        "feed_id": sa.func.coalesce(PLANNED.c.feed_id, feed_id),
    }
    told = {**seen, "touched_id": release_id, "withdrawn_id": None, "label": None}
    is_told = PLANNED.c.action.in_((Action.CHANGED, Action.RESTORED))
    connection.execute(now.where(is_told).values(told))
    connection.execute(now.where(PLANNED.c.action == SILENT).values(seen))


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
