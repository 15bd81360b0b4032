"""Awards: filters."""

from graph.resolvers import category, initiative, prize
from graph.resolvers.where import Fields, Relative
from graph.storage.tables import Award, Category, Edition, Initiative, Prize, columns_of

_award, _edition = columns_of(Award), columns_of(Edition)
FIELDS: Fields = {
    "year": _award.year,
    "level": _award.level,
    "category": Relative(_award.category_id, columns_of(Category).id, lambda: category.FIELDS),
    "initiative": Relative(
        _award.initiative_id, columns_of(Initiative).id, lambda: initiative.FIELDS
    ),
    "prize": Relative(
        _award.edition_id,
        columns_of(Prize).id,
        lambda: prize.FIELDS,
        through=(_edition.id, _edition.prize_id),
    ),
}
