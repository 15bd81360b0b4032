"""Groups: how many rows there are by one to three keys, and what else can be told of them."""

from typing import Annotated, Any

import strawberry
from strawberry import UNSET, argument

from graph.execution.declaration import Cardinality, Column, Derived, Edge, Measure
from graph.loaders import group as nouns
from graph.loaders.award import awards
from graph.loaders.category import category_by_id
from graph.loaders.collectivity import collectivities, collectivity_by_id
from graph.loaders.initiative import initiatives
from graph.loaders.metric import metrics
from graph.loaders.prize import prize_by_id
from graph.resolvers import award, collectivity, initiative, metric
from graph.resolvers.group import (
    GroupArguments,
    GroupsOf,
    check_per_capita,
    check_years,
    select_groups,
    select_items,
    select_share,
)
from graph.schema import lazy, prices
from graph.schema.aggregate import NumberSummary, number, values
from graph.schema.connection import (
    After,
    Before,
    First,
    Last,
    annotate,
    known,
    listed,
    page_of,
)
from graph.schema.enums import Kind, Level, PopulationClass
from graph.schema.fields import column, declare, embedded, to_one
from graph.schema.grouping import (
    AwardDimension,
    AwardGroupHaving,
    AwardGroupOrder,
    CollectivityDimension,
    CollectivityGroupHaving,
    CollectivityGroupOrder,
    InitiativeDimension,
    InitiativeGroupHaving,
    InitiativeGroupOrder,
    MetricDimension,
    MetricGroupHaving,
    MetricGroupOrder,
)
from graph.schema.where import (
    Attribution,
    AwardWhere,
    CollectivityWhere,
    InitiativeWhere,
    MetricWhere,
)
from graph.storage.groups import GROUP
from graph.storage.selection import Relation

_UNKNOWN = "Null where it is unknown, and where `by` does not have it."
_INSIDE = "in a group of a territory, those that lie in it"


def _measure(columns: tuple[Any, ...], resolve: Any, description: str) -> Any:
    return declare(Measure(columns), resolve, description)


def _previous(root: Any):  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
    def make(groups: Any) -> Any:
        check_years(groups, "previous")
        return lambda previous: previous

    return Derived(make, root)


def _delta(root: Any):  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
    def make(groups: Any) -> Any:
        check_years(groups, "delta")
        return lambda delta: delta

    return Derived(make, root)


def _per_capita(  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
    root: Any,
    per: Annotated[int, argument(description="Per how many inhabitants.")] = 100_000,
):
    def make(groups: Any) -> Any:
        check_per_capita(groups, per)
        return lambda count, population: count * per / population if population else None

    return Derived(make, root)


def _share(dimension: Any) -> Any:
    def resolve(root: Any, of: Any = UNSET):  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
        return Derived(lambda groups: select_share(groups, known(of) or []), root)

    resolve.__annotations__["of"] = Annotated[
        list[dimension] | None,
        argument(
            description="Keys of `by` that the groups of the whole have in common; all groups "
            "without it."
        ),
    ]
    edge = Edge(Cardinality.ONE, GROUP.c.ids, Column((GROUP.c.share,)))
    return declare(
        edge,
        resolve,
        "Its count divided by the sum of the counts of all groups, or of those that have the same "
        "values of the keys `of`: 0 to 1, as a double.",
    )


def _items(root_list: Relation, where_type: Any) -> Any:
    relation = nouns.members(root_list)

    def resolve(  # type: ignore[no-untyped-def]  # noqa: ANN202, PLR0913, PLR0917  # as a connection's
        root: Any,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        where: Any = UNSET,
        order_by: Any = UNSET,
    ):
        items = listed(relation, where_type, None, known(where), known(order_by))
        page = page_of(first, after, last, before)
        return Derived(lambda groups: select_items(groups, items, page), root)

    annotate(resolve, where_type, is_of_parent=True)
    edge = Edge(Cardinality.PAGE, GROUP.c.ids)
    return declare(edge, resolve, "The rows of the group.", prices.items(root_list.type_name))


@strawberry.type
class _Group:
    count: int = column(GROUP.c.count, "How many rows the group has.")
    rank: int = column(
        GROUP.c.rank,
        "Its place in the order of the list, from 1; groups that tie have the same. In an order by "
        "`key` alone, its place by count.",
    )
    per_capita: float | None = _measure(
        (GROUP.c.count, GROUP.c.population),
        _per_capita,
        "Its count per so many inhabitants of its territory, as a double; null where they are "
        "unknown. `by` must have one of REGION, DEPARTEMENT, EPCI.",
    )


@strawberry.type
class _DatedGroup(_Group):
    previous: int | None = _measure(
        (GROUP.c.previous,),
        _previous,
        "The count of the same group in the year before; null when that year has none. `by` "
        "must have YEAR.",
    )
    delta: int | None = _measure(
        (GROUP.c.delta,), _delta, "`count` less `previous`; null where that is null."
    )


