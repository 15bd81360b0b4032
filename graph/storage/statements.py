"""Statements of selections: composed once per shape, kept as text, executed with values.

The first column of every row is the key that the row belongs to (1 for a root).
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg

from graph.storage import criteria, order
from graph.storage.criteria import Numbers
from graph.storage.keys import KEYS, each_key, is_among
from graph.storage.keyset import Nulls, beyond
from graph.storage.order import OrderKey, Sorted
from graph.storage.selection import ROOT_KEY, Question, Relation

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
    """The shape of a window: which bounds it has, what of them is null, where it starts."""

    is_backward: bool
    after: Nulls | None
    before: Nulls | None


# Shapes that callers can vary are bounded by the document limits; 2,048 texts are some 4 MB.
@lru_cache(maxsize=2048)
def select_rows(dialect: str, question: Question, columns: Columns, span: Span | None) -> Statement:
    """All rows of each key in order, or with a span at most `size` rows of each.

    Rows of a span end with the values of the order's keys, of which cursors are made.
    """
    if span and not question.order:
        question = _listed(question)
    relation = question.relation
    is_scan = relation.match is None and span is not None and not question.order
    parts = _Parts(question, dialect, columns, is_scan=is_scan)
    if relation.match is None and span and parts.keys[0].counted is not None:
        query = _select_by_count(parts, columns, span)
    elif relation.match is None:
        query = parts.rows(sa.literal_column(str(ROOT_KEY)), columns, span)
        query = parts.windowed(query, span)
    elif span is None:
        query = parts.rows(relation.match, columns, span)
        query = query.where(is_among(relation.match, KEYS), *parts.where)
        query = query.order_by(*parts.order_within_keys())
    elif question.order or question.source or _is_of_link(relation):
        query = _select_ranked(parts, columns, span)
    else:
        query = _select_pages(dialect, parts, columns, span)
    return compiled(parts.with_source(query), dialect)


def _listed(question: Question) -> Question:
    """The same question of a root, asked of a listing that holds its rows in order, where one does.

    So a page is a range of one index, whatever part of all rows the listing has.
    """
    relation = question.relation
    found = criteria.listed(question.where) if relation.match is None else None
    if found is None:
        return question
    listing, where = found
    through = (listing.table, listing.key == relation.target.c.id)
    order = tuple(replace(key, by=listing.table.c[_name_of(key)]) for key in relation.order)
    return question._replace(where=where, relation=replace(relation, through=through, order=order))


@lru_cache(maxsize=2048)
def count_rows(dialect: str, question: Question) -> Statement:
    """How many rows each key has; a key without rows is absent."""
    parts = _Parts(question, dialect, ())
    match = question.relation.match
    if match is None:
        query = parts.joined(sa.literal_column(str(ROOT_KEY)), sa.func.count()).where(*parts.where)
    else:
        query = parts.joined(match, sa.func.count())
        query = query.where(is_among(match, KEYS), *parts.where).group_by(match)
    return compiled(parts.with_source(query), dialect)


class _Parts:
    """The parts of a question as SQL; parameters are numbered as its values are."""

    def __init__(
        self, question: Question, dialect: str, columns: Columns, *, is_scan: bool = False
    ) -> None:
        numbers = Numbers(is_scan=is_scan)
        self.relation = question.relation
        self.is_own_order = not question.order
        sorted_by = [by for ((_, by, *_), *_) in question.order if isinstance(by, sa.ColumnElement)]
        needed = {str(column.key) for column in (*columns, *sorted_by)}
        self.source = _source(question.source, numbers, needed, dialect)
        self.keys = (
            order.to_sql(question.order, numbers)
            if question.order
            else tuple(_plain(key) for key in self.relation.order)
        )
        # Nothing to satisfy, nothing to write.
        self.where = [criteria.to_sql(question.where, numbers)] if question.where else []

    def sorted_by(self, keys: tuple[Sorted, ...]) -> "_Parts":
        """The same parts in another order."""
        other = copy(self)
        other.keys = keys
        return other

    def with_source(self, query: sa.Select[Any]) -> sa.Select[Any]:
        """The query, preceded by what makes the rows of its relation."""
        return query.add_cte(*self.source) if self.source else query

    def joined(self, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
        """Columns of the relation's target and link table."""
        query = sa.select(*columns).select_from(self.relation.target)
        return query.join(*self.relation.through) if self.relation.through else query

    def rows(
        self, owner: sa.ColumnElement[Any], columns: Columns, span: Span | None
    ) -> sa.Select[Any]:
        """The key that rows belong to, their columns and, of a span, what they are sorted by."""
        sorted_by = [key.column for key in self.keys] if span else []
        # By position, not by name: two columns may have one name.
        query = self.joined(owner, *columns, *sorted_by)
        for key in self.keys:
            if key.join:
                query = query.outerjoin(*key.join)
        return query

    def bounded(self, query: sa.Select[Any], span: Span) -> sa.Select[Any]:
        """The rows that satisfy the criterion and lie within the bounds of the span."""
        query = query.where(*self.where)
        if span.after:
            query = query.where(beyond(self.keys, span.after, "after", is_reversed=False))
        if span.before:
            query = query.where(beyond(self.keys, span.before, "before", is_reversed=True))
        return query

    def windowed(self, query: sa.Select[Any], span: Span | None) -> sa.Select[Any]:
        """The rows of the span in order, or all of them."""
        if span is None:
            return query.where(*self.where).order_by(*self.order_by(is_reversed=False))
        query = self.bounded(query, span).order_by(*self.order_by(is_reversed=span.is_backward))
        return query.limit(_size())

    def order_by(self, *, is_reversed: bool) -> list[sa.ColumnElement[Any]]:
        """The parts of ORDER BY."""
        return [key.clause(is_reversed=is_reversed) for key in self.keys]

    def order_within_keys(self) -> list[sa.ColumnElement[Any]]:
        """The order of rows that are told apart by their key afterwards.

        A unique key has one row. Where one index holds key and order, reading key by key
        spares the sort, which costs as much as the reading.
        """
        match = self.relation.match
        if not self.is_own_order or not isinstance(match, sa.Column):
            return self.order_by(is_reversed=False)
        if match.primary_key or match.unique:
            return []
        first = self.keys[0]
        leading = []
        if isinstance(first.column, sa.Column) and first.column.table is match.table:
            leading = [match.desc() if first.is_descending else match.asc()]
        return [*leading, *self.order_by(is_reversed=False)]


