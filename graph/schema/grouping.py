"""What can be asked of groups: keys, conditions and orders, each with its words in the schema."""

from enum import Enum

import strawberry
from strawberry import Maybe, enum_value

from graph.schema.filters import DecimalFilter, IntFilter
from graph.schema.order import Direction

_EXACT = "as it is before it is rounded to the 6 decimals that are shown"
_UNIT = "The unit whose values are put together, such as `EUR`, as in the field `values`."
_HAVING = "Which groups. Fields given together must all hold."
_ORDER = "One key of an order of groups."

# Dimensions of several types.
_YEAR = enum_value("YEAR", description="The year.")
_CATEGORY = enum_value("CATEGORY", description="The category.")
_KIND = enum_value("KIND", description="The kind of collectivity.")
_REGION = enum_value("REGION", description="The région.")
_DEPARTEMENT = enum_value("DEPARTEMENT", description="The département.")
_EPCI = enum_value("EPCI", description="The EPCI.")
_POPULATION_CLASS = enum_value("POPULATION_CLASS", description="The inhabitants, in classes.")


@strawberry.enum(description="What awards can be grouped by.")
class AwardDimension(Enum):
    PRIZE = enum_value("PRIZE", description="The prize.")
    YEAR = _YEAR
    LEVEL = enum_value("LEVEL", description="The level.")
    CATEGORY = _CATEGORY
    KIND = _KIND
    REGION = _REGION
    DEPARTEMENT = _DEPARTEMENT
    EPCI = _EPCI
    POPULATION_CLASS = _POPULATION_CLASS


@strawberry.enum(description="What initiatives can be grouped by.")
class InitiativeDimension(Enum):
    YEAR = _YEAR
    CATEGORY = _CATEGORY
    KIND = _KIND
    REGION = _REGION
    DEPARTEMENT = _DEPARTEMENT
    EPCI = _EPCI
    POPULATION_CLASS = _POPULATION_CLASS


@strawberry.enum(description="What metrics can be grouped by.")
class MetricDimension(Enum):
    UNIT = enum_value("UNIT", description="The unit.")
    NAME = enum_value("NAME", description="The name of the metric, in French.")
    YEAR = _YEAR
    CATEGORY = _CATEGORY
    KIND = _KIND
    REGION = _REGION
    DEPARTEMENT = _DEPARTEMENT
    EPCI = _EPCI
    POPULATION_CLASS = _POPULATION_CLASS


@strawberry.enum(description="What collectivities can be grouped by.")
class CollectivityDimension(Enum):
    KIND = _KIND
    SUB_KIND = enum_value("SUB_KIND", description="The sub-kind.")
    REGION = _REGION
    DEPARTEMENT = _DEPARTEMENT
    EPCI = _EPCI
    POPULATION_CLASS = _POPULATION_CLASS


@strawberry.input(description="Conditions on the summary of a number.")
class NumberHaving:
    known: Maybe[IntFilter] = strawberry.field(description="By how many values are known.")
    sum: Maybe[DecimalFilter] = strawberry.field(description="By their sum.")
    avg: Maybe[DecimalFilter] = strawberry.field(description=f"By their mean, {_EXACT}.")
    min: Maybe[DecimalFilter] = strawberry.field(description="By the least.")
    max: Maybe[DecimalFilter] = strawberry.field(description="By the greatest.")
    median: Maybe[DecimalFilter] = strawberry.field(description=f"By the median, {_EXACT}.")


@strawberry.input(description="Conditions on the summary of the metric values of one unit.")
class ValuesHaving(NumberHaving):
    unit: Maybe[str] = strawberry.field(description=_UNIT)


@strawberry.input(description="An order by the summary of a number: one of these.")
class NumberOrder:
    known: Maybe[Direction] = strawberry.field(description="By how many values are known.")
    sum: Maybe[Direction] = strawberry.field(description="By their sum.")
    avg: Maybe[Direction] = strawberry.field(description="By their mean.")
    min: Maybe[Direction] = strawberry.field(description="By the least.")
    max: Maybe[Direction] = strawberry.field(description="By the greatest.")
    median: Maybe[Direction] = strawberry.field(description="By the median.")


@strawberry.input(description="An order by the summary of the metric values of one unit.")
class ValuesOrder(NumberOrder):
    unit: Maybe[str] = strawberry.field(description=_UNIT)


@strawberry.input
class _Having:
    count: Maybe[IntFilter] = strawberry.field(description="By count.")
    per_capita: Maybe[DecimalFilter] = strawberry.field(
        description="By count per 100,000 inhabitants; at most 6 decimals."
    )


@strawberry.input
class _DatedHaving(_Having):
    previous: Maybe[IntFilter] = strawberry.field(description="By the count of the year before.")
    delta: Maybe[IntFilter] = strawberry.field(description="By the change since the year before.")


@strawberry.input
class _Order:
    count: Maybe[Direction] = strawberry.field(description="By count.")
    key: Maybe[Direction] = strawberry.field(
        description="By the keys, in the order of `by`: codes, slugs, years, levels from the best."
    )
    per_capita: Maybe[Direction] = strawberry.field(description="By count per inhabitant.")


@strawberry.input
class _DatedOrder(_Order):
    previous: Maybe[Direction] = strawberry.field(description="By the count of the year before.")
    delta: Maybe[Direction] = strawberry.field(description="By the change since the year before.")


@strawberry.input(description=_HAVING)
class AwardGroupHaving(_DatedHaving):
    laureates: Maybe[IntFilter] = strawberry.field(
        description="By how many different collectivities."
    )
    values: Maybe[ValuesHaving] = strawberry.field(description="By metric values of one unit.")


@strawberry.input
class _HeldHaving(_DatedHaving):
    holders: Maybe[IntFilter] = strawberry.field(
        description="By how many different collectivities."
    )
    values: Maybe[ValuesHaving] = strawberry.field(description="By metric values of one unit.")


@strawberry.input(description=_HAVING)
class InitiativeGroupHaving(_HeldHaving):
    pass


@strawberry.input(description=_HAVING)
class MetricGroupHaving(_HeldHaving):
    pass


@strawberry.input(description=_HAVING)
class CollectivityGroupHaving(_Having):
    population: Maybe[NumberHaving] = strawberry.field(description="By their inhabitants.")


@strawberry.input(one_of=True, description=_ORDER)
class AwardGroupOrder(_DatedOrder):
    laureates: Maybe[Direction] = strawberry.field(
        description="By how many different collectivities."
    )
    values: Maybe[ValuesOrder] = strawberry.field(description="By metric values of one unit.")


@strawberry.input
class _HeldOrder(_DatedOrder):
    holders: Maybe[Direction] = strawberry.field(
        description="By how many different collectivities."
    )
    values: Maybe[ValuesOrder] = strawberry.field(description="By metric values of one unit.")


@strawberry.input(one_of=True, description=_ORDER)
class InitiativeGroupOrder(_HeldOrder):
    pass


@strawberry.input(one_of=True, description=_ORDER)
class MetricGroupOrder(_HeldOrder):
    pass


@strawberry.input(one_of=True, description=_ORDER)
class CollectivityGroupOrder(_Order):
    population: Maybe[NumberOrder] = strawberry.field(description="By their inhabitants.")
