"""The release that a load ends with: its version, its licence, whom to name."""

from datetime import UTC, date, datetime
from typing import NamedTuple

import sqlalchemy as sa

from graph.storage import tables

LICENCE_NAME = "Licence Ouverte / Open Licence 2.0"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
ATTRIBUTION = (
    "Collectivités : INSEE (code officiel géographique), DGCL, La Poste, Etalab. "
    "Palmarès, initiatives et mesures : les sources citées par chaque enregistrement."
)

_RELEASE = tables.table_of(tables.Release)


class Newest(NamedTuple):
    """What a load must know of the release that is served."""

    id: int
    version: str
    checksum: str


def current(connection: sa.Connection) -> Newest | None:
    """The release that is served; None before the first."""
    columns = (_RELEASE.c.id, _RELEASE.c.version, _RELEASE.c.checksum)
    statement = sa.select(*columns).order_by(_RELEASE.c.id.desc()).limit(1)
    row = connection.execute(statement).one_or_none()
    return row and Newest(*row)


def add(connection: sa.Connection, checksum: str, now: datetime | None = None) -> str:
    """Opens a new release and returns its version."""
    now = now or datetime.now(UTC)
    before = current(connection)
    version = next_version(now.date(), before.version if before else None)
    connection.execute(
        sa.insert(_RELEASE).values(
            id=before.id + 1 if before else 1,
            version=version,
            updated_at=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            checksum=checksum,
            licence_name=LICENCE_NAME,
            licence_url=LICENCE_URL,
            attribution=ATTRIBUTION,
        )
    )
    return version


def note_checksum(connection: sa.Connection, checksum: str) -> None:
    """Remembers files that were edited without a change to the data, so none is read twice."""
    newest = sa.select(sa.func.max(_RELEASE.c.id)).scalar_subquery()
    connection.execute(sa.update(_RELEASE).where(_RELEASE.c.id == newest).values(checksum=checksum))


def next_version(today: date, before: str | None) -> str:
    """`<date>.<number of that day>`, numbered from 1, after the version `before`.

    A clock that was set back does not take a version that exists: the date of `before` stays.
    """
    day, _, number = (before or "").rpartition(".")
    if day < today.isoformat():
        return f"{today.isoformat()}.1"
    return f"{day}.{int(number) + 1}"