def _source(
    shape: criteria.Shape, numbers: Numbers, needed: set[str], dialect: str
) -> list[sa.CTE]:
    if not shape:
        return []
    make, *rest = shape
    made: list[sa.CTE] = make(tuple(rest), numbers, needed, dialect)
    return made


def _name_of(key: OrderKey) -> str:
    """The name of the column that a relation is ordered by."""
    assert isinstance(key.by, sa.ColumnElement)  # noqa: S101  # relations order by columns
    return str(key.by.key)


def _plain(key: OrderKey) -> Sorted:
    return Sorted(key.by, key.is_descending, is_nullable=False, is_null_first=False)  # type: ignore[arg-type]  # relations order by columns


def _is_of_link(relation: Relation) -> bool:
    """Whether the order is by columns of the link table."""
    first = relation.order[0].by
    return isinstance(first, sa.ColumnElement) and first.table is not relation.target


def _size() -> sa.BindParameter[int]:
    return sa.bindparam(LIMIT, type_=sa.Integer)


def _select_pages(dialect: str, parts: _Parts, columns: Columns, span: Span) -> sa.Select[Any]:
    # Each key's page is read from the index and cut there: a key with 100,000 rows costs no
    # more than one with 10. A window function would number all rows of every key first.
    relation = parts.relation
    assert relation.match is not None  # noqa: S101  # the caller's branch
    keys = each_key(KEYS, relation.match, dialect)
    is_lateral = dialect == "postgresql"
    sorted_by = [key.column for key in parts.keys]
    needed = dict.fromkeys((*columns, *sorted_by))
    page = parts.joined(*needed) if is_lateral else parts.joined(relation.target.c.id)
    page = page.where(relation.match == keys.c.value).correlate(keys)
    page = parts.windowed(page, span)
    rows: sa.FromClause
    is_of_page: sa.ColumnElement[bool] = sa.true()
    if is_lateral:
        rows = page.lateral("page")
    else:  # SQLite has no LATERAL, but reads a list of ids per key just so
        rows = relation.target.alias("page")
        is_of_page = rows.c.id.in_(page)
    shown = [rows.c[str(column.key)] for column in (*columns, *sorted_by)]
    query = sa.select(keys.c.value, *shown).select_from(keys).join(rows, is_of_page)
    of_page = [replace(key, column=rows.c[str(key.column.key)]) for key in parts.keys]
    return query.order_by(*(key.clause(is_reversed=span.is_backward) for key in of_page))


