"""Laureates: the winners of an award with the names that its source prints, in its order."""

from graph.loaders.batch import ascending, related
from graph.storage.tables import Laureate, columns_of

_laureate = columns_of(Laureate)

printed_laureates_by_award_id = related(
    "printed_laureates_by_award_id",
    Laureate,
    by=_laureate.award_id,
    order=ascending(_laureate.position),
)
