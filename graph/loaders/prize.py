"""Prizes by slug."""

from graph.loaders.batch import all_rows, ascending, related
from graph.storage.tables import Prize, columns_of

_prize = columns_of(Prize)
_ORDER = ascending(_prize.slug)

prizes = all_rows("prizes", Prize, order=_ORDER)
prize_by_id = related("prize_by_id", Prize, by=_prize.id, order=_ORDER)
prizes_by_source_id = related("prizes_by_source_id", Prize, by=_prize.source_id, order=_ORDER)
