"""`orderBy` inputs: one per type, each item of the list names one key."""

from enum import Enum

import strawberry
from strawberry import Maybe, enum_value

from graph.resolvers import (
    award,
    category,
    collectivity,
    dataset,
    edition,
    holder,
    initiative,
    laureate,
    metric,
    prize,
    source,
)
from graph.resolvers.order import Keys
from graph.schema import prices
from graph.schema.where import (
    AwardWhere,
    CategoryWhere,
    CollectivityWhere,
    CoverageWhere,
    EditionWhere,
    HolderWhere,
    InitiativeWhere,
    MetricWhere,
    PrintedLaureateWhere,
    PrizeWhere,
    SourceWhere,
)

_RANK = "By how well `search` in `where` finds it."
_FOLDED = "in alphabetical order, whatever case and accents."


@strawberry.enum(
    description="A direction. What is unknown (null) comes last, unless told to come first."
)
class Direction(Enum):
    ASC = enum_value("ASC", description="From the least, the first, A.")
    DESC = enum_value("DESC", description="From the greatest, the latest, Z.")
    ASC_NULLS_FIRST = enum_value("ASC_NULLS_FIRST", description="What is unknown, then ASC.")
    DESC_NULLS_FIRST = enum_value("DESC_NULLS_FIRST", description="What is unknown, then DESC.")


@strawberry.input(description="The number of related awards.")
class AwardsOrder:
    count: Direction = strawberry.field(
        description="By how many there are.", metadata=prices.RELATED_TO_ALL
    )
    where: Maybe["AwardWhere"] = strawberry.field(
        description="Which of them count; all without it."
    )


@strawberry.input(description="The number of related initiatives.")
class InitiativesOrder:
    count: Direction = strawberry.field(
        description="By how many there are.", metadata=prices.RELATED_TO_ALL
    )
    where: Maybe["InitiativeWhere"] = strawberry.field(
        description="Which of them count; all without it."
    )


@strawberry.input(description="The number of related editions.")
class EditionsOrder:
    count: Direction = strawberry.field(
        description="By how many there are.", metadata=prices.RELATED_TO_ALL
    )
    where: Maybe["EditionWhere"] = strawberry.field(
        description="Which of them count; all without it."
    )


@strawberry.input(description="The number of related collectivities.")
class CollectivitiesOrder:
    count: Direction = strawberry.field(
        description="By how many there are.", metadata=prices.RELATED_TO_ALL
    )
    where: Maybe["CollectivityWhere"] = strawberry.field(
        description="Which of them count; all without it."
    )


@strawberry.input(description="The number of metrics, or the sum of their values.")
class MetricsOrder:
    count: Maybe[Direction] = strawberry.field(
        description="By how many there are.", metadata=prices.RELATED_TO_ALL
    )
    sum: Maybe[Direction] = strawberry.field(
        description="By the sum of their values of one `unit`; unknown where there is none.",
        metadata=prices.RELATED_TO_ALL,
    )
    unit: Maybe[str] = strawberry.field(description="The unit of what `sum` adds up.")
    where: Maybe[MetricWhere] = strawberry.field(description="Which of them count; all without it.")


@strawberry.input(one_of=True, description="One key of an order of categories.")
class CategoryOrder:
    slug: Maybe[Direction] = strawberry.field(description="By slug.")
    label: Maybe[Direction] = strawberry.field(description=f"By label, {_FOLDED}")
    awards: Maybe[AwardsOrder] = strawberry.field(
        description="By the number of its awards, or of some of them."
    )
    initiatives: Maybe[InitiativesOrder] = strawberry.field(
        description="By the number of its initiatives, or of some of them."
    )
    search_rank: Maybe[Direction] = strawberry.field(description=_RANK)


@strawberry.input(one_of=True, description="One key of an order of prizes.")
class PrizeOrder:
    slug: Maybe[Direction] = strawberry.field(description="By slug.")
    name: Maybe[Direction] = strawberry.field(description=f"By name, {_FOLDED}")
    since: Maybe[Direction] = strawberry.field(description="By when it was first awarded.")
    editions: Maybe[EditionsOrder] = strawberry.field(description="By the number of its editions.")


@strawberry.input(one_of=True, description="One key of an order of editions.")
class EditionOrder:
    year: Maybe[Direction] = strawberry.field(description="By year.")
    jury_date: Maybe[Direction] = strawberry.field(description="By when the jury met.")
    ceremony_date: Maybe[Direction] = strawberry.field(description="By when the awards were given.")
    announced_awards: Maybe[Direction] = strawberry.field(
        description="By how many awards were announced."
    )
    awards: Maybe[AwardsOrder] = strawberry.field(
        description="By the number of its awards, or of some of them."
    )


