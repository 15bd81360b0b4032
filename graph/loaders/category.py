"""Categories by slug."""

from graph.loaders.batch import all_rows, ascending, related
from graph.storage.tables import Category, InitiativeCategory, columns_of

_category, _link = columns_of(Category), columns_of(InitiativeCategory)
_ORDER = ascending(_category.slug)

categories = all_rows("categories", Category, order=_ORDER)
category_by_id = related("category_by_id", Category, by=_category.id, order=_ORDER)
categories_by_initiative_id = related(
    "categories_by_initiative_id",
    Category,
    by=_link.initiative_id,
    order=_ORDER,
    through=(InitiativeCategory, _link.category_id == _category.id),
)
