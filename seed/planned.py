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

# `digest` is that of the record as it is staged, with its parts; None where it is not. `feed_id`
# is the list that will show the record, None for that of the import.
PLANNED = sa.Table(
    "planned",
    sa.MetaData(),
    sa.Column("uid", Text, primary_key=True),
    sa.Column("type_name", Text),
    sa.Column("action", Text),
    sa.Column("place", sa.Integer),
    sa.Column("digest", sa.BigInteger),
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
    """How many actions are planned for each type: what is not there need not be looked for."""

    def __init__(self, connection: sa.Connection) -> None:
        plan = PLANNED.c
        # Beside what the list holds, what derives may change other records.
        is_staged = sa.case((plan.place != DERIVED_PLACE, 1), else_=0)
        statement = sa.select(
            plan.type_name, plan.action, sa.func.count(), sa.func.sum(is_staged)
        ).group_by(plan.type_name, plan.action)
        self._found = {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(statement)}

    def number(self, type_name: str | None, actions: Iterable[str]) -> int:
        """For how many records of the type one of these is planned."""
        return sum(self._of(type_name, action)[0] for action in actions)

    def of_list(self, type_name: str | None, actions: Iterable[str]) -> int:
        """The same, without those that change by what derives alone."""
        return sum(self._of(type_name, action)[1] for action in actions)

    def have(self, type_name: str | None, actions: Iterable[str]) -> bool:
        """Whether one of these is planned for records of the type."""
        return any((type_name, action) in self._found for action in actions)

    def have_any(self, actions: Iterable[str]) -> bool:
        """Whether one of these is planned for any record."""
        planned = {action for _, action in self._found}
        return any(action in planned for action in actions)

    def _of(self, type_name: str | None, action: str) -> tuple[int, int]:
        return self._found.get((type_name or "", action), (0, 0))
