"""Search over all types: a text → the hits of its words."""

from enum import Enum

from graph.domain.errors import BadUserInput
from graph.loaders.search import HIT_ORDER, hits
from graph.resolvers.paging import PageArguments, select_page
from graph.resolvers.where import search_query
from graph.storage.search import Hits
from graph.storage.selection import Selection


def select_hits(query: str, types: list[Enum], page: PageArguments) -> Selection:
    """A page of what a search finds, best first. BadUserInput when it looks for nothing."""
    if not types:
        raise BadUserInput("`types` is empty; name one, or leave it out to search all")
    names = tuple(sorted({str(each.value) for each in types}))
    source = Hits(search_query(query, "query"), query, names)
    return select_page(Selection(hits, order=HIT_ORDER, source=source), page)
