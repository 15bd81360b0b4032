"""Search over all types."""

from enum import Enum
from functools import lru_cache
from typing import Annotated, Any

import strawberry
from strawberry import UNSET, argument, enum_value

from graph.domain.text import parse_search, snippet
from graph.execution.declaration import Cardinality, Edge, RecordOfUid
from graph.resolvers.search import select_hits
from graph.schema import prices
from graph.schema.connection import After, Before, First, Last, known, page_of
from graph.schema.fields import column, computed, declare
from graph.schema.node import Node
from graph.storage.search import HIT, WEIGHT_STEPS

# Points are whole, so that they sum up exactly on every engine; rarities are hundredths of what
# they are, weights so many steps.
_PARTS = 100 * WEIGHT_STEPS

_query = lru_cache(maxsize=64)(parse_search)


@strawberry.enum(description="What can be searched.")
class SearchType(Enum):
    AWARD = enum_value("Award", description="Awards, by category, prize, laureates, initiative.")
    CATEGORY = enum_value("Category", description="Categories, by label and note.")
    COLLECTIVITY = enum_value("Collectivity", description="Collectivities, by name and codes.")
    INITIATIVE = enum_value(
        "Initiative", description="Initiatives, by title, summary, holders and categories."
    )


def _snippet(text: str, query: str) -> str:

    return snippet(text, _query(query))


def _node(root: Any):  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
    return RecordOfUid(root)


@strawberry.type(description="A record that a search finds.")
class SearchHit:
    score: float = column(
        HIT.c.score,
        "How well it fits, to compare with other hits of the same search: rare words count more "
        "than common ones, a title more than the rest, a word as written more than its stem.",
        lambda points: round(points / _PARTS, 2),
    )
    label: str = column(HIT.c.label, "What it is called, in French.")
    snippet: str = computed(
        (HIT.c.text, HIT.c.query),
        "The passage that was found, in French: HTML where only `<mark>` is an element, around "
        "the words found, and all else is escaped.",
        _snippet,
        prices.SNIPPET,
    )
    node: Node = declare(Edge(Cardinality.ONE, HIT.c.uid), _node, "The record.")


def _search(  # noqa: PLR0913, PLR0917  # as a connection's
    query: Annotated[
        str,
        argument(
            description=(
                "What to look for: all words must be found, whatever their accents, case and "
                "endings; the last one may be a beginning. Quotes for a phrase, a leading `-` "
                "for what must not occur. Words such as « de » and « la » say nothing."
            )
        ),
    ],
    types: Annotated[
        list[SearchType] | None, argument(description="Which types to search; all without it.")
    ] = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Any:
    page = page_of(first, after, last, before)
    asked = known(types)
    return select_hits(query, list(SearchType) if asked is None else asked, page)


search = declare(
    Edge(Cardinality.PAGE),
    _search,
    "What a full-text search finds over all types, best first.",
    prices.SEARCH,
)