@strawberry.type(description=f"What the awards of a group have in common. {_UNKNOWN}")
class AwardGroupKey:
    prize: lazy.PrizeRef | None = to_one(prize_by_id, GROUP.c.prize_id, "The prize.")
    year: int | None = column(GROUP.c.year, "The year.")
    level: Level | None = column(GROUP.c.level, "The level.")
    category: lazy.CategoryRef | None = to_one(category_by_id, GROUP.c.category_id, "The category.")
    kind: Kind | None = column(GROUP.c.kind, "The kind of collectivity.")
    region: lazy.CollectivityRef | None = to_one(
        collectivity_by_id, GROUP.c.region_id, "The région."
    )
    departement: lazy.CollectivityRef | None = to_one(
        collectivity_by_id, GROUP.c.departement_id, "The département."
    )
    epci: lazy.CollectivityRef | None = to_one(collectivity_by_id, GROUP.c.epci_id, "The EPCI.")
    population_class: PopulationClass | None = column(
        GROUP.c.population_class, "The inhabitants, in classes."
    )


@strawberry.type(description="Awards that have the keys of `by` in common.")
class AwardGroup(_DatedGroup):
    key: AwardGroupKey = embedded(GROUP.c.ids, "What they have in common.")
    laureates: int = column(
        GROUP.c.people, f"How many different collectivities won them; {_INSIDE}."
    )
    values: NumberSummary | None = values(
        "The metric values of one unit, each metric once.", GROUP.c.ids
    )
    share: float | None = _share(AwardDimension)
    items: lazy.AwardConnectionRef | None = _items(awards, AwardWhere)


@strawberry.type(description=f"What the initiatives of a group have in common. {_UNKNOWN}")
class InitiativeGroupKey:
    year: int | None = column(GROUP.c.year, "The year.")
    category: lazy.CategoryRef | None = to_one(category_by_id, GROUP.c.category_id, "The category.")
    kind: Kind | None = column(GROUP.c.kind, "The kind of collectivity.")
    region: lazy.CollectivityRef | None = to_one(
        collectivity_by_id, GROUP.c.region_id, "The région."
    )
    departement: lazy.CollectivityRef | None = to_one(
        collectivity_by_id, GROUP.c.departement_id, "The département."
    )
    epci: lazy.CollectivityRef | None = to_one(collectivity_by_id, GROUP.c.epci_id, "The EPCI.")
    population_class: PopulationClass | None = column(
        GROUP.c.population_class, "The inhabitants, in classes."
    )


@strawberry.type(description="Initiatives that have the keys of `by` in common.")
class InitiativeGroup(_DatedGroup):
    key: InitiativeGroupKey = embedded(GROUP.c.ids, "What they have in common.")
    holders: int = column(
        GROUP.c.people, f"How many different collectivities hold them; {_INSIDE}."
    )
    values: NumberSummary | None = values(
        "The metric values of one unit, each metric once.", GROUP.c.ids
    )
    share: float | None = _share(InitiativeDimension)
    items: lazy.InitiativeConnectionRef | None = _items(initiatives, InitiativeWhere)


@strawberry.type(description=f"What the metrics of a group have in common. {_UNKNOWN}")
class MetricGroupKey:
    unit: str | None = column(GROUP.c.unit, "The unit.")
    name: str | None = column(GROUP.c.name, "The name of the metric, in French.")
    year: int | None = column(GROUP.c.year, "The year.")
    category: lazy.CategoryRef | None = to_one(category_by_id, GROUP.c.category_id, "The category.")
    kind: Kind | None = column(GROUP.c.kind, "The kind of collectivity.")
    region: lazy.CollectivityRef | None = to_one(
        collectivity_by_id, GROUP.c.region_id, "The région."
    )
    departement: lazy.CollectivityRef | None = to_one(
        collectivity_by_id, GROUP.c.departement_id, "The département."
    )
    epci: lazy.CollectivityRef | None = to_one(collectivity_by_id, GROUP.c.epci_id, "The EPCI.")
    population_class: PopulationClass | None = column(
        GROUP.c.population_class, "The inhabitants, in classes."
    )


@strawberry.type(description="Metrics that have the keys of `by` in common.")
class MetricGroup(_DatedGroup):
    key: MetricGroupKey = embedded(GROUP.c.ids, "What they have in common.")
    holders: int = column(
        GROUP.c.people, f"How many different collectivities hold them; {_INSIDE}."
    )
    values: NumberSummary | None = values(
        "The metric values of one unit, each metric once.", GROUP.c.ids
    )
    share: float | None = _share(MetricDimension)
    items: lazy.MetricConnectionRef | None = _items(metrics, MetricWhere)


