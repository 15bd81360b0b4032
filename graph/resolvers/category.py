"""Categories: filters, orders and look-up."""

from graph.loaders.category import categories
from graph.resolvers import award, initiative
from graph.resolvers.argument import checked_text
from graph.resolvers.order import By, ByRank, ByRelated, Keys
from graph.resolvers.where import Fields, Many, Search, Text, Value
from graph.storage.criteria import Compare, Link
from graph.storage.selection import Selection
from graph.storage.tables import Award, Category, Initiative, InitiativeCategory, columns_of

_category, _award = columns_of(Category), columns_of(Award)
_initiative, _link = columns_of(Initiative), columns_of(InitiativeCategory)

_AWARDS = Many(Link(_category.id, _award.category_id), lambda: award.FIELDS)
_INITIATIVES = Many(
    Link(_category.id, _link.category_id, _link.initiative_id, _initiative.id),
    lambda: initiative.FIELDS,
)

FIELDS: Fields = {
    "slug": Value(_category.slug),
    "label": Text(_category.label_fr, _category.label_folded),
    "awards": _AWARDS,
    "initiatives": _INITIATIVES,
    "search": Search(_category.id, "Category"),
}
KEYS: Keys = {
    "slug": By(_category.slug),
    "label": By(_category.label_folded),
    "awards": ByRelated(_AWARDS),
    "initiatives": ByRelated(_INITIATIVES),
    "search_rank": ByRank(),
}


def category_by_slug(slug: str) -> Selection:
    """The category of a slug."""
    return Selection(categories, Compare(_category.slug, "eq", checked_text("slug", slug)))