@strawberry.input(one_of=True, description="One key of an order of collectivities.")
class CollectivityOrder:
    name: Maybe[Direction] = strawberry.field(description=f"By name, {_FOLDED}")
    kind: Maybe[Direction] = strawberry.field(
        description="By kind: COMMUNE, DEPARTEMENT, EPCI, OTHER, REGION."
    )
    code: Maybe[Direction] = strawberry.field(description="By code.")
    population: Maybe[Direction] = strawberry.field(description="By inhabitants.")
    awards: Maybe[AwardsOrder] = strawberry.field(
        description="By the number of its awards, or of some of them."
    )
    initiatives: Maybe[InitiativesOrder] = strawberry.field(
        description="By the number of its initiatives, or of some of them."
    )
    search_rank: Maybe[Direction] = strawberry.field(description=_RANK)


@strawberry.input(one_of=True, description="One key of an order of initiatives.")
class InitiativeOrder:
    title: Maybe[Direction] = strawberry.field(description=f"By title, {_FOLDED}")
    slug: Maybe[Direction] = strawberry.field(description="By slug.")
    year: Maybe[Direction] = strawberry.field(description="By the year of the first award.")
    launched_on: Maybe[Direction] = strawberry.field(description="By when it was launched.")
    awards: Maybe[AwardsOrder] = strawberry.field(
        description="By the number of its awards, or of some of them."
    )
    metrics: Maybe[MetricsOrder] = strawberry.field(description="By its metrics.")
    holders: Maybe[CollectivitiesOrder] = strawberry.field(
        description="By the number of its holders."
    )
    search_rank: Maybe[Direction] = strawberry.field(description=_RANK)


@strawberry.input(one_of=True, description="One key of an order of awards.")
class AwardOrder:
    year: Maybe[Direction] = strawberry.field(description="By the year of the edition.")
    level: Maybe[Direction] = strawberry.field(
        description="By level: DESC begins with the GRAND_PRIX."
    )
    category_as_printed: Maybe[Direction] = strawberry.field(
        description=f"By the category printed, {_FOLDED}"
    )
    laureates: Maybe[CollectivitiesOrder] = strawberry.field(
        description="By the number of its laureates."
    )
    search_rank: Maybe[Direction] = strawberry.field(description=_RANK)


@strawberry.input(one_of=True, description="One key of an order of metrics.")
class MetricOrder:
    name: Maybe[Direction] = strawberry.field(description=f"By name, {_FOLDED}")
    unit: Maybe[Direction] = strawberry.field(description="By unit.")
    value: Maybe[Direction] = strawberry.field(description="By value, whatever the unit.")
    year: Maybe[Direction] = strawberry.field(description="By the year measured.")
    as_of: Maybe[Direction] = strawberry.field(description="By the date that the figure holds for.")


@strawberry.input(one_of=True, description="One key of an order of sources.")
class SourceOrder:
    url: Maybe[Direction] = strawberry.field(description="By address.")
    title: Maybe[Direction] = strawberry.field(description="By title.")
    publisher: Maybe[Direction] = strawberry.field(description="By publisher.")


@strawberry.input(one_of=True, description="One key of an order of holders.")
class HolderOrder:
    role: Maybe[Direction] = strawberry.field(
        description="By how it takes part: LEAD before PARTNER."
    )


@strawberry.input(one_of=True, description="One key of an order of laureates as printed.")
class PrintedLaureateOrder:
    name_as_printed: Maybe[Direction] = strawberry.field(
        description="By the name printed, letter by letter."
    )
    service: Maybe[Direction] = strawberry.field(description="By the service named.")


@strawberry.input(one_of=True, description="One key of an order of editions.")
class CoverageOrder:
    prize: Maybe[Direction] = strawberry.field(description="By the slug of the prize.")
    year: Maybe[Direction] = strawberry.field(description="By year.")
    announced: Maybe[Direction] = strawberry.field(description="By how many awards were announced.")
    loaded: Maybe[Direction] = strawberry.field(description="By how many awards are loaded.")


# The `orderBy` input that goes with a `where` input, and what its fields stand for.
ORDERS: dict[type, tuple[type, Keys]] = {
    AwardWhere: (AwardOrder, award.KEYS),
    CategoryWhere: (CategoryOrder, category.KEYS),
    CoverageWhere: (CoverageOrder, dataset.KEYS),
    CollectivityWhere: (CollectivityOrder, collectivity.KEYS),
    EditionWhere: (EditionOrder, edition.KEYS),
    HolderWhere: (HolderOrder, holder.KEYS),
    PrintedLaureateWhere: (PrintedLaureateOrder, laureate.KEYS),
    InitiativeWhere: (InitiativeOrder, initiative.KEYS),
    MetricWhere: (MetricOrder, metric.KEYS),
    PrizeWhere: (PrizeOrder, prize.KEYS),
    SourceWhere: (SourceOrder, source.KEYS),
}
