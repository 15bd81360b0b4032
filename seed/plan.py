"""What an import would do to each record: planned in a temporary table, told as counts.

The registry (`record_state`) knows the list and the digest of every record, so the plan of a
million unchanged rows is one join. Where two lists hold the same record, one is shown and the
other kept as a claim (`seed.claims`).
"""

import json
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa

from graph.domain.codes import Action
from graph.domain.uid import make_uid
from graph.storage import tables
from graph.storage.tables import table_of
from seed import claims, forms
from seed.feed import Feed
from seed.planned import (
    ACTIONS_THAT_INSERT,
    CLAIMED,
    HIDDEN,
    PLANNED,
    SILENT,
    UNCLAIMED,
    Actions,
    uid_batches,
)
from seed.report import Count, Step
from seed.staging import RECORDS, Stage, Target, with_parts
from seed.write import analyze, size

_STATE = table_of(tables.RecordState)
_SOURCE = table_of(tables.Source)
_CLAIM = table_of(tables.Claim)
# What the log calls the date of a list.
_DATE = "retrievedOn"
# The id of no source: that of a list before its first import.
_NOBODY = 0


def make(stage: Stage, feed: Feed, given: Iterable[str], whole: Collection[str]) -> None:
    """Plans what the staged rows of a list do; `given` are the tables that it holds.

    What is missing from those that it holds as a `whole` is withdrawn.
    """
    connection = stage.connection
    PLANNED.drop(connection, checkfirst=True)
    PLANNED.create(connection)
    feed_id = feed_id_of(connection, feed)
    targets = [target for target in RECORDS if target.name in set(given)]
    for place, target in enumerate(targets):
        _plan_staged(connection, target, place, feed, feed_id or _NOBODY)
        if feed_id is not None and target.name in whole:
            _plan_withdrawn(connection, target, place, feed_id)
            claims.pass_on(stage, target)
            _plan_unclaimed(connection, target, place, feed_id)
    analyze(connection, PLANNED)
    actions = Actions(connection)
    for target in targets:
        if actions.have(target.type_name, (Action.CHANGED,)):
            _compare(connection, target)


def leave_date(connection: sa.Connection, feed: Feed) -> None:
    """Plans nothing where the list is as it was, and was only read again on another day.

    The date that it has is that of the content, unless somebody tells another one.
    """
    if feed.retrieved_on is not None:
        return
    plans = connection.execute(sa.select(PLANNED.c.uid, PLANNED.c.fields).limit(2)).all()
    itself = make_uid("Source", feed.key)
    if [uid for uid, _ in plans] == [itself] and [*json.loads(plans[0].fields or "{}")] == [_DATE]:
        connection.execute(sa.delete(PLANNED))


def feed_id_of(connection: sa.Connection, feed: Feed) -> int | None:
    """The id of the source that a list is; None before its first import."""
    return connection.scalar(sa.select(_SOURCE.c.id).where(_SOURCE.c.key == feed.key))


def feed_of(connection: sa.Connection, key: str) -> Feed | None:
    """A list that was imported before."""
    columns = (
        _SOURCE.c.title,
        _SOURCE.c.publisher,
        _SOURCE.c.licence_name,
        _SOURCE.c.licence_url,
        _SOURCE.c.url,
        _SOURCE.c.rank,
        _SOURCE.c.retrieved_on,
    )
    row = connection.execute(sa.select(*columns).where(_SOURCE.c.key == key)).one_or_none()
    return row and Feed(key, *row)


def _add(
    connection: sa.Connection,
    target: Target,
    place: int,
    found: sa.Select[Any],
) -> None:
    """Adds what is `found`: uids, what is to be done with each, the digests of staged ones."""
    of = found.subquery().c
    rows = sa.select(
        of.uid, sa.literal(target.type_name), of.action, sa.literal(place, sa.Integer), of.digest
    )
    # In the order of the key, which fills one page after the other.
    ordered = rows.where(of.action.is_not(None)).order_by(of.uid)
    names = ["uid", "type_name", "action", "place", "digest"]
    connection.execute(sa.insert(PLANNED).from_select(names, ordered))


def _plan_staged(
    connection: sa.Connection, target: Target, place: int, feed: Feed, feed_id: int
) -> None:
    """Of records that two lists hold, the one of the lower rank, then key, is shown."""
    staged, state, theirs = target.staged.c, _STATE.c, _SOURCE.alias("theirs").c
    is_ours = sa.or_(
        theirs.rank > feed.rank, sa.and_(theirs.rank == feed.rank, theirs.key > feed.key)
    )
    rows, digest = with_parts(target)
    action = sa.case(
        (state.uid.is_(None), Action.CREATED.value),
        (state.withdrawn_id.is_not(None), Action.RESTORED.value),
        (
            state.feed_id == feed_id,
            sa.case((state.digest != digest, Action.CHANGED.value)),
        ),
        (is_ours, Action.CHANGED.value),
        (_CLAIM.c.digest == digest, None),
        else_=CLAIMED,
    )
    found = (
        sa.select(staged.uid, action.label("action"), digest.label("digest"))
        .select_from(rows)
        .outerjoin(_STATE, state.uid == staged.uid)
        .outerjoin(theirs.id.table, theirs.id == state.feed_id)
        .outerjoin(_CLAIM, sa.and_(_CLAIM.c.uid == staged.uid, _CLAIM.c.feed_id == feed_id))
    )
    _add(connection, target, place, found)


