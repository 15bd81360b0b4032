"""Scalars of the field."""

from typing import NewType

import strawberry
from graphql import GraphQLError

from graph.domain.dates import is_partial_date
from graph.domain.errors import shown

PartialDate = NewType("PartialDate", str)
Decimal = NewType("Decimal", float)


def _parse_partial_date(value: object) -> PartialDate:
    if isinstance(value, str) and is_partial_date(value):
        return PartialDate(value)
    raise GraphQLError(
        f"{shown(str(value))} is not a partial date; write YYYY, YYYY-MM or YYYY-MM-DD"
    )


def _parse_decimal(value: object) -> Decimal:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(value)
    raise GraphQLError(f"{shown(str(value))} is not a number; write one such as 1250 or 8.5")


SCALARS = {
    PartialDate: strawberry.scalar(
        name="PartialDate",
        description=(
            "A date as precise as its source: a year (`2017`), a month (`2017-06`) or a day "
            "(`2017-06-15`), as in ISO 8601."
        ),
        serialize=lambda value: value,
        parse_value=_parse_partial_date,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description=(
            "A decimal number, written as a JSON number of at most 15 significant digits and "
            "6 decimals, so that every reader gets the exact figure."
        ),
        serialize=lambda value: value,
        parse_value=_parse_decimal,
    ),
}
