"""Initiatives, and who holds them."""

from typing import Annotated, Any

import strawberry
from strawberry import argument

from graph.domain.reasons import reasons_en, reasons_fr
from graph.execution.declaration import Cardinality, Edge
from graph.loaders import group
from graph.loaders.award import awards_by_initiative_id
from graph.loaders.category import categories_by_initiative_id
from graph.loaders.collectivity import collectivity_by_id
from graph.loaders.initiative import holders_by_initiative_id, initiative_by_id
from graph.loaders.metric import metrics_by_initiative_id
from graph.loaders.source import sources_by_initiative_id
from graph.resolvers.initiative import select_similar
from graph.schema import lazy, prices
from graph.schema.aggregate import InitiativeAggregate, aggregate
from graph.schema.connection import Connection, bounded_list
from graph.schema.enums import Role
from graph.schema.facet import InitiativeFacets, facets
from graph.schema.fields import column, computed, declare, to_one
from graph.schema.node import ID, Node
from graph.schema.provenance import Claim, Provenance, claims, provenance
from graph.schema.scalars import PartialDate
from graph.schema.where import AwardWhere, CategoryWhere, HolderWhere, MetricWhere, SourceWhere
from graph.storage.alike import ALIKE
from graph.storage.tables import Initiative as Table
from graph.storage.tables import InitiativeHolder, columns_of

_initiative, _holder = columns_of(Table), columns_of(InitiativeHolder)


@strawberry.type(description="A collectivity that takes part in an initiative (porteur).")
class Holder:
    role: Role = column(_holder.role, "How it takes part; joint holders are all LEAD.")
    collectivity: lazy.CollectivityRef = to_one(
        collectivity_by_id, _holder.collectivity_id, "The collectivity."
    )


_SHARED = (ALIKE.c.words, ALIKE.c.departement, ALIKE.c.region, ALIKE.c.population_class)


@strawberry.type(description="An initiative that is like another one, and why.")
class SimilarInitiative:
    score: int = column(
        ALIKE.c.score,
        "How much they share, 0 to 100: categories 30, rare words of title and summary up to 40, "
        "the département of the lead 20 or else its région 10, its class of inhabitants 10.",
    )
    reasons: list[str] = computed(
        (ALIKE.c.categories, *_SHARED), "What they share, in French.", reasons_fr
    )
    reasons_en: list[str] = computed(
        (ALIKE.c.categories_en, *_SHARED),
        "What they share, in English; words stay French.",
        reasons_en,
    )
    node: lazy.InitiativeRef = to_one(initiative_by_id, ALIKE.c.other_id, "The other initiative.")


def _similar(  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
    root: Any,
    first: Annotated[int, argument(description="How many, those most alike first: 0 to 100.")] = 5,
):
    return select_similar(first).of(root)


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
    similar: list[SimilarInitiative] | None = declare(
        Edge(Cardinality.LIST, _initiative.id),
        _similar,
        "Initiatives that share a category or words with it, those most alike first.",
        prices.SIMILAR,
    )
    provenance: Provenance | None = provenance(_initiative.uid)
    claims: list[Claim] = claims(_initiative.uid)


@strawberry.type(description="A page of initiatives.")
class InitiativeConnection(Connection[Initiative]):
    aggregate: InitiativeAggregate | None = aggregate(group.INITIATIVES)
    facets: InitiativeFacets = facets()