@strawberry.type(description=f"What the collectivities of a group have in common. {_UNKNOWN}")
class CollectivityGroupKey:
    kind: Kind | None = column(GROUP.c.kind, "The kind of collectivity.")
    sub_kind: str | None = column(GROUP.c.sub_kind, "The sub-kind.")
    region: lazy.CollectivityRef | None = to_one(
        collectivity_by_id, GROUP.c.region_id, "The région."
    )
    departement: lazy.CollectivityRef | None = to_one(
        collectivity_by_id, GROUP.c.departement_id, "The département."
    )
    epci: lazy.CollectivityRef | None = to_one(collectivity_by_id, GROUP.c.epci_id, "The EPCI.")
    population_class: PopulationClass | None = column(
        GROUP.c.population_class, "The inhabitants, in classes."
    )


@strawberry.type(description="Collectivities that have the keys of `by` in common.")
class CollectivityGroup(_Group):
    key: CollectivityGroupKey = embedded(GROUP.c.ids, "What they have in common.")
    population: NumberSummary | None = number(
        "population", "Their inhabitants.", GROUP.c.ids, noun="Collectivity"
    )
    share: float | None = _share(CollectivityDimension)
    items: lazy.CollectivityConnectionRef | None = _items(collectivities, CollectivityWhere)


def _groups(of: GroupsOf, inputs: tuple[Any, Any, Any, Any], description: str) -> Any:
    """A root list of groups; the inputs are those of `by`, `where`, `having`, `orderBy`."""
    dimension: Any
    order_type: Any
    dimension, where_type, having_type, order_type = inputs

    def resolve(  # type: ignore[no-untyped-def]  # noqa: ANN202, PLR0913, PLR0917  # the class says what it returns
        by: Any,
        where: Any = UNSET,
        having: Any = UNSET,
        order_by: Any = UNSET,
        attribution: Any = UNSET,
        include_empty: Any = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ):
        counted = known(attribution)
        asked = GroupArguments(
            by,
            known(where),
            known(having),
            known(order_by),
            is_lead_only=counted is not None and counted is Attribution.LEAD_ONLY,
            is_complete=bool(known(include_empty)),
        )
        page = page_of(first, after, last, before)
        return select_groups(of, asked, page)

    def resolve_places(  # type: ignore[no-untyped-def]  # noqa: ANN202, PLR0913, PLR0917  # as above
        by: Any,
        where: Any = UNSET,
        having: Any = UNSET,
        order_by: Any = UNSET,
        include_empty: Any = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ):
        return resolve(
            by, where, having, order_by, UNSET, include_empty, first, after, last, before
        )

    # A collectivity has no holders that could tell where it lies.
    chosen: Any = resolve if of.people else resolve_places
    told = {
        "by": (list[dimension], "One to three keys."),
        "where": (where_type | None, "Only rows that satisfy this."),
        "having": (having_type | None, "Only groups that satisfy this."),
        "order_by": (
            list[order_type] | None,
            (
                "Keys to sort by, the most important first, at most 5; by default the largest "
                "count first. Groups that tie are sorted by `key`."
            ),
        ),
        "attribution": (
            Attribution | None,
            "Which of several laureates or holders tell the territory; ANY_HOLDER by default.",
        ),
        "include_empty": (
            bool | None,
            (
                "Whether to add the groups without rows: all départements, all levels … within the "
                "territory of `where`; with at most two keys."
            ),
        ),
    }
    for name in told.keys() & chosen.__annotations__.keys():
        kind, text = told[name]
        charged = prices.WITH_EMPTY_GROUPS if name == "include_empty" else {}
        chosen.__annotations__[name] = Annotated[kind, argument(description=text, metadata=charged)]
    return declare(Edge(Cardinality.PAGE), chosen, description, prices.groups(of.noun.type_name))


award_groups = _groups(
    GroupsOf(nouns.AWARDS, awards, award.FIELDS, "laureates", "values"),
    (AwardDimension, AwardWhere, AwardGroupHaving, AwardGroupOrder),
    "Awards counted by keys that they have in common.",
)
initiative_groups = _groups(
    GroupsOf(nouns.INITIATIVES, initiatives, initiative.FIELDS, "holders", "values"),
    (InitiativeDimension, InitiativeWhere, InitiativeGroupHaving, InitiativeGroupOrder),
    "Initiatives counted by keys that they have in common.",
)
metric_groups = _groups(
    GroupsOf(nouns.METRICS, metrics, metric.FIELDS, "holders", "values"),
    (MetricDimension, MetricWhere, MetricGroupHaving, MetricGroupOrder),
    "Metrics counted by keys that they have in common.",
)
collectivity_groups = _groups(
    GroupsOf(nouns.COLLECTIVITIES, collectivities, collectivity.FIELDS, None, "population"),
    (CollectivityDimension, CollectivityWhere, CollectivityGroupHaving, CollectivityGroupOrder),
    "Collectivities counted by keys that they have in common.",
)
