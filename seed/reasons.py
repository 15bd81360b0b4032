"""Why an import withdraws records: found before they go, written into the log afterwards."""

import sqlalchemy as sa

from graph.domain.codes import Action, Kind, WithdrawalReason
from graph.domain.withdrawal import written
from graph.storage import tables
from graph.storage.tables import table_of
from seed.feed import Feed
from seed.planned import PLANNED
from seed.staging import BY_TABLE

_CHANGE = table_of(tables.Change)
_COLLECTIVITY = table_of(tables.Collectivity)
_STAGED = BY_TABLE["collectivity"].staged
_FORMER = BY_TABLE["former_code"].staged

# The id of a record, and why it goes.
Reasons = dict[str, str]


def merged(connection: sa.Connection) -> Reasons:
    """The communes that go and whose code leads to another one now, by the list itself."""
    commune, staged, former = _COLLECTIVITY.c, _STAGED.c, _FORMER.c
    statement = (
        sa.select(commune.uid, staged.name, staged.kind, staged.code)
        .join(PLANNED, PLANNED.c.uid == commune.uid)
        .join(_FORMER, former.code == commune.code)
        .join(_STAGED, staged.uid == former.collectivity_id)
        .where(commune.kind == Kind.COMMUNE.value, PLANNED.c.action == Action.WITHDRAWN.value)
    )
    return {
        uid: written(WithdrawalReason.MERGED, f"{name}, {kind}:{code}")
        for uid, name, kind, code in connection.execute(statement)
    }


def note(
    connection: sa.Connection, release_id: int, feed: Feed, told: str | None, found: Reasons
) -> None:
    """Writes why the records went that a release withdrew.

    What the operator told holds for all of them; otherwise what was found of each, or that the
    list no longer holds it.
    """
    if told is not None:
        usual, found = written(WithdrawalReason.BY_OPERATOR, told), {}
    else:
        usual = written(WithdrawalReason.NOT_LISTED, feed.title)
    withdrawn = sa.update(_CHANGE).where(
        _CHANGE.c.release_id == release_id, _CHANGE.c.action == Action.WITHDRAWN.value
    )
    connection.execute(withdrawn.values(reason=usual))
    if found:
        connection.execute(
            withdrawn.where(_CHANGE.c.uid == sa.bindparam("of")).values(reason=sa.bindparam("why")),
            [{"of": uid, "why": reason} for uid, reason in found.items()],
        )
