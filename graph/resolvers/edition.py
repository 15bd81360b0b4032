"""Editions: filters and look-up."""

from graph.loaders.edition import editions
from graph.resolvers import prize
from graph.resolvers.argument import checked_text
from graph.resolvers.where import Fields, Relative
from graph.storage.criteria import Compare
from graph.storage.selection import Selection
from graph.storage.tables import Edition, Prize, columns_of

_edition = columns_of(Edition)
FIELDS: Fields = {
    "year": _edition.year,
    "prize": Relative(_edition.prize_id, columns_of(Prize).id, lambda: prize.FIELDS),
}


def edition_by_prize_and_year(prize_slug: str, year: int) -> Selection:
    """The edition of a prize in a year; its key is made of both."""
    key = f"{checked_text('prize', prize_slug)}-{year}"
    return Selection(editions, Compare(_edition.key, "eq", key))
