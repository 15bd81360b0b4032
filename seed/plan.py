"""What an import would do to each record: planned in a temporary table, told as counts.

The registry (`record_state`) knows the list and the digest of every record, so the plan of a
million unchanged rows is one join. Where two lists hold the same record, one is shown and the
other kept as a claim (`seed.claims`).
"""

import json
from collections.abc import Collection, Iterable, Mapping

import sqlalchemy as sa

from graph.domain.codes import Action
from graph.domain.uid import make_uid
from graph.storage import tables
from graph.storage.tables import table_of
from seed import claims, forms
from seed.feed import Feed
from seed.planned import (
    CLAIMED,
    DERIVED_PLACE,
    HIDDEN,
    PLANNED,
    SILENT,
    UNCLAIMED,
    Actions,
    uid_batches,
)
from seed.report import Count, Step
from seed.staging import RECORDS, Stage, Target

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
    connection.exec_driver_sql("ANALYZE planned")
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
    action: sa.ColumnElement[str],
    found: sa.Subquery,
) -> None:
    rows = sa.select(
        found.c.uid, sa.literal(target.type_name), action, sa.literal(place, sa.Integer)
    )
    # In the order of the key, which fills one page after the other.
    ordered = rows.where(action.is_not(None)).order_by(found.c.uid)
    names = ["uid", "type_name", "action", "place"]
    connection.execute(sa.insert(PLANNED).from_select(names, ordered))


def _plan_staged(
    connection: sa.Connection, target: Target, place: int, feed: Feed, feed_id: int
) -> None:
    """Of records that two lists hold, the one of the lower rank, then key, is shown."""
    staged, state, theirs = target.staged.c, _STATE.c, _SOURCE.alias("theirs").c
    is_ours = sa.or_(
        theirs.rank > feed.rank, sa.and_(theirs.rank == feed.rank, theirs.key > feed.key)
    )
    action = sa.case(
        (state.uid.is_(None), Action.CREATED.value),
        (state.withdrawn_id.is_not(None), Action.RESTORED.value),
        (
            state.feed_id == feed_id,
            sa.case((state.digest != staged.digest, Action.CHANGED.value)),
        ),
        (is_ours, Action.CHANGED.value),
        (_CLAIM.c.digest == staged.digest, None),
        else_=CLAIMED,
    )
    found = (
        sa.select(staged.uid, action.label("action"))
        .outerjoin(_STATE, state.uid == staged.uid)
        .outerjoin(theirs.id.table, theirs.id == state.feed_id)
        .outerjoin(_CLAIM, sa.and_(_CLAIM.c.uid == staged.uid, _CLAIM.c.feed_id == feed_id))
        .subquery()
    )
    _add(connection, target, place, found.c.action, found)


def _plan_withdrawn(connection: sa.Connection, target: Target, place: int, feed_id: int) -> None:
    gone = (
        sa.select(_STATE.c.uid)
        .where(_STATE.c.feed_id == feed_id, _STATE.c.type_name == target.type_name)
        .where(_STATE.c.withdrawn_id.is_(None))
        .where(~sa.exists().where(target.staged.c.uid == _STATE.c.uid))
    )
    _add(connection, target, place, sa.literal(Action.WITHDRAWN.value), gone.subquery())


def _plan_unclaimed(connection: sa.Connection, target: Target, place: int, feed_id: int) -> None:
    unsaid = sa.select(_CLAIM.c.uid).where(
        _CLAIM.c.feed_id == feed_id,
        _CLAIM.c.type_name == target.type_name,
        ~sa.exists().where(target.staged.c.uid == _CLAIM.c.uid),
    )
    _add(connection, target, place, sa.literal(UNCLAIMED), unsaid.subquery())


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
    plan, names = PLANNED.c, set(given)
    # Beside what the list holds, what derives may change other records.
    is_staged = sa.case((plan.place != DERIVED_PLACE, 1), else_=0)
    statement = sa.select(
        plan.type_name, plan.action, sa.func.count(), sa.func.sum(is_staged)
    ).group_by(plan.type_name, plan.action)
    found = {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(statement)}
    return {
        target.type_name: _count(connection, target, found)
        for target in RECORDS
        if target.type_name and target.name in names
    }


def _count(
    connection: sa.Connection, target: Target, found: Mapping[tuple[str, str], tuple[int, int]]
) -> Count:
    actions = (
        Action.CREATED,
        Action.RESTORED,
        Action.CHANGED,
        CLAIMED,
        Action.WITHDRAWN,
    )
    numbers = [found.get((target.type_name or "", action), (0, 0)) for action in actions]
    (created, restored, changed, claimed, withdrawn), staged = zip(*numbers, strict=True)
    held = connection.scalar(sa.select(sa.func.count()).select_from(target.staged)) or 0
    return Count(
        created=created + restored,
        changed=changed,
        unchanged=held - sum(staged[:-1]),
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
