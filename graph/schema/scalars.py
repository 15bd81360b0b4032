"""Scalars of the field."""

import json
from collections.abc import Callable
from typing import Any, NewType

import strawberry
from graphql import GraphQLError, ValueNode, value_from_ast_untyped

from graph.domain.dates import is_partial_date
from graph.domain.errors import shown

PartialDate = NewType("PartialDate", str)
Decimal = NewType("Decimal", float)
JSON = NewType("JSON", object)


def _parse_partial_date(value: object) -> PartialDate:
    if isinstance(value, str) and is_partial_date(value):
        return PartialDate(value)
    raise GraphQLError(
        f"{_told(value)} is not a partial date; write YYYY, YYYY-MM or YYYY-MM-DD, in quotes"
    )


def _parse_decimal(value: object) -> Decimal:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(value)
    raise GraphQLError(
        f"{_told(value)} is not a number; write one such as 1250 or 8.5, without quotes"
    )


def _told(value: object) -> str:
    """A value of a variable or of a literal, as JSON writes it."""
    return shown(value) if isinstance(value, str) else json.dumps(value, default=str)


def _located(parse: Callable[[object], Any]) -> Callable[..., Any]:
    """Reads a literal of the document; what is wrong with it is told with its place."""

    def parse_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
        try:
            return parse(value_from_ast_untyped(node, variables))
        except GraphQLError as error:
            raise GraphQLError(error.message, node) from None

    return parse_literal


SCALARS = {
    PartialDate: strawberry.scalar(
        name="PartialDate",
        description=(
            "A date as precise as its source: a year (`2017`), a month (`2017-06`) or a day "
            "(`2017-06-15`), as in ISO 8601."
        ),
        serialize=lambda value: value,
        parse_value=_parse_partial_date,
        parse_literal=_located(_parse_partial_date),
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description=(
            "A decimal number, written as a JSON number of at most 15 significant digits and "
            "6 decimals, so that every reader gets the exact figure."
        ),
        serialize=lambda value: value,
        parse_value=_parse_decimal,
        parse_literal=_located(_parse_decimal),
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value: a text, a number, a truth value, a list, an object.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        serialize=lambda value: value,
    ),
}
