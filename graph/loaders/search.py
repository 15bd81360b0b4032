"""Hits of a search, best first, then the larger and the later, then by id."""

from graph.loaders.batch import ascending
from graph.storage.order import OrderKey
from graph.storage.search import HIT
from graph.storage.selection import Relation

hits = Relation("hits", "SearchHit", HIT, ascending(HIT.c.uid))
HIT_ORDER = (
    OrderKey(HIT.c.score, is_descending=True),
    OrderKey(HIT.c.prominence, is_descending=True),
    OrderKey(HIT.c.uid),
)
