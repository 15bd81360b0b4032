"""Prizes: filters, orders and look-up."""

from graph.loaders.prize import prizes
from graph.resolvers import edition
from graph.resolvers.argument import checked_text
from graph.resolvers.order import By, ByRelated, Keys
from graph.resolvers.where import Fields, Many, PartialDate, Text, Value
from graph.storage.criteria import Compare, Link
from graph.storage.selection import Selection
from graph.storage.tables import Edition, Prize, columns_of

_prize, _edition = columns_of(Prize), columns_of(Edition)

_EDITIONS = Many(Link(_prize.id, _edition.prize_id), lambda: edition.FIELDS)

FIELDS: Fields = {
    "slug": Value(_prize.slug),
    "name": Text(_prize.name, _prize.name_folded),
    "since": PartialDate(_prize.since),
    "editions": _EDITIONS,
}
KEYS: Keys = {
    "slug": By(_prize.slug),
    "name": By(_prize.name_folded),
    "since": By(_prize.since, is_nullable=True),
    "editions": ByRelated(_EDITIONS),
}


def prize_by_slug(slug: str) -> Selection:
    """The prize of a slug."""
    return Selection(prizes, Compare(_prize.slug, "eq", checked_text("slug", slug)))
