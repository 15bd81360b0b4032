"""Releases: the states of the data one after another."""

import strawberry

from graph.loaders.source import source_by_id
from graph.schema import lazy
from graph.schema.fields import column, to_one
from graph.storage.tables import Release as Table
from graph.storage.tables import columns_of

_release = columns_of(Table)


@strawberry.type(
    description=(
        "A state of the data (version), made whole by the import of one list; the newest one is "
        "served. Its counts are of records."
    )
)
class Release:
    version: str = column(_release.version, "Its date and its number on that day.")
    updated_at: str = column(_release.updated_at, "When it was loaded: ISO 8601, in UTC.")
    note: str | None = column(_release.note, "What whoever imported it remarks on it.")
    created: int = column(
        _release.created, "How many records came, those included that came again."
    )
    changed: int = column(_release.changed, "How many records changed.")
    withdrawn: int = column(_release.withdrawn, "How many records went.")
    source: lazy.SourceRef | None = to_one(
        source_by_id, _release.feed_id, "The list that was imported; null when not recorded."
    )
