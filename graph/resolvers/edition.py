"""Editions: filters, orders and look-up."""

from graph.loaders.edition import editions
from graph.resolvers import award, prize
from graph.resolvers.argument import checked_text
from graph.resolvers.order import By, ByRelated, Keys
from graph.resolvers.where import Fields, Many, One, PartialDate, Value
from graph.storage.criteria import Compare, Link
from graph.storage.selection import Selection
from graph.storage.tables import Award, Edition, Prize, columns_of

_edition, _prize, _award = columns_of(Edition), columns_of(Prize), columns_of(Award)

_AWARDS = Many(Link(_edition.id, _award.edition_id), lambda: award.FIELDS)

FIELDS: Fields = {
    "year": Value(_edition.year),
    "jury_date": PartialDate(_edition.jury_date),
    "ceremony_date": PartialDate(_edition.ceremony_date),
    "announced_awards": Value(_edition.announced_awards),
    "prize": One(Link(_edition.prize_id, _prize.id), lambda: prize.FIELDS),
    "awards": _AWARDS,
}
KEYS: Keys = {
    "year": By(_edition.year),
    "jury_date": By(_edition.jury_date, is_nullable=True),
    "ceremony_date": By(_edition.ceremony_date, is_nullable=True),
    "announced_awards": By(_edition.announced_awards, is_nullable=True),
    "awards": ByRelated(_AWARDS),
}


def edition_by_prize_and_year(prize_slug: str, year: int) -> Selection:
    """The edition of a prize in a year; its key is made of both."""
    key = f"{checked_text('prize', prize_slug)}-{year}"
    return Selection(editions, Compare(_edition.key, "eq", key))
