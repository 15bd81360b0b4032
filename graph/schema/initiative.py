"""Initiatives, and who holds them."""

import strawberry

from graph.loaders import group
from graph.loaders.award import awards_by_initiative_id
from graph.loaders.category import categories_by_initiative_id
from graph.loaders.collectivity import collectivity_by_id
from graph.loaders.initiative import holders_by_initiative_id
from graph.loaders.metric import metrics_by_initiative_id
from graph.loaders.source import sources_by_initiative_id
from graph.schema import lazy
from graph.schema.aggregate import InitiativeAggregate, aggregate
from graph.schema.connection import Connection, bounded_list
from graph.schema.enums import Role
from graph.schema.facet import InitiativeFacets, facets
from graph.schema.fields import column, to_one
from graph.schema.node import ID, Node
from graph.schema.scalars import PartialDate
from graph.schema.where import AwardWhere, CategoryWhere, HolderWhere, MetricWhere, SourceWhere
from graph.storage.tables import Initiative as Table
from graph.storage.tables import InitiativeHolder, columns_of

_initiative, _holder = columns_of(Table), columns_of(InitiativeHolder)


@strawberry.type(description="A collectivity that takes part in an initiative (porteur).")
class Holder:
    role: Role = column(_holder.role, "How it takes part; joint holders are all LEAD.")
    collectivity: lazy.CollectivityRef = to_one(
        collectivity_by_id, _holder.collectivity_id, "The collectivity."
    )


@strawberry.type(description="What one or several collectivities did.")
class Initiative(Node):
    id: strawberry.ID = column(_initiative.uid, ID)
    slug: str = column(_initiative.slug, "The stable short name, for look-ups.")
    title: str = column(_initiative.title, "The title, in French.")
    title_is_descriptive: bool = column(
        _initiative.title_is_descriptive,
        "True when no source names the initiative and the title only describes it.",
        bool,
    )
    summary: str | None = column(_initiative.summary, "What it is, in one French sentence.")
    url: str | None = column(_initiative.url, "Its page, as a source gives it.")
    launched_on: PartialDate | None = column(_initiative.launched_on, "When it was launched.")
    year: int | None = column(_initiative.year, "The year of its first award.")
    note: str | None = column(_initiative.note, "Remarks on the sources, in French.")
    holders: list[Holder] | None = bounded_list(
        holders_by_initiative_id,
        _initiative.id,
        HolderWhere,
        "Who carries it, the lead first.",
    )
    categories: list[lazy.CategoryRef] | None = bounded_list(
        categories_by_initiative_id,
        _initiative.id,
        CategoryWhere,
        "The themes that it was awarded in.",
    )
    awards: list[lazy.AwardRef] | None = bounded_list(
        awards_by_initiative_id,
        _initiative.id,
        AwardWhere,
        "What it won, newest first.",
    )
    metrics: list[lazy.MetricRef] | None = bounded_list(
        metrics_by_initiative_id,
        _initiative.id,
        MetricWhere,
        "What was measured of it.",
    )
    sources: list[lazy.SourceRef] | None = bounded_list(
        sources_by_initiative_id, _initiative.id, SourceWhere, "Where it is told."
    )


@strawberry.type(description="A page of initiatives.")
class InitiativeConnection(Connection[Initiative]):
    aggregate: InitiativeAggregate | None = aggregate(group.INITIATIVES)
    facets: InitiativeFacets = facets()
