"""Editions, newest first, then by key."""

from graph.loaders.batch import all_rows, descending, related
from graph.storage.tables import Edition, columns_of

_edition = columns_of(Edition)
_ORDER = descending(_edition.year, _edition.key)

editions = all_rows("editions", Edition, order=_ORDER)
edition_by_id = related("edition_by_id", Edition, by=_edition.id, order=_ORDER)
editions_by_prize_id = related("editions_by_prize_id", Edition, by=_edition.prize_id, order=_ORDER)
editions_by_source_id = related(
    "editions_by_source_id", Edition, by=_edition.source_id, order=_ORDER
)
