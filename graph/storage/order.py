"""In which order: keys as plain data, compiled to SQL beside the criteria.

A key is a column, a count or sum over related records, or how well a search finds the
record. The last key of an order is unique, so that every row has one place.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from graph.domain.text import SearchQuery
from graph.storage import criteria, search
from graph.storage.criteria import Criterion, Link, Numbers, Shape


@dataclass(frozen=True, slots=True)
class Total:
    """The number of linked records that satisfy `part`, or the sum of their `value`."""

    link: Link
    part: Criterion | None
    value: sa.ColumnElement[Any] | None = None


@dataclass(frozen=True, slots=True)
class SearchRank:
    """How well a search finds the record, by its id."""

    column: sa.ColumnElement[Any]
    type_name: str
    query: SearchQuery


@dataclass(frozen=True, slots=True)
class OrderKey:
    """One key. `is_nullable` says that it can be unknown; such rows come last or first."""

    by: sa.ColumnElement[Any] | Total | SearchRank
    is_descending: bool = False
    is_nullable: bool = False
    is_null_first: bool = False


Order = tuple[OrderKey, ...]
OrderShape = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Sorted:
    """A key as a statement sorts by it, and what must be joined to have it.

    `counted` is, where the key is a count, the column that owns what is counted; the joined
    rows are those whose count is not zero.
    """

    column: sa.ColumnElement[Any]
    is_descending: bool
    is_nullable: bool
    is_null_first: bool
    join: tuple[sa.FromClause, sa.ColumnElement[bool]] | None = None
    counted: sa.ColumnElement[Any] | None = None

    def clause(self, *, is_reversed: bool) -> sa.ColumnElement[Any]:
        """The part of ORDER BY; reversed, it gives the same rows from the end."""
        is_descending = self.is_descending != is_reversed
        clause = self.column.desc() if is_descending else self.column.asc()
        if not self.is_nullable:
            return clause
        return clause.nulls_first() if self.is_null_first != is_reversed else clause.nulls_last()


def type_of(key: OrderKey) -> sa.types.TypeEngine[Any]:
    """The type of the values of a key."""
    match key.by:
        case Total(_, _, value):
            return sa.Integer() if value is None else sa.BigInteger()
        case SearchRank():
            return sa.Integer()
        case column:
            return column.type


def shape_of(order: Order, values: list[Any]) -> OrderShape:
    """The shape of an order; its values are added to `values`."""
    return tuple(
        (_by_shape(key.by, values), key.is_descending, key.is_nullable, key.is_null_first)
        for key in order
    )


def _by_shape(by: sa.ColumnElement[Any] | Total | SearchRank, values: list[Any]) -> Any:
    match by:
        case Total(link, part, value):
            return ("total", link, criteria.shape_of(part, values), value)
        case SearchRank(column, type_name, query):
            values.append(search.block_of(type_name))
            return ("search_rank", column, search.shape_of(query, values))
        case column:
            return ("column", column)


def to_sql(shape: OrderShape, numbers: Numbers) -> tuple[Sorted, ...]:
    """The keys of a shape, with parameters in the order of its values."""
    return tuple(
        _sorted(by, (is_descending, is_nullable, is_null_first), f"order_{at}", numbers)
        for at, (by, is_descending, is_nullable, is_null_first) in enumerate(shape)
    )


def _sorted(by: Shape, flags: tuple[bool, bool, bool], name: str, numbers: Numbers) -> Sorted:
    match by:
        case ("total", link, part, value):
            totals = _totals(link, part, numbers, value).cte(name)
            join: Any = (totals, totals.c.owner == link.column)
            # No record counts zero, but the sum of nothing is not known.
            if value is not None:
                return Sorted(totals.c.total, *flags, join)
            return Sorted(sa.func.coalesce(totals.c.total, 0), *flags, join, link.column)
        case ("search_rank", column_of_id, query):
            hits = search.hits(f"v{next(numbers)}", query, numbers).alias(name)
            column = sa.func.coalesce(hits.c.score, 0)
            join = (hits, hits.c.record_id == column_of_id)
        case (_, plain):
            column, join = plain, None
    return Sorted(column, *flags, join)


def _totals(
    link: Link, part: Shape, numbers: Numbers, value: sa.ColumnElement[Any] | None
) -> sa.Select[Any]:
    # PostgreSQL sums bigints to a numeric, which no key of a cursor is.
    total = sa.func.count() if value is None else sa.cast(sa.func.sum(value), sa.BigInteger)
    # What is added up stands in the records.
    asked = part if value is None else None
    query = link.select(asked, link.near.label("owner"), total.label("total"))
    satisfied = criteria.to_sql(part, numbers)
    return query.where(satisfied, link.near.is_not(None)).group_by(link.near)
