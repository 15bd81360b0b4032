"""The runs of each list: what is known of its content, and when to look again."""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from graph.domain.codes import RunStatus
from graph.storage import tables
from graph.storage.migrate import exclude_writers
from seed.harvest.entry import SourceEntry
from seed.harvest.fetch import UNKNOWN, Validators

_RUN = tables.table_of(tables.Run)
_GOOD = (RunStatus.IMPORTED.value, RunStatus.UNCHANGED.value)
_MESSAGE_CHARACTERS = 2_000

# A run that is started each day at the same time finds a daily list due although the run before
# took a while to come to it.
_EARLY = 0.9
_FIRST_RETRY = timedelta(hours=1)
_MOST_DOUBLINGS = 20


@dataclass(frozen=True)
class Run:
    """A look at a list and what came of it; see `graph.storage.tables.Run`."""

    source_key: str
    started_at: str
    ended_at: str
    status: RunStatus
    release: str | None = None
    created: int = 0
    changed: int = 0
    withdrawn: int = 0
    quarantined: int = 0
    size_bytes: int | None = None
    message: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    recipe: str | None = None
    not_before: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether the list is as its publisher has it."""
        return self.status.value in _GOOD


@dataclass(frozen=True)
class Past:
    """The last run of a list, the last one that was good, and how many were not since."""

    last: Run | None = None
    good: Run | None = None
    failures: int = 0

    def validators(self, recipe: str) -> Validators:
        """What may be asked under condition; nothing when the content would be read otherwise."""
        good = self.good
        if good is None or good.recipe != recipe:
            return UNKNOWN
        return Validators(good.etag, good.last_modified, good.digest)

    def due_at(self, entry: SourceEntry) -> datetime | None:
        """When to look again; None for a list that is only looked at when it is named."""
        period = entry.frequency.period
        if period is None:
            return None
        if self.last is None:
            return datetime.min.replace(tzinfo=UTC)
        wait = period * _EARLY
        if self.failures:
            doublings = min(self.failures - 1, _MOST_DOUBLINGS)
            wait = min(wait, _FIRST_RETRY * 2**doublings)
        due = instant(self.last.started_at) + wait
        return max(due, instant(self.last.not_before)) if self.last.not_before else due

    def is_due(self, entry: SourceEntry, now: datetime) -> bool:
        """Whether to look at a list that nobody named."""
        due = self.due_at(entry)
        return due is not None and due <= now


def pasts(connection: sa.Connection) -> dict[str, Past]:
    """What is known of each list that was looked at, by key; three statements."""
    last = _newest(connection)
    good = _newest(connection, _RUN.c.status.in_(_GOOD))
    newest_good = (
        sa.select(sa.func.coalesce(sa.func.max(_RUN.c.id), 0))
        .where(_RUN.c.source_key == sa.literal_column("outer_run.source_key"))
        .where(_RUN.c.status.in_(_GOOD))
        .scalar_subquery()
    )
    outer = _RUN.alias("outer_run")
    failures = (
        sa.select(outer.c.source_key, sa.func.count())
        .where(outer.c.id > newest_good)
        .group_by(outer.c.source_key)
    )
    counts = {row[0]: row[1] for row in connection.execute(failures)}
    return {key: Past(run, good.get(key), counts.get(key, 0)) for key, run in last.items()}


def _newest(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> dict[str, Run]:
    ids = sa.select(sa.func.max(_RUN.c.id)).where(*conditions).group_by(_RUN.c.source_key)
    rows = connection.execute(sa.select(_RUN).where(_RUN.c.id.in_(ids))).mappings()
    return {row["source_key"]: _run(row) for row in rows}


def _run(row: Any) -> Run:
    values = {name: value for name, value in row.items() if name != "id"}
    return Run(**{**values, "status": RunStatus(values["status"])})


def record(engine: sa.Engine, run: Run) -> None:
    """Adds a run, in a transaction of its own."""
    message = run.message and run.message[:_MESSAGE_CHARACTERS].replace("\0", "")
    values = {**asdict(replace(run, message=message)), "status": run.status.value}
    with engine.begin() as connection:
        exclude_writers(connection)
        number = connection.scalar(sa.select(sa.func.max(_RUN.c.id))) or 0
        connection.execute(sa.insert(_RUN).values(id=number + 1, **values))


def written(when: datetime) -> str:
    """An instant as it is stored: ISO 8601 in UTC, to the second."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(text: str) -> datetime:
    """The instant that is stored as `text`."""
    return datetime.fromisoformat(text)
