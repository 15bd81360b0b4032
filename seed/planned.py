"""The temporary table of a plan: what is to happen to each record, by uid."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from graph.domain.codes import Action
from graph.storage.tables import Text
from seed.staging import Target

_BATCH = 1_000

# Beside the actions of the change log: a row that changes nothing that is shown; a record that
# another list holds and shows; one of those that the list no longer holds.
SILENT = "SILENT"
CLAIMED = "CLAIMED"
UNCLAIMED = "UNCLAIMED"
HIDDEN = (CLAIMED, UNCLAIMED)
ACTIONS_THAT_UPDATE = (Action.CHANGED.value, SILENT)
ACTIONS_THAT_INSERT = (Action.CREATED.value, Action.RESTORED.value)

# `feed_id` is the list that will show the record, None for that of the import.
PLANNED = sa.Table(
    "planned",
    sa.MetaData(),
    sa.Column("uid", Text, primary_key=True),
    sa.Column("type_name", Text),
    sa.Column("action", Text),
    sa.Column("place", sa.Integer),
    sa.Column("fields", Text),
    sa.Column("feed_id", sa.Integer),
    prefixes=["TEMPORARY"],
)


def uid_batches(
    connection: sa.Connection, statement: sa.Select[Any], size: int = _BATCH
) -> Iterator[list[str]]:
    """The uids of a statement in lists, in their order; the connection is free between."""
    uid = statement.selected_columns.uid
    after = ""
    while True:
        page = statement.where(uid > after).order_by(uid).limit(size)
        uids = list(connection.scalars(page))
        if not uids:
            return
        yield uids
        after = uids[-1]


def planned(target: Target, actions: Sequence[str]) -> sa.Select[Any]:
    """The uids of a target's records that are planned so."""
    return sa.select(PLANNED.c.uid).where(
        PLANNED.c.type_name == target.type_name, PLANNED.c.action.in_(actions)
    )
