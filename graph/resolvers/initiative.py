"""Initiatives: filters and look-up."""

from graph.loaders.initiative import initiatives
from graph.resolvers import category
from graph.resolvers.argument import checked_text
from graph.resolvers.where import Fields, Relative
from graph.storage.criteria import Compare
from graph.storage.selection import Selection
from graph.storage.tables import Category, Initiative, InitiativeCategory, columns_of

_initiative, _link = columns_of(Initiative), columns_of(InitiativeCategory)
FIELDS: Fields = {
    "slug": _initiative.slug,
    "year": _initiative.year,
    "category": Relative(
        _initiative.id,
        columns_of(Category).id,
        lambda: category.FIELDS,
        through=(_link.initiative_id, _link.category_id),
    ),
}


def initiative_by_slug(slug: str) -> Selection:
    """The initiative of a slug."""
    return Selection(initiatives, Compare(_initiative.slug, "eq", checked_text("slug", slug)))
