"""What releases did to records, in the order of the log, and records that are gone."""

import sqlalchemy as sa

from graph.loaders.batch import all_rows, ascending
from graph.storage.selection import Relation
from graph.storage.tables import Change, RecordState, columns_of

_change, _state = columns_of(Change), columns_of(RecordState)

CHANGES = sa.select(
    _change.id,
    _change.uid,
    _change.type_name.label("of_type"),
    sa.func.upper(_change.type_name).label("kind"),
    _change.action,
    _change.fields,
    _change.reason,
    _change.release_id,
).subquery("changes")
# The number tells the place; the uid, that it is a place in the log of this database.
changes = Relation(
    "changes", "Change", CHANGES, ascending(CHANGES.c.id, CHANGES.c.uid), is_log=True
)
# The same by release, whose first entry an index finds.
entries = all_rows("entries", Change, order=ascending(_change.release_id, _change.id))

_reason = (
    sa.select(_change.reason)
    .where(_change.uid == _state.uid)
    .order_by(_change.id.desc())
    .limit(sa.literal_column("1"))
    .scalar_subquery()
)
WITHDRAWN = (
    sa.select(
        _state.uid,
        sa.func.upper(_state.type_name).label("kind"),
        _state.label,
        _state.withdrawn_id,
        _reason.label("reason"),
    )
    .where(_state.withdrawn_id.is_not(None))
    .subquery("gone")
)
withdrawn_by_uid = Relation(
    "withdrawn_by_uid", "Withdrawn", WITHDRAWN, ascending(WITHDRAWN.c.uid), WITHDRAWN.c.uid
)
