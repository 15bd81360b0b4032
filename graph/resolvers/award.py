"""Awards: filters and orders."""

from graph.resolvers import category, collectivity, edition, initiative, prize
from graph.resolvers.order import By, ByRank, ByRelated, Keys
from graph.resolvers.where import Fields, Many, One, Search, Text, Value
from graph.resolvers.within import Within, listing_of
from graph.storage.criteria import Link
from graph.storage.tables import (
    Award,
    AwardPlace,
    Category,
    Collectivity,
    Edition,
    Initiative,
    Laureate,
    Prize,
    columns_of,
)

_award, _edition, _laureate = (columns_of(table) for table in (Award, Edition, Laureate))
_initiative, _category = columns_of(Initiative), columns_of(Category)
_prize, _collectivity = columns_of(Prize), columns_of(Collectivity)

_LAUREATES = Link(_award.id, _laureate.award_id, _laureate.collectivity_id, _collectivity.id)
_PLACES = listing_of(AwardPlace, columns_of(AwardPlace).award_id, _laureate.position)
_PRIZE = Link(_award.edition_id, _edition.id, _edition.prize_id, _prize.id)
_LAUREATES_SUCH = Many(_LAUREATES, lambda: collectivity.FIELDS)

FIELDS: Fields = {
    "year": Value(_award.year),
    "level": Value(_award.level),
    "category_as_printed": Text(_award.category_as_printed, _award.category_as_printed_folded),
    "sponsor": Text(_award.sponsor, _award.sponsor_folded),
    "category": One(Link(_award.category_id, _category.id), lambda: category.FIELDS),
    "initiative": One(Link(_award.initiative_id, _initiative.id), lambda: initiative.FIELDS),
    "edition": One(Link(_award.edition_id, _edition.id), lambda: edition.FIELDS),
    "prize": One(_PRIZE, lambda: prize.FIELDS),
    "laureates": _LAUREATES_SUCH,
    "within": Within(_LAUREATES, _laureate.position, _PLACES),
    "search": Search(_award.id, "Award"),
}
KEYS: Keys = {
    "year": By(_award.year),
    "level": By(_award.level_rank),
    "category_as_printed": By(_award.category_as_printed_folded, is_nullable=True),
    "laureates": ByRelated(_LAUREATES_SUCH),
    "search_rank": ByRank(),
}
