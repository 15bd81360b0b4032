"""Initiatives: filters, orders and look-up."""

from graph.loaders.initiative import ALIKE_ORDER, alike_by_initiative_id, initiatives
from graph.resolvers import award, category, collectivity, metric
from graph.resolvers.argument import checked_text
from graph.resolvers.order import By, ByRank, ByRelated, Keys
from graph.resolvers.paging import select_list
from graph.resolvers.where import Fields, Many, One, PartialDate, Search, Text, Value
from graph.resolvers.within import Within, listing_of
from graph.storage.alike import Alike
from graph.storage.criteria import Compare, Link
from graph.storage.selection import Selection
from graph.storage.tables import (
    Award,
    Category,
    Collectivity,
    Initiative,
    InitiativeCategory,
    InitiativeHolder,
    InitiativePlace,
    Metric,
    columns_of,
)

_initiative, _link, _category = (
    columns_of(table) for table in (Initiative, InitiativeCategory, Category)
)
_award, _metric = columns_of(Award), columns_of(Metric)
_holder, _collectivity = columns_of(InitiativeHolder), columns_of(Collectivity)

_AWARDS = Many(Link(_initiative.id, _award.initiative_id), lambda: award.FIELDS)
_METRICS = Many(Link(_initiative.id, _metric.initiative_id), lambda: metric.FIELDS)
_HOLDERS = Many(
    Link(_initiative.id, _holder.initiative_id, _holder.collectivity_id, _collectivity.id),
    lambda: collectivity.FIELDS,
)
_PLACES = listing_of(InitiativePlace, columns_of(InitiativePlace).initiative_id, _holder.position)

FIELDS: Fields = {
    "slug": Value(_initiative.slug),
    "title": Text(_initiative.title, _initiative.title_folded),
    "title_is_descriptive": Value(_initiative.title_is_descriptive),
    "year": Value(_initiative.year),
    "launched_on": PartialDate(_initiative.launched_on),
    "category": One(
        Link(_initiative.id, _link.initiative_id, _link.category_id, _category.id),
        lambda: category.FIELDS,
    ),
    "awards": _AWARDS,
    "metrics": _METRICS,
    "holders": _HOLDERS,
    "within": Within(_HOLDERS.link, _holder.position, _PLACES),
    "search": Search(_initiative.id, "Initiative"),
}
KEYS: Keys = {
    "title": By(_initiative.title_folded),
    "slug": By(_initiative.slug),
    "year": By(_initiative.year, is_nullable=True),
    "launched_on": By(_initiative.launched_on, is_nullable=True),
    "awards": ByRelated(_AWARDS),
    "metrics": ByRelated(_METRICS, _metric.value_micro, _metric.unit),
    "holders": ByRelated(_HOLDERS),
    "search_rank": ByRank(),
}


def initiative_by_slug(slug: str) -> Selection:
    """The initiative of a slug."""
    return Selection(initiatives, Compare(_initiative.slug, "eq", checked_text("slug", slug)))


def select_similar(first: int) -> Selection:
    """The initiatives that are most like each one, by the points that they share."""
    return select_list(Selection(alike_by_initiative_id, order=ALIKE_ORDER, source=Alike()), first)
