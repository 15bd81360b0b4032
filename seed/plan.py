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
    CLAIMED,
    HIDDEN,
    PLANNED,
    SILENT,
    UNCLAIMED,
    uid_batches,
)
from seed.report import Count, Step
from seed.staging import RECORDS, Stage, Target

_STATE = table_of(tables.RecordState)
_SOURCE = table_of(tables.Source)
_CLAIM = table_of(tables.Claim)
# What the log calls the date of a list.
_DATE = "retrievedOn"


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
        _plan_new(connection, target, place)
        if feed_id is not None:
            _plan_changed(connection, target, place, feed_id)
            if target.name in whole:
                _plan_withdrawn(connection, target, place, feed_id)
                claims.pass_on(stage, target)
                _plan_unclaimed(connection, target, place, feed_id)
        _plan_shared(connection, target, place, feed, feed_id)
    connection.exec_driver_sql("ANALYZE planned")
    for target in targets:
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
    connection: sa.Connection, target: Target, place: int, action: str, uids: sa.Select[Any]
) -> None:
    found = uids.subquery()
    literals = (
        sa.literal(target.type_name).label("type_name"),
        sa.literal(action).label("action"),
        sa.literal(place).label("place"),
    )
    connection.execute(
        sa.insert(PLANNED).from_select(
            ["uid", "type_name", "action", "place"], sa.select(found.c.uid, *literals)
        )
    )


def _plan_new(connection: sa.Connection, target: Target, place: int) -> None:
    uid = target.staged.c.uid
    known = sa.exists().where(_STATE.c.uid == uid)
    _add(connection, target, place, Action.CREATED, sa.select(uid).where(~known))
    gone = sa.exists().where(_STATE.c.uid == uid, _STATE.c.withdrawn_id.is_not(None))
    _add(connection, target, place, Action.RESTORED, sa.select(uid).where(gone))


def _plan_changed(connection: sa.Connection, target: Target, place: int, feed_id: int) -> None:
    staged = target.staged.c
    changed = (
        sa.select(staged.uid)
        .join(_STATE, _STATE.c.uid == staged.uid)
        .where(_STATE.c.feed_id == feed_id, _STATE.c.withdrawn_id.is_(None))
        .where(_STATE.c.digest != staged.digest)
    )
    _add(connection, target, place, Action.CHANGED, changed)


def _plan_withdrawn(connection: sa.Connection, target: Target, place: int, feed_id: int) -> None:
    gone = (
        sa.select(_STATE.c.uid)
        .where(_STATE.c.feed_id == feed_id, _STATE.c.type_name == target.type_name)
        .where(_STATE.c.withdrawn_id.is_(None))
        .where(~sa.exists().where(target.staged.c.uid == _STATE.c.uid))
    )
    _add(connection, target, place, Action.WITHDRAWN, gone)


def _plan_shared(
    connection: sa.Connection, target: Target, place: int, feed: Feed, feed_id: int | None
) -> None:
    """Of records that another list shows: the one of the lower rank, then key, is shown."""
    uid = target.staged.c.uid
    source = _SOURCE.alias("theirs")
    theirs = (
        sa.select(uid)
        .join(_STATE, _STATE.c.uid == uid)
        .join(source, source.c.id == _STATE.c.feed_id)
        .where(_STATE.c.withdrawn_id.is_(None))
    )
    if feed_id is not None:
        theirs = theirs.where(_STATE.c.feed_id != feed_id)
    is_ours = sa.or_(
        source.c.rank > feed.rank, sa.and_(source.c.rank == feed.rank, source.c.key > feed.key)
    )
    _add(connection, target, place, Action.CHANGED, theirs.where(is_ours))
    known = sa.exists().where(
        _CLAIM.c.uid == uid,
        _CLAIM.c.feed_id == feed_id,
        _CLAIM.c.digest == target.staged.c.digest,
    )
    _add(connection, target, place, CLAIMED, theirs.where(~is_ours, ~known))


def _plan_unclaimed(connection: sa.Connection, target: Target, place: int, feed_id: int) -> None:
    unsaid = sa.select(_CLAIM.c.uid).where(
        _CLAIM.c.feed_id == feed_id,
        _CLAIM.c.type_name == target.type_name,
        ~sa.exists().where(target.staged.c.uid == _CLAIM.c.uid),
    )
    _add(connection, target, place, UNCLAIMED, unsaid)


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


def counts(connection: sa.Connection, given: Iterable[str]) -> dict[str, Count]:
    """What is planned for each type of record that the list holds."""
    names = [target.type_name or "" for target in RECORDS if target.name in set(given)]
    found: dict[tuple[str, str], int] = {}
    statement = sa.select(PLANNED.c.type_name, PLANNED.c.action, sa.func.count()).group_by(
        PLANNED.c.type_name, PLANNED.c.action
    )
    for type_name, action, number in connection.execute(statement):
        found[type_name, action] = number
    return {name: _count(connection, name, found) for name in names}


def _count(connection: sa.Connection, name: str, found: dict[tuple[str, str], int]) -> Count:
    created, restored, changed, withdrawn, claimed = (
        found.get((name, action), 0)
        for action in (
            Action.CREATED,
            Action.RESTORED,
            Action.CHANGED,
            Action.WITHDRAWN,
            CLAIMED,
        )
    )
    (target,) = (target for target in RECORDS if target.type_name == name)
    # Beside what the list holds, what derives may change other records.
    is_planned = sa.exists().where(PLANNED.c.uid == target.staged.c.uid, PLANNED.c.action != SILENT)
    same = sa.select(sa.func.count()).select_from(target.staged).where(~is_planned)
    return Count(
        created=created + restored,
        changed=changed,
        unchanged=connection.scalar(same) or 0,
        withdrawn=withdrawn,
        claimed=claimed,
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