def _plan_withdrawn(connection: sa.Connection, target: Target, place: int, feed_id: int) -> None:
    gone = (
        _unsaid(_STATE.c.uid, Action.WITHDRAWN.value)
        .where(_STATE.c.feed_id == feed_id, _STATE.c.type_name == target.type_name)
        .where(_STATE.c.withdrawn_id.is_(None))
        .where(~sa.exists().where(target.staged.c.uid == _STATE.c.uid))
    )
    _add(connection, target, place, gone)


def _plan_unclaimed(connection: sa.Connection, target: Target, place: int, feed_id: int) -> None:
    unsaid = _unsaid(_CLAIM.c.uid, UNCLAIMED).where(
        _CLAIM.c.feed_id == feed_id,
        _CLAIM.c.type_name == target.type_name,
        ~sa.exists().where(target.staged.c.uid == _CLAIM.c.uid),
    )
    _add(connection, target, place, unsaid)


def _unsaid(uid: sa.ColumnElement[str], action: str) -> sa.Select[Any]:
    nothing: sa.ColumnElement[Any] = sa.null().cast(sa.BigInteger).label("digest")
    return sa.select(uid, sa.literal(action).label("action"), nothing)


def _compare(connection: sa.Connection, target: Target) -> None:
    """Finds what a change changes; one of derived values alone is silent."""
    changed = sa.select(PLANNED.c.uid).where(
        PLANNED.c.action == Action.CHANGED, PLANNED.c.type_name == target.type_name
    )
    for uids in uid_batches(connection, changed):
        rows = (
            forms.held_rows(connection, target, uids),
            forms.staged_rows(connection, target, uids),
        )
        parts = (
            forms.held_parts(connection, target, uids),
            forms.staged_parts(connection, target, uids),
        )
        told = []
        for uid in uids:
            fields = forms.differences(
                target,
                (rows[0][uid], parts[0].get(uid, {})),
                (rows[1][uid], parts[1].get(uid, {})),
            )
            action = Action.CHANGED.value if fields else SILENT
            text = json.dumps(fields, ensure_ascii=False, sort_keys=True) if fields else None
            told.append({"of": uid, "now": action, "told": text})
        connection.execute(
            sa.update(PLANNED)
            .where(PLANNED.c.uid == sa.bindparam("of"))
            .values(action=sa.bindparam("now"), fields=sa.bindparam("told")),
            told,
        )


def counts(connection: sa.Connection, actions: Actions, given: Iterable[str]) -> dict[str, Count]:
    """What is planned for each type of record that the list holds."""
    names = set(given)
    return {
        target.type_name: _count(connection, target, actions)
        for target in RECORDS
        if target.type_name and target.name in names
    }


def _count(connection: sa.Connection, target: Target, actions: Actions) -> Count:
    name = target.type_name
    touched = (*ACTIONS_THAT_INSERT, Action.CHANGED, CLAIMED)
    return Count(
        created=actions.number(name, ACTIONS_THAT_INSERT),
        changed=actions.number(name, (Action.CHANGED,)),
        unchanged=size(connection, target.staged) - actions.of_list(name, touched),
        withdrawn=actions.number(name, (Action.WITHDRAWN,)),
        claimed=actions.number(name, (CLAIMED,)),
    )


def held_counts(connection: sa.Connection, feed: Feed, given: Iterable[str]) -> dict[str, Count]:
    """The records that a list has already brought, all of them unchanged."""
    feed_id, names = feed_id_of(connection, feed), set(given)
    state = _STATE.c
    statement = (
        sa.select(state.type_name, sa.func.count())
        .where(state.feed_id == feed_id, state.withdrawn_id.is_(None))
        .group_by(state.type_name)
    )
    found: dict[str, int] = dict(connection.execute(statement).all())
    return {
        target.type_name: Count(unchanged=found.get(target.type_name, 0))
        for target in RECORDS
        if target.type_name and target.name in names
    }


def steps(connection: sa.Connection, limit: int) -> list[Step]:
    """The first steps of a plan that the public will see, in the order they are applied."""
    statement = (
        sa.select(PLANNED.c.type_name, PLANNED.c.uid, PLANNED.c.action, PLANNED.c.fields)
        .where(PLANNED.c.action.not_in((SILENT, *HIDDEN)))
        .order_by(PLANNED.c.place, PLANNED.c.action, PLANNED.c.uid)
        .limit(limit)
    )
    rows = connection.execute(statement).all()
    labels = _labels(connection, [row.uid for row in rows])
    return [
        Step(type_name, uid, labels.get(uid, uid), action, fields and json.loads(fields))
        for type_name, uid, action, fields in rows
    ]


def _labels(connection: sa.Connection, uids: list[str]) -> dict[str, str]:
    """What these records are called, by the list or, where it has none of it, until now."""
    found: dict[str, str] = {}
    for target in RECORDS:
        for columns in (target.table.c, target.staged.c):
            label = sa.select(columns.uid, columns[target.label]).where(columns.uid.in_(uids))
            found.update(connection.execute(label).all())
    return found


def is_empty(connection: sa.Connection) -> bool:
    """Whether the plan changes nothing at all, not even what is derived."""
    return connection.execute(sa.select(PLANNED.c.uid).limit(1)).first() is None
