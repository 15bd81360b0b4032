"""The questions: look-ups by key, lists, nodes, the data set."""

from typing import Annotated, Any

import strawberry
from strawberry import Maybe, argument

from graph.domain.codes import Kind
from graph.execution.declaration import Cardinality, Edge
from graph.loaders.award import awards
from graph.loaders.category import categories
from graph.loaders.collectivity import collectivities
from graph.loaders.edition import editions
from graph.loaders.initiative import initiatives
from graph.loaders.metric import metrics
from graph.loaders.prize import prizes
from graph.loaders.release import releases
from graph.loaders.source import sources
from graph.resolvers.category import category_by_slug
from graph.resolvers.collectivity import collectivity_by_code, collectivity_by_siren
from graph.resolvers.edition import edition_by_prize_and_year
from graph.resolvers.initiative import initiative_by_slug
from graph.resolvers.node import record_by_uid, records_by_uid
from graph.resolvers.prize import prize_by_slug
from graph.schema import prices
from graph.schema.award import AwardConnection
from graph.schema.category import Category, CategoryConnection
from graph.schema.change import Change, changes
from graph.schema.collectivity import Collectivity, CollectivityConnection
from graph.schema.connection import Connection, connection
from graph.schema.cost import OperationCost, cost
from graph.schema.dataset import Dataset
from graph.schema.edition import Edition, EditionConnection
from graph.schema.fields import declare
from graph.schema.group import (
    AwardGroup,
    CollectivityGroup,
    InitiativeGroup,
    MetricGroup,
    award_groups,
    collectivity_groups,
    initiative_groups,
    metric_groups,
)
from graph.schema.initiative import Initiative, InitiativeConnection
from graph.schema.limits import ApiLimit, api_limits
from graph.schema.metric import MetricConnection
from graph.schema.node import Node
from graph.schema.prize import Prize, PrizeConnection
from graph.schema.search import SearchHit, search
from graph.schema.source import SourceConnection
from graph.schema.suggestion import Suggestion, suggest
from graph.schema.where import (
    AwardWhere,
    CategoryWhere,
    CollectivityWhere,
    EditionWhere,
    InitiativeWhere,
    MetricWhere,
    PrizeWhere,
    SourceWhere,
)
from graph.storage.selection import Selection, Window

_ONE = Edge(Cardinality.ONE)
_SEVERAL = Edge(Cardinality.LIST)


@strawberry.input(one_of=True, description="One code of a collectivity.")
class CollectivityBy:
    commune: Maybe[str] = strawberry.field(
        description="INSEE code of a commune, such as `02691`; former codes lead on."
    )
    departement: Maybe[str] = strawberry.field(
        description="Code of a département, such as `45`, `2A`, `974`."
    )
    region: Maybe[str] = strawberry.field(description="Code of a région, such as `53`.")
    epci: Maybe[str] = strawberry.field(
        description="SIREN of an EPCI with taxing powers, such as `200071892`."
    )
    other: Maybe[str] = strawberry.field(
        description="Code of a body of kind OTHER: its SIREN, INSEE code or slug."
    )
    siren: Maybe[str] = strawberry.field(description="SIREN of a commune, EPCI or EPT.")


_KINDS = {
    "commune": Kind.COMMUNE,
    "departement": Kind.DEPARTEMENT,
    "region": Kind.REGION,
    "epci": Kind.EPCI,
    "other": Kind.OTHER,
}


def _collectivity(
    by: Annotated[CollectivityBy, argument(description="Which code, and its value.")],
) -> Any:
    if by.siren is not None:
        return collectivity_by_siren(by.siren.value)
    name = next(name for name in _KINDS if getattr(by, name) is not None)
    return collectivity_by_code(_KINDS[name], getattr(by, name).value)


_Slug = Annotated[str, argument(description="The slug.")]


def _initiative(slug: _Slug) -> Any:
    return initiative_by_slug(slug)


def _category(slug: _Slug) -> Any:
    return category_by_slug(slug)


def _prize(slug: _Slug) -> Any:
    return prize_by_slug(slug)


def _edition(
    prize: Annotated[str, argument(description="The slug of the prize.")],
    year: Annotated[int, argument(description="The year.")],
) -> Any:
    return edition_by_prize_and_year(prize, year)


def _node(id: Annotated[strawberry.ID, argument(description="The global id.")]) -> Any:  # noqa: A002  # Relay's name
    return record_by_uid(id)


def _nodes(
    ids: Annotated[list[strawberry.ID], argument(description="Global ids, at most 100.")],
) -> Any:
    return records_by_uid(list(ids))


def _dataset() -> Any:
    return Selection(releases, window=Window(1))


@strawberry.type(description="The questions that the graph answers.")
class Query:
    collectivity: Collectivity | None = declare(
        _ONE, _collectivity, "The collectivity of a code; null when no collectivity has it."
    )
    initiative: Initiative | None = declare(
        _ONE, _initiative, "The initiative of a slug; null when there is none."
    )
    category: Category | None = declare(
        _ONE, _category, "The category of a slug; null when there is none."
    )
    prize: Prize | None = declare(_ONE, _prize, "The prize of a slug; null when there is none.")
    edition: Edition | None = declare(
        _ONE, _edition, "The edition of a prize in a year; null when there is none."
    )
    node: Node | None = declare(
        _ONE,
        _node,
        "The record of a global id, or a `Withdrawn` where it is gone; null when unknown.",
    )
    nodes: list[Node | None] | None = declare(
        _SEVERAL,
        _nodes,
        "The records of global ids, in their order, a `Withdrawn` for each that is gone; null "
        "where unknown.",
        prices.NODES,
    )
    collectivities: CollectivityConnection | None = connection(
        collectivities,
        None,
        CollectivityWhere,
        "All collectivities, in the order of kind and code.",
    )
    initiatives: InitiativeConnection | None = connection(
        initiatives, None, InitiativeWhere, "All initiatives, in the order of slug."
    )
    categories: CategoryConnection | None = connection(
        categories, None, CategoryWhere, "All categories, in the order of slug."
    )
    prizes: PrizeConnection | None = connection(
        prizes, None, PrizeWhere, "All prizes, in the order of slug."
    )
    editions: EditionConnection | None = connection(
        editions, None, EditionWhere, "All editions, the newest first."
    )
    awards: AwardConnection | None = connection(
        awards, None, AwardWhere, "All awards, the newest first, then by level."
    )
    metrics: MetricConnection | None = connection(
        metrics, None, MetricWhere, "All metrics, in the order of initiative and name."
    )
    sources: SourceConnection | None = connection(
        sources, None, SourceWhere, "Sources, by address or name."
    )
    award_groups: Connection[AwardGroup] | None = award_groups
    initiative_groups: Connection[InitiativeGroup] | None = initiative_groups
    metric_groups: Connection[MetricGroup] | None = metric_groups
    collectivity_groups: Connection[CollectivityGroup] | None = collectivity_groups
    search: Connection[SearchHit] | None = search
    suggest: list[Suggestion] | None = suggest
    dataset: Dataset | None = declare(
        _ONE, _dataset, "The data set: release, licence, coverage; null before the first load."
    )
    changes: Connection[Change] | None = changes
    api_limits: list[ApiLimit] = api_limits
    cost: OperationCost | None = cost
