"""Categories."""

import strawberry

from graph.loaders import group
from graph.loaders.award import awards_by_category_id
from graph.loaders.initiative import initiatives_by_category_id
from graph.schema import lazy
from graph.schema.aggregate import CategoryAggregate, aggregate
from graph.schema.connection import Connection, connection
from graph.schema.fields import column
from graph.schema.node import ID, Node
from graph.schema.provenance import Claim, Provenance, claims, provenance
from graph.schema.where import AwardWhere, InitiativeWhere
from graph.storage.tables import Category as Table
from graph.storage.tables import columns_of

_category = columns_of(Table)


@strawberry.type(
    description=(
        "A stable theme (catégorie). What a prize printed that year is `categoryAsPrinted` of "
        "the award."
    )
)
class Category(Node):
    id: strawberry.ID = column(_category.uid, ID)
    slug: str = column(_category.slug, "The stable short name, for look-ups.")
    label: str = column(_category.label_fr, "The label in French.")
    label_en: str = column(_category.label_en, "The label in English.")
    note: str | None = column(_category.note, "How the theme was delimited, in French.")
    awards: lazy.AwardConnectionRef | None = connection(
        awards_by_category_id, _category.id, AwardWhere, "Awards in this category."
    )
    initiatives: lazy.InitiativeConnectionRef | None = connection(
        initiatives_by_category_id,
        _category.id,
        InitiativeWhere,
        "Initiatives awarded in this category.",
    )
    provenance: Provenance | None = provenance(_category.uid)
    claims: list[Claim] = claims(_category.uid)


@strawberry.type(description="A page of categories.")
class CategoryConnection(Connection[Category]):
    aggregate: CategoryAggregate | None = aggregate(group.CATEGORIES)
