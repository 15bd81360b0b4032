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
from seed.write import finish, indexed_later, insert_in_order, size

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


def apply_sources(connection: sa.Connection, actions: Actions) -> None:
    """Adds new sources, of which the list itself may be one, ahead of all else."""
    _insert(connection, RECORDS[0], actions)


def apply(connection: sa.Connection, actions: Actions, tell: Progress) -> None:
    """Brings the tables of records to what is planned; new sources are there already."""
    if connection.dialect.name == "sqlite":
        # Rows may refer to later ones; SQLite then checks all of them at the end.
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
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
        _insert(connection, target, actions)
    if actions.have(target.type_name, ACTIONS_THAT_UPDATE):
        _update(connection, target)


def note(connection: sa.Connection, actions: Actions, feed_id: int, release_id: int) -> None:
    """Writes the plan into the registry and the log; after the records are there."""
    rows = size(connection, PLANNED)
    with indexed_later(connection, _STATE, rows):
        _register(connection, actions, feed_id, release_id)
    with indexed_later(connection, _CHANGE, rows):
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


def _insert(connection: sa.Connection, target: Target, actions: Actions) -> None:
    """New records by the order in which they were read; ids are the same on both engines."""
    staged = target.staged.c
    selves = [name for name in target.columns if _is_self(target, name)]
    names = [name for name in target.columns if name not in selves]
    which: sa.ColumnElement[bool] = _is_planned(staged.uid, ACTIONS_THAT_INSERT)
    if actions.number(target.type_name, ACTIONS_THAT_INSERT) == size(connection, target.staged):
        which = sa.true()
    _insert_rows(connection, target, names, which)
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
    for name in names:
        values[name] = staged[name]
        if name in target.references:
            goal = target.references[name].alias(f"of_{name}")
            source = source.outerjoin(goal, goal.c.uid == staged[name])
            values[name] = goal.c.id
    rows = sa.select(*values.values()).select_from(source).where(which)
    with indexed_later(connection, table, size(connection, target.staged)):
        if "id" in table.c:
            order = (staged.file, staged.line, *then)
            insert_in_order(connection, table, [*values], rows, order)
        else:
            connection.execute(sa.insert(table).from_select([*values], rows))


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


def labels(connection: sa.Connection, actions: Actions) -> None:
    """Keeps what withdrawn records were, before they go."""
    for target in RECORDS:
        table = target.table
        label = table.c[target.label]
        if actions.have(target.type_name, _GONE):
            connection.execute(
                sa.update(_STATE)
                .where(_STATE.c.uid == table.c.uid, _STATE.c.uid.in_(planned(target, _GONE)))
                .values(label=label)
            )


def _register(connection: sa.Connection, actions: Actions, feed_id: int, release_id: int) -> None:
    state, plan = _STATE.c, PLANNED.c
    if actions.have_any((Action.CREATED,)):
        _register_new(connection, feed_id, release_id)
    touch = sa.update(_STATE).where(state.uid == plan.uid)
    said = (*ACTIONS_THAT_UPDATE, Action.RESTORED.value)
    if actions.have_any(said):
        # What derives may change a record that the list does not hold.
        shown = touch.where(plan.digest.is_not(None), plan.action.in_(said))
        said_by = sa.func.coalesce(plan.feed_id, feed_id)
        connection.execute(shown.values(digest=plan.digest, feed_id=said_by))
    told: dict[Action, dict[str, Any]] = {
        Action.CHANGED: {"touched_id": release_id},
        Action.RESTORED: {"touched_id": release_id, "withdrawn_id": None, "label": None},
        Action.WITHDRAWN: {"touched_id": release_id, "withdrawn_id": release_id},
    }
    for action, values in told.items():
        if actions.have_any((action,)):
            connection.execute(touch.where(plan.action == action).values(values))


def _register_new(connection: sa.Connection, feed_id: int, release_id: int) -> None:
    plan, release = PLANNED.c, sa.literal(release_id)
    rows = sa.select(plan.uid, plan.type_name, sa.literal(feed_id), plan.digest, release, release)
    names = ["uid", "type_name", "feed_id", "digest", "created_id", "touched_id"]
    # In the order of the key, which fills one page after the other.
    ordered = rows.where(plan.action == Action.CREATED).order_by(plan.uid)
    connection.execute(sa.insert(_STATE).from_select(names, ordered))


def _log(connection: sa.Connection, release_id: int) -> None:
    plan = PLANNED.c
    columns = (plan.type_name, plan.uid, plan.action, plan.fields)
    names = ["release_id", *(column.name for column in columns)]
    rows = sa.select(sa.literal(release_id), *columns)
    told = rows.where(plan.action.not_in((SILENT, *HIDDEN)))
    insert_in_order(connection, _CHANGE, names, told, (plan.place, plan.uid))
    finish(connection, _CHANGE)
