"""Prizes: filters and look-up."""

from graph.loaders.prize import prizes
from graph.resolvers.argument import checked_text
from graph.resolvers.where import Fields
from graph.storage.criteria import Compare
from graph.storage.selection import Selection
from graph.storage.tables import Prize, columns_of

_prize = columns_of(Prize)
FIELDS: Fields = {"slug": _prize.slug}


def prize_by_slug(slug: str) -> Selection:
    """The prize of a slug."""
    return Selection(prizes, Compare(_prize.slug, "eq", checked_text("slug", slug)))
