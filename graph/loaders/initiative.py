"""Initiatives by slug, and the collectivities that hold them."""

from graph.loaders.batch import all_rows, ascending, related
from graph.storage.alike import ALIKE
from graph.storage.order import OrderKey
from graph.storage.selection import Relation
from graph.storage.tables import (
    Initiative,
    InitiativeCategory,
    InitiativeHolder,
    InitiativeSource,
    columns_of,
)

_initiative, _holder = columns_of(Initiative), columns_of(InitiativeHolder)
_category, _source = columns_of(InitiativeCategory), columns_of(InitiativeSource)
_ORDER = ascending(_initiative.slug)

initiatives = all_rows("initiatives", Initiative, order=_ORDER)
initiative_by_id = related("initiative_by_id", Initiative, by=_initiative.id, order=_ORDER)
initiatives_by_collectivity_id = related(
    "initiatives_by_collectivity_id",
    Initiative,
    by=_holder.collectivity_id,
    order=_ORDER,
    through=(InitiativeHolder, _holder.initiative_id == _initiative.id),
)
initiatives_by_category_id = related(
    "initiatives_by_category_id",
    Initiative,
    by=_category.category_id,
    order=_ORDER,
    through=(InitiativeCategory, _category.initiative_id == _initiative.id),
)
initiatives_by_source_id = related(
    "initiatives_by_source_id",
    Initiative,
    by=_source.source_id,
    order=_ORDER,
    through=(InitiativeSource, _source.initiative_id == _initiative.id),
)
holders_by_initiative_id = related(
    "holders_by_initiative_id",
    InitiativeHolder,
    by=_holder.initiative_id,
    order=ascending(_holder.position),
)
alike_by_initiative_id = Relation(
    "alike_by_initiative_id", "SimilarInitiative", ALIKE, ascending(ALIKE.c.slug), ALIKE.c.owner
)
ALIKE_ORDER = (OrderKey(ALIKE.c.score, is_descending=True), OrderKey(ALIKE.c.slug))
