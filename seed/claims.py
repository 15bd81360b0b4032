"""What several lists say of one record: one is shown, the others are kept as claims.

A claim holds the staged row with its parts as JSON. When the list that shows a record gives
it up, the best claim takes its place; nothing is lost by the order of imports.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from graph.domain.codes import Action
from graph.storage import tables
from graph.storage.tables import table_of
from seed import forms
from seed.planned import (
    ACTIONS_THAT_UPDATE,
    CLAIMED,
    HIDDEN,
    PLANNED,
    Actions,
    planned,
    uid_batches,
)
from seed.staging import RECORDS, Stage, Target
from seed.write import insert

_CLAIM = table_of(tables.Claim)
_STATE = table_of(tables.RecordState)
_SOURCE = table_of(tables.Source)


def pass_on(stage: Stage, target: Target) -> None:
    """Of records that the list gives up and others claim, stages what the best of them says."""
    connection = stage.connection
    best = (
        sa.select(
            _CLAIM.c.uid,
            _CLAIM.c.feed_id,
            _CLAIM.c.digest,
            _CLAIM.c.row,
            sa.func.row_number()
            .over(partition_by=_CLAIM.c.uid, order_by=(_SOURCE.c.rank, _SOURCE.c.key))
            .label("n"),
        )
        .join(_SOURCE, _SOURCE.c.id == _CLAIM.c.feed_id)
        .where(_CLAIM.c.uid.in_(planned(target, (Action.WITHDRAWN,))))
        .subquery()
    )
    statement = sa.select(best.c.uid, best.c.feed_id, best.c.digest, best.c.row)
    for uid, feed_id, digest, text in connection.execute(statement.where(best.c.n == 1)).all():
        stage.put_back(target, json.loads(text))
        connection.execute(
            sa.update(PLANNED)
            .where(PLANNED.c.uid == uid)
            .values(action=Action.CHANGED.value, feed_id=feed_id, digest=digest)
        )


def keep(connection: sa.Connection, feed_id: int, given: Iterable[str], actions: Actions) -> None:
    """Writes down what is claimed and no longer shown; before the plan is applied."""
    names = set(given)
    for target in RECORDS:
        if target.name in names:
            _forget(connection, target, feed_id)
            if actions.have(target.type_name, (CLAIMED,)):
                _keep_ours(connection, target, feed_id)
            if actions.have(target.type_name, ACTIONS_THAT_UPDATE):
                _keep_theirs(connection, target, feed_id)


def _forget(connection: sa.Connection, target: Target, feed_id: int) -> None:
    """Drops claims that the list no longer makes, makes anew, or that are shown from now on."""
    of_type = _CLAIM.c.type_name == target.type_name
    ours = sa.and_(_CLAIM.c.feed_id == feed_id, of_type)
    anew = planned(target, (*HIDDEN, Action.CHANGED))
    connection.execute(sa.delete(_CLAIM).where(ours, _CLAIM.c.uid.in_(anew)))
    shown = sa.exists().where(PLANNED.c.uid == _CLAIM.c.uid, PLANNED.c.feed_id == _CLAIM.c.feed_id)
    connection.execute(sa.delete(_CLAIM).where(of_type, shown))


def _keep_ours(connection: sa.Connection, target: Target, feed_id: int) -> None:
    for uids in uid_batches(connection, planned(target, (CLAIMED,))):
        digests = sa.select(PLANNED.c.uid, PLANNED.c.digest).where(PLANNED.c.uid.in_(uids))
        rows = forms.staged_rows(connection, target, uids)
        parts = forms.staged_parts(connection, target, uids)
        _write(
            connection,
            target,
            ((uid, feed_id, digest) for uid, digest in connection.execute(digests).all()),
            rows,
            parts,
        )


def _keep_theirs(connection: sa.Connection, target: Target, feed_id: int) -> None:
    """What another list showed until now, and still says."""
    taken = (
        sa.select(PLANNED.c.uid)
        .join(_STATE, _STATE.c.uid == PLANNED.c.uid)
        .where(PLANNED.c.type_name == target.type_name, PLANNED.c.feed_id.is_(None))
        .where(PLANNED.c.action.in_(ACTIONS_THAT_UPDATE))
        .where(_STATE.c.feed_id != feed_id, _STATE.c.withdrawn_id.is_(None))
    )
    for uids in uid_batches(connection, taken):
        states = sa.select(_STATE.c.uid, _STATE.c.feed_id, _STATE.c.digest)
        held = connection.execute(states.where(_STATE.c.uid.in_(uids))).all()
        rows = forms.held_rows(connection, target, uids)
        parts = forms.held_parts(connection, target, uids)
        _write(connection, target, ((*row,) for row in held), rows, parts)


def _write(
    connection: sa.Connection,
    target: Target,
    heads: Iterator[tuple[Any, ...]],
    rows: dict[str, forms.Row],
    parts: dict[str, forms.Parts],
) -> None:
    insert(
        connection,
        _CLAIM,
        [
            (uid, feed_id, target.type_name, digest, _text(rows[uid], parts.get(uid, {})))
            for uid, feed_id, digest in heads
        ],
    )


def _text(row: forms.Row, parts: forms.Parts) -> str:
    return json.dumps({"row": row, "parts": parts}, ensure_ascii=False, sort_keys=True)