def _select_by_count(parts: _Parts, columns: Columns, span: Span) -> sa.Select[Any]:
    # Few rows have anything to count, and the order of the others is that of the next keys,
    # which an index may hold: two pages, merged. To count for all rows is 90 times slower.
    first, *others = parts.keys
    assert first.join is not None  # noqa: S101  # a count has one
    assert first.counted is not None  # noqa: S101  # the caller's branch
    counts, is_owner = first.join
    some = replace(first, column=counts.c.total, join=None)
    none = replace(first, column=sa.literal_column("0", sa.Integer), join=None)
    has_none = first.counted.not_in(sa.select(counts.c.owner))
    pages = [
        _page_of(parts.sorted_by((some, *others)), columns, span).join(counts, is_owner),
        _page_of(parts.sorted_by((none, *others)), columns, span, is_first_constant=True).where(
            has_none
        ),
    ]
    both = sa.union_all(*(sa.select(page.subquery()) for page in pages)).subquery("both")
    shown = [both.c[f"c{at}"] for at in range(len(columns) + len(parts.keys))]
    merged = parts.sorted_by(
        tuple(
            replace(key, column=column)
            for key, column in zip(parts.keys, shown[len(columns) :], strict=True)
        )
    )
    query = sa.select(sa.literal_column(str(ROOT_KEY)), *shown)
    return query.order_by(*merged.order_by(is_reversed=span.is_backward)).limit(_size())


def _page_of(
    parts: _Parts, columns: Columns, span: Span, *, is_first_constant: bool = False
) -> sa.Select[Any]:
    """A page whose columns and keys are named `c0`, `c1` … ."""
    shown = (*columns, *(key.column for key in parts.keys))
    named = [column.label(f"c{at}") for at, column in enumerate(shown)]
    query = parts.bounded(parts.rows(named[0], tuple(named[1:]), None), span)
    # An index is not seen behind a key that is the same for all rows.
    order_by = parts.order_by(is_reversed=span.is_backward)[is_first_constant:]
    return query.order_by(*order_by).limit(_size())


def _select_ranked(parts: _Parts, columns: Columns, span: Span) -> sa.Select[Any]:
    # No index holds this order, so all rows of the keys are sorted once, and numbered.
    match = parts.relation.match
    assert match is not None  # noqa: S101  # the caller's branch
    place = sa.func.row_number().over(
        partition_by=match, order_by=parts.order_by(is_reversed=span.is_backward)
    )
    wanted = (*columns, *(key.column for key in parts.keys))
    labelled = tuple(column.label(f"c{at}") for at, column in enumerate(wanted))
    query = parts.rows(match.label("owner"), (*labelled, place.label("place")), None)
    query = parts.bounded(query.where(is_among(match, KEYS)), span)
    ranked = query.subquery("ranked")
    shown = [ranked.c[f"c{at}"] for at in range(len(wanted))]
    query = sa.select(ranked.c.owner, *shown).where(ranked.c.place <= _size())
    return query.order_by(ranked.c.place)


def compiled(query: sa.Select[Any], dialect: str) -> Statement:
    """The statement of a query, for the driver of an engine."""
    made = query.compile(dialect=_DIALECTS[dialect], compile_kwargs={"render_postcompile": True})
    positions = made.positiontup
    constants = {name: value for name, value in made.params.items() if value is not None}
    return Statement(str(made), tuple(positions) if positions is not None else None, constants)
