"""What came of the last look at a source, and what is there of it."""

import sqlalchemy as sa

from graph.domain.codes import RunStatus, SourceStatus
from graph.loaders.batch import ascending
from graph.storage.selection import Relation
from graph.storage.tables import (
    Award,
    Edition,
    InitiativeSource,
    Metric,
    Prize,
    RecordState,
    Run,
    Source,
    columns_of,
    table_of,
)

_run, _source = columns_of(Run), columns_of(Source)
_later = table_of(Run).alias("later")
# One look at the end of an index for each source, however long its history is.
_is_last = _run.id == (
    sa.select(sa.func.max(_later.c.id))
    .where(_later.c.source_key == _source.key)
    .correlate(table_of(Source))
    .scalar_subquery()
)

# The last run of each source that was looked at.
LAST_RUN = (
    sa.select(
        _source.key.label("source_key"),
        _run.ended_at,
        _run.status,
        _run.release,
        _run.created,
        _run.changed,
        _run.withdrawn,
    )
    .join_from(table_of(Source), table_of(Run), _is_last)
    .subquery("last_run")
)
last_run_by_source_key = Relation(
    "last_run_by_source_key",
    "Run",
    LAST_RUN,
    ascending(LAST_RUN.c.source_key),
    LAST_RUN.c.source_key,
)


def _citing(column: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).where(column == _source.id).scalar_subquery()


_state = columns_of(RecordState)
_brought = (
    sa.select(sa.func.count())
    .where(_state.feed_id == _source.id, _state.withdrawn_id.is_(None))
    .scalar_subquery()
)
_cited = (
    _citing(columns_of(Award).source_id)
    + _citing(columns_of(Metric).source_id)
    + _citing(columns_of(InitiativeSource).source_id)
    + _citing(columns_of(Edition).source_id)
    + _citing(columns_of(Prize).source_id)
)
_records = sa.func.coalesce(sa.func.nullif(_brought, sa.literal_column("0")), _cited)
RECORDS = sa.select(_source.id, _records.label("records")).subquery("source_records")
records_by_source_id = Relation(
    "records_by_source_id", "SourceRecords", RECORDS, ascending(RECORDS.c.id), RECORDS.c.id
)


def _word(word: str) -> sa.ColumnElement[str]:
    # Statements are kept as text, so their constants are part of it.
    return sa.literal_column(f"'{word}'", sa.String())


_is_good = _run.status.in_([_word(RunStatus.IMPORTED), _word(RunStatus.UNCHANGED)])
_status = sa.case(
    (_run.status.is_(None), _word(SourceStatus.NOT_HARVESTED)),
    (_is_good, _word(SourceStatus.CURRENT)),
    else_=_word(SourceStatus.FAILING),
)
STATUS = (
    sa.select(_source.id, _status.label("status"))
    .select_from(table_of(Source).outerjoin(table_of(Run), _is_last))
    .subquery("source_status")
)
status_by_source_id = Relation(
    "status_by_source_id", "SourceStatus", STATUS, ascending(STATUS.c.id), STATUS.c.id
)
