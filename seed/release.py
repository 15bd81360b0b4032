"""The release that a load ends with: its version, its licence, whom to name."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import NamedTuple

import sqlalchemy as sa

from graph.storage import tables
from seed.report import Count

LICENCE_NAME = "Licence Ouverte / Open Licence 2.0"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
ATTRIBUTION = (
    "Collectivités : INSEE (code officiel géographique), DGCL, La Poste, Etalab. "
    "Palmarès, initiatives et mesures : les sources citées par chaque enregistrement."
)

# What imports make of files, derived tables included. Raise it when the same files should give
# other rows; what derives is then made anew as a whole.
_FORM = "6 "

_RELEASE = tables.table_of(tables.Release)


class Newest(NamedTuple):
    """What an import must know of the release that is served."""

    id: int
    version: str


def current(connection: sa.Connection) -> Newest | None:
    """The release that is served; None before the first."""
    statement = sa.select(_RELEASE.c.id, _RELEASE.c.version).order_by(_RELEASE.c.id.desc()).limit(1)
    row = connection.execute(statement).one_or_none()
    return row and Newest(*row)


def add(
    connection: sa.Connection,
    checksum: str,
    feed_id: int,
    counts: Iterable[Count],
    note: str | None = None,
) -> Newest:
    """Opens a new release of the list `feed_id`, and tells what it did to records.

    `note` is what whoever imports the list remarks on it.
    """
    now = datetime.now(UTC)
    before = current(connection)
    version = next_version(now.date(), before.version if before else None)
    opened = Newest(before.id + 1 if before else 1, version)
    counts = tuple(counts)
    connection.execute(
        sa.insert(_RELEASE).values(
            id=opened.id,
            version=version,
            feed_id=feed_id,
            note=note,
            created=sum(count.created for count in counts),
            changed=sum(count.changed for count in counts),
            withdrawn=sum(count.withdrawn for count in counts),
            updated_at=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            checksum=_FORM + checksum,
            licence_name=LICENCE_NAME,
            licence_url=LICENCE_URL,
            attribution=ATTRIBUTION,
        )
    )
    return opened


def is_loaded(connection: sa.Connection, feed_id: int, checksum: str) -> bool:
    """Whether the list `feed_id` was imported last from this content, and as it would be now."""
    columns = _RELEASE.c
    newest = sa.select(columns.checksum).where(columns.feed_id == feed_id)
    held = connection.scalar(newest.order_by(columns.id.desc()).limit(1))
    return held == _FORM + checksum


def is_of_old_form(connection: sa.Connection) -> bool:
    """Whether what derives was made by another version of the code."""
    newest = sa.select(_RELEASE.c.checksum).order_by(_RELEASE.c.id.desc()).limit(1)
    held = connection.scalar(newest)
    return held is not None and not held.startswith(_FORM)


def note_checksum(connection: sa.Connection, feed_id: int, checksum: str) -> None:
    """Remembers files that were edited without a change to the data, so none is read twice."""
    columns = _RELEASE.c
    newest = sa.select(sa.func.max(columns.id)).where(columns.feed_id == feed_id)
    of_list = columns.id == newest.scalar_subquery()
    connection.execute(sa.update(_RELEASE).where(of_list).values(checksum=_FORM + checksum))


def next_version(today: date, before: str | None) -> str:
    """`<date>.<number of that day>`, numbered from 1, after the version `before`.

    A clock that was set back does not take a version that exists: the date of `before` stays.
    """
    day, _, number = (before or "").rpartition(".")
    if day < today.isoformat():
        return f"{today.isoformat()}.1"
    return f"{day}.{int(number) + 1}"
