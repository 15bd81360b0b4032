"""The temporary table of a plan: what is to happen to each record, by uid."""

from collections.abc import Iterable, Iterator, Sequence
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

# Of what changes by what derives alone; the others have the place of their table.
DERIVED_PLACE = 99

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
    sqlite_with_rowid=False,
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


class Actions:
    """Which actions are planned for each type: what is not there need not be looked for."""

    def __init__(self, connection: sa.Connection) -> None:
        statement = sa.select(PLANNED.c.type_name, PLANNED.c.action).distinct()
        self._found = {(*row,) for row in connection.execute(statement)}

    def have(self, type_name: str | None, actions: Iterable[str]) -> bool:
        """Whether one of these is planned for records of the type."""
        return any((type_name, action) in self._found for action in actions)

    def have_any(self, actions: Iterable[str]) -> bool:
        """Whether one of these is planned for any record."""
        planned = {action for _, action in self._found}
        return any(action in planned for action in actions)
