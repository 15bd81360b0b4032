"""Categories: filters and look-up."""

from graph.loaders.category import categories
from graph.resolvers.argument import checked_text
from graph.resolvers.where import Fields
from graph.storage.criteria import Compare
from graph.storage.selection import Selection
from graph.storage.tables import Category, columns_of

_category = columns_of(Category)
FIELDS: Fields = {"slug": _category.slug}


def category_by_slug(slug: str) -> Selection:
    """The category of a slug."""
    return Selection(categories, Compare(_category.slug, "eq", checked_text("slug", slug)))
