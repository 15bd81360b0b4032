"""Awards, newest first, then by level, then by key."""

from graph.loaders.batch import all_rows, descending, related
from graph.storage.tables import Award, Laureate, columns_of

_award, _laureate = columns_of(Award), columns_of(Laureate)
_ORDER = descending(_award.year, _award.level_rank, _award.key)
_OF_LAUREATE = (Laureate, _laureate.award_id == _award.id)

awards = all_rows("awards", Award, order=_ORDER)
awards_by_edition_id = related("awards_by_edition_id", Award, by=_award.edition_id, order=_ORDER)
awards_by_category_id = related("awards_by_category_id", Award, by=_award.category_id, order=_ORDER)
awards_by_source_id = related("awards_by_source_id", Award, by=_award.source_id, order=_ORDER)
awards_by_initiative_id = related(
    "awards_by_initiative_id", Award, by=_award.initiative_id, order=_ORDER
)
awards_by_collectivity_id = related(
    "awards_by_collectivity_id",
    Award,
    by=_laureate.collectivity_id,
    order=_ORDER,
    through=_OF_LAUREATE,
)
