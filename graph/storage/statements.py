"""Statements of selections: composed once per shape, kept as text, executed with values.

The first column of every row is the key that the row belongs to (1 for a root).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg

from graph.storage import criteria
from graph.storage.keys import each_key, is_among
from graph.storage.keyset import beyond
from graph.storage.selection import Order, OrderKey, Relation

ROOT_KEY = 1
KEYS = "keys"
LIMIT = "size"

# psycopg's own rendering of parameters and casts; nothing is connected here.
_DIALECTS: Mapping[str, sa.Dialect] = {
    "sqlite": sqlite.dialect(paramstyle="qmark"),
    "postgresql": psycopg.PGDialect_psycopg(),  # type: ignore[no-untyped-call]  # SQLAlchemy's
}
Columns = tuple[sa.ColumnElement[Any], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """The text of a statement for one driver, and the names of its positional parameters.

    `constants` are parameters that SQLAlchemy adds by itself, such as SQLite's `OFFSET 0`.
    """

    text: str
    positions: tuple[str, ...] | None
    constants: Mapping[str, Any]

    def bind(self, values: dict[str, Any]) -> Any:
        """The parameters in the form that the driver wants."""
        if self.constants:
            values = {**self.constants, **values}
        if self.positions is None:
            return values
        return [values[name] for name in self.positions]


@dataclass(frozen=True, slots=True)
class Span:
    """The shape of a window: which bounds it has and where it starts."""

    is_backward: bool
    has_after: bool
    has_before: bool


# Shapes that callers can vary are bounded by the document limits; 2,048 texts are some 4 MB.
@lru_cache(maxsize=2048)
def select_rows(
    dialect: str,
    relation: Relation,
    columns: Columns,
    where: criteria.Shape,
    span: Span | None,
) -> Statement:
    """All rows of each key in order, or with a span at most `size` rows of each."""
    if relation.match is None:
        query = _joined(relation, sa.literal_column(str(ROOT_KEY)), *columns)
        query = _windowed(query, relation.order, where, span)
    elif span is None:
        query = _joined(relation, relation.match, *columns)
        query = query.where(is_among(relation.match, KEYS))
        query = _windowed(query, _order_within_keys(relation), where, None)
    else:
        query = _select_pages(dialect, relation, columns, where, span)
    return _compiled(query, dialect)


@lru_cache(maxsize=2048)
def count_rows(dialect: str, relation: Relation, where: criteria.Shape) -> Statement:
    """How many rows each key has; a key without rows is absent."""
    if relation.match is None:
        query = _joined(relation, sa.literal_column(str(ROOT_KEY)), sa.func.count())
        return _compiled(query.where(criteria.to_sql(where)), dialect)
    query = _joined(relation, relation.match, sa.func.count())
    query = query.where(is_among(relation.match, KEYS), criteria.to_sql(where))
    return _compiled(query.group_by(relation.match), dialect)


def _joined(relation: Relation, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    query = sa.select(*columns).select_from(relation.target)
    return query.join(*relation.through) if relation.through else query


def _windowed(
    query: sa.Select[Any], order: Order, where: criteria.Shape, span: Span | None
) -> sa.Select[Any]:
    if where:
        query = query.where(criteria.to_sql(where))
    if span is None:
        return query.order_by(*_order_by(order, is_reversed=False))
    if span.has_after:
        query = query.where(beyond(order, "after", is_reversed=False))
    if span.has_before:
        query = query.where(beyond(order, "before", is_reversed=True))
    query = query.order_by(*_order_by(order, is_reversed=span.is_backward))
    return query.limit(sa.bindparam(LIMIT, type_=sa.Integer))


def _order_by(order: Order, *, is_reversed: bool) -> list[sa.ColumnElement[Any]]:
    return [
        key.column.desc() if key.is_descending != is_reversed else key.column.asc() for key in order
    ]


def _order_within_keys(relation: Relation) -> Order:
    """The order of rows that are told apart by their key afterwards.

    A unique key has one row. Where one index holds key and order, reading key by key spares
    the sort, which costs as much as the reading.
    """
    match = relation.match
    if not isinstance(match, sa.Column) or match.primary_key or match.unique:
        return ()
    first = relation.order[0]
    if isinstance(first.column, sa.Column) and first.column.table is match.table:
        return (OrderKey(match, first.is_descending), *relation.order)
    return relation.order


def _select_pages(
    dialect: str, relation: Relation, columns: Columns, where: criteria.Shape, span: Span
) -> sa.Select[Any]:
    # Each key's page is read from the index and cut there: a key with 100,000 rows costs no
    # more than one with 10. A window function would number all rows of every key first.
    assert relation.match is not None  # noqa: S101  # the caller's branch
    keys = each_key(KEYS, relation.match, dialect)
    is_lateral = dialect == "postgresql"
    needed = dict.fromkeys((*columns, *(key.column for key in relation.order)))
    page = _joined(relation, *needed) if is_lateral else _joined(relation, relation.target.c.id)
    page = page.where(relation.match == keys.c.value).correlate(keys)
    page = _windowed(page, relation.order, where, span)
    rows: sa.FromClause
    is_of_page: sa.ColumnElement[bool] = sa.true()
    if is_lateral:
        rows = page.lateral("page")
    else:  # SQLite has no LATERAL, but reads a list of ids per key just so
        rows = relation.target.alias("page")
        is_of_page = rows.c.id.in_(page)
    query = sa.select(keys.c.value, *(_of(rows, column) for column in columns))
    query = query.select_from(keys).join(rows, is_of_page)
    return query.order_by(*_order_by(_order_of(rows, relation.order), is_reversed=span.is_backward))


def _order_of(rows: sa.FromClause, order: Order) -> Order:
    return tuple(OrderKey(_of(rows, key.column), key.is_descending) for key in order)


def _of(rows: sa.FromClause, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return rows.c[str(column.key)]


def _compiled(query: sa.Select[Any], dialect: str) -> Statement:
    compiled = query.compile(
        dialect=_DIALECTS[dialect], compile_kwargs={"render_postcompile": True}
    )
    positions = compiled.positiontup
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    return Statement(str(compiled), tuple(positions) if positions is not None else None, constants)
