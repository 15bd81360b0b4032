"""Aggregates: what all rows of a list are together, whatever its page."""

from typing import Annotated, Any

import strawberry
from strawberry import UNSET, argument

from graph.domain.decimals import from_micro, mean_micro
from graph.execution.declaration import Cardinality, Derived, Edge
from graph.resolvers.group import select_aggregate, select_number
from graph.schema import prices
from graph.schema.fields import column, computed, declare
from graph.schema.scalars import Decimal
from graph.storage.groups import GROUP, Noun


def _number(micro: int | None) -> int | float | None:
    return None if micro is None else from_micro(micro)


def _mean(total: int | None, known: int) -> int | float | None:
    return None if total is None else from_micro(mean_micro(total, known))


def _middle(low: int | None, high: int | None) -> int | float | None:
    return None if low is None or high is None else from_micro(mean_micro(low + high, 2))


@strawberry.type(
    description=(
        "Numbers put together: exact, rounded to 6 decimals where a division needs it. All but "
        "`known` are null when no value is known."
    )
)
class NumberSummary:
    known: int = column(GROUP.c.known, "How many values are known.")
    sum: Decimal | None = column(GROUP.c.total, "Their sum.", _number)
    avg: Decimal | None = computed(
        (GROUP.c.total, GROUP.c.known), "Their arithmetic mean (moyenne).", _mean
    )
    min: Decimal | None = column(GROUP.c.least, "The least.", _number)
    max: Decimal | None = column(GROUP.c.greatest, "The greatest.", _number)
    median: Decimal | None = computed(
        (GROUP.c.low, GROUP.c.high),
        "The middle one (médiane), or the mean of the two in the middle.",
        _middle,
    )


Unit = Annotated[
    str | None,
    argument(
        description=(
            "The unit whose values are put together, such as `personne` or `EUR`. It may be left "
            "out where rows are filtered or grouped by unit."
        )
    ),
]


def number(name: str, description: str, key: Any = None, noun: str = "") -> Any:
    """The summary of a number of the rows."""

    def resolve(root: Any):  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
        return Derived(lambda listed: select_number(listed, name, None, has_unit=False), root)

    return declare(Edge(Cardinality.ONE, key), resolve, description, prices.number(noun))


def values(description: str, key: Any = None) -> Any:
    """The summary of the metric values of one unit."""

    def resolve(root: Any, unit: Unit = UNSET):  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
        asked = None if unit is UNSET else unit
        return Derived(lambda listed: select_number(listed, "values", asked, has_unit=True), root)

    return declare(Edge(Cardinality.ONE, key), resolve, description, prices.number("Metric"))


def aggregate(noun: Noun) -> Any:
    """The aggregate of a connection."""

    def resolve(root: Any):  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
        return Derived(lambda listed: select_aggregate(listed, noun), root)

    return declare(
        Edge(Cardinality.ONE),
        resolve,
        "What all rows that the filter leaves are together, whatever the page.",
        prices.aggregate(noun.type_name),
    )


_COUNT = "How many rows there are."
_VALUES = "The metric values of one unit, of the initiatives of the rows; each metric once."


@strawberry.type(description="All awards of a list together.")
class AwardAggregate:
    count: int = column(GROUP.c.count, _COUNT)
    laureates: int = column(GROUP.c.people, "How many different collectivities won them.")
    year: NumberSummary | None = number("year", "Their years.")
    values: NumberSummary | None = values(_VALUES)


@strawberry.type(description="All initiatives of a list together.")
class InitiativeAggregate:
    count: int = column(GROUP.c.count, _COUNT)
    holders: int = column(GROUP.c.people, "How many different collectivities hold them.")
    year: NumberSummary | None = number("year", "The years of their first awards.")
    values: NumberSummary | None = values(_VALUES)


@strawberry.type(description="All metrics of a list together.")
class MetricAggregate:
    count: int = column(GROUP.c.count, _COUNT)
    holders: int = column(
        GROUP.c.people, "How many different collectivities hold their initiatives."
    )
    year: NumberSummary | None = number("year", "The years measured.")
    values: NumberSummary | None = values("Their values of one unit.")


@strawberry.type(description="All collectivities of a list together.")
class CollectivityAggregate:
    count: int = column(GROUP.c.count, _COUNT)
    population: NumberSummary | None = number(
        "population", "Their inhabitants.", noun="Collectivity"
    )


@strawberry.type(description="All editions of a list together.")
class EditionAggregate:
    count: int = column(GROUP.c.count, _COUNT)
    year: NumberSummary | None = number("year", "Their years.")
    announced_awards: NumberSummary | None = number(
        "announced_awards", "The numbers of awards announced."
    )


@strawberry.type(description="All categories of a list together.")
class CategoryAggregate:
    count: int = column(GROUP.c.count, _COUNT)


@strawberry.type(description="All sources of a list together.")
class SourceAggregate:
    count: int = column(GROUP.c.count, _COUNT)


@strawberry.type(description="All prizes of a list together.")
class PrizeAggregate:
    count: int = column(GROUP.c.count, _COUNT)
