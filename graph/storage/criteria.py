"""Which rows are meant: conditions as plain data, compiled to SQL in this one place.

A criterion is split into its shape (columns and operators, which decide the text of the
statement) and its values (which are bound), so that the same question with other values
finds the compiled statement again. Whatever is not GraphQL can build criteria as well.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import sqlalchemy as sa

from graph.domain.text import SearchQuery
from graph.storage import search
from graph.storage.keys import is_among

Shape = tuple[Any, ...]


class Numbers(Iterator[int]):
    """Numbers of parameters, from 0; `is_scan` where rows are read in an index's order.

    Such a page ends with its last row, so what most rows satisfy is best asked row by row.
    """

    def __init__(self, *, is_scan: bool = False) -> None:
        self._numbers = count()
        self.is_scan = is_scan

    def __next__(self) -> int:
        return next(self._numbers)


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """The way from a record to others: its `column` is their `near`.

    Through a link table `near` is its column for this record, `far` the one for the other,
    whose `key` it is.
    """

    column: sa.ColumnElement[Any]
    near: sa.ColumnElement[Any]
    far: sa.ColumnElement[Any] | None = None
    key: sa.ColumnElement[Any] | None = None

    def select(self, part: Shape | None, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
        """Columns of the records, and of the link table, from wherever they lead.

        Where `part` asks nothing of the records, the link table tells that there is one; None
        says that more is wanted of them.
        """
        query = sa.select(*columns).select_from(self.near.table)
        if part not in ANYTHING and self.far is not None and self.key is not None:
            query = query.join(self.key.table, self.far == self.key)
        # The same table may stand outside: what stands here is another row of it.
        return query.correlate(None)

    def exists(self) -> sa.ColumnElement[bool]:
        """Whether the link leads anywhere."""
        linked = self.near.table.alias("linked")
        is_linked = linked.c[str(self.near.key)] == self.column
        return sa.exists().select_from(linked).where(is_linked).correlate(self.column.table)


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A table that holds who is at the other end of a link, in the order of their list.

    `key` is the record's; `columns` are those of the other end, with what repeats them here.
    The columns of the list's order have the same names.
    """

    table: sa.FromClause
    key: sa.ColumnElement[Any]
    columns: Mapping[sa.ColumnElement[Any], sa.ColumnElement[Any]]


class _Condition:
    """Shared by all criteria: they can be split into a shape and values."""

    __slots__ = ()

    def shape(self, values: list[Any]) -> Shape:
        """What makes the SQL, and its arguments; the values to bind are added to `values`."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Compare(_Condition):
    """`column operator value`; the value of `in` and `not_in` is a tuple of values.

    A null column satisfies no comparison, not even `ne` and `not_in`; `is_null` finds it.
    """

    column: sa.ColumnElement[Any]
    operator: str
    value: Any

    def shape(self, values: list[Any]) -> Shape:
        """`= NULL` and `IS NULL` differ in text, hence in shape."""
        values.append(self.value)
        constant = self.value if self.operator == "is_null" else None
        return (_compare, self.column, self.operator, constant)


@dataclass(frozen=True, slots=True)
class Every(_Condition):
    """All parts hold; true without parts."""

    parts: tuple["Criterion", ...]

    def shape(self, values: list[Any]) -> Shape:
        """The shapes of the parts."""
        return (_every, *(part.shape(values) for part in self.parts))


@dataclass(frozen=True, slots=True)
class Either(_Condition):
    """At least one part holds; false without parts."""

    parts: tuple["Criterion", ...]

    def shape(self, values: list[Any]) -> Shape:
        """The shapes of the parts."""
        return (_either, *(part.shape(values) for part in self.parts))


@dataclass(frozen=True, slots=True)
class Not(_Condition):
    """The part does not hold; where it compares a null it does not hold, so this is true."""

    part: "Criterion"

    def shape(self, values: list[Any]) -> Shape:
        """The shape of the part."""
        return (_not, self.part.shape(values))


@dataclass(frozen=True, slots=True)
class Named(_Condition):
    """A part that answers to a name, so that a question can be asked again without it."""

    name: str
    part: "Criterion"

    def shape(self, values: list[Any]) -> Shape:
        """The shape of the part: a name is nothing to SQL."""
        return self.part.shape(values)


@dataclass(frozen=True, slots=True)
class Related(_Condition):
    """The part holds for at least one record at the other end of the link.

    `is_wide` says that it does for a large part of all, such as those of a région; the link
    then leads to another table. `listing` is where to read them in order.
    """

    link: Link
    part: "Criterion"
    is_wide: bool = False
    listing: Listing | None = None

    def shape(self, values: list[Any]) -> Shape:
        """The link, the shape of the part and the listing."""
        return (_related, self.link, self.part.shape(values), self.is_wide, self.listing)


@dataclass(frozen=True, slots=True)
class Counted(_Condition):
    """So many records at the other end satisfy the part; comparisons are (operator, value).

    A record whose link is null has no number, and satisfies no comparison.
    """

    link: Link
    part: "Criterion | None"
    comparisons: tuple[tuple[str, Any], ...]

    def shape(self, values: list[Any]) -> Shape:
        """The link, the part, the operators, and whether having none is enough.

        Records without any are not among the counted ones, so that is decided here.
        """
        part = shape_of(self.part, values)
        values.extend(value for _, value in self.comparisons)
        holds_for_none = all(_HOLDS[operator](0, value) for operator, value in self.comparisons)
        operators = tuple(operator for operator, _ in self.comparisons)
        return (_counted, self.link, part, operators, holds_for_none)


@dataclass(frozen=True, slots=True)
class FirstOf(_Condition):
    """`column` is the key that the first of these look-ups to find anything finds.

    Each look-up is a `key` column and the condition that picks its only row.
    """

    column: sa.ColumnElement[Any]
    lookups: tuple[tuple[sa.ColumnElement[Any], "Criterion"], ...]

    def shape(self, values: list[Any]) -> Shape:
        """The column, and the key and condition of each look-up."""
        return (
            _first_of,
            self.column,
            tuple((key, part.shape(values)) for key, part in self.lookups),
        )


@dataclass(frozen=True, slots=True)
class Matches(_Condition):
    """`column` is the id of a record of this type that a search finds."""

    column: sa.ColumnElement[Any]
    type_name: str
    query: SearchQuery

    def shape(self, values: list[Any]) -> Shape:
        """The column and the shape of the search."""
        values.append(search.block_of(self.type_name))
        return (_matches, self.column, search.shape_of(self.query, values))


Criterion = Compare | Every | Either | Not | Named | Related | Counted | FirstOf | Matches
SET_OPERATORS = ("in", "not_in")


def every(*parts: Criterion | None) -> Criterion | None:
    """The conjunction of the given parts; None when nothing is asked."""
    given = tuple(part for part in parts if part is not None)
    return given[0] if len(given) == 1 else Every(given) if given else None


def without(criterion: Criterion | None, name: str) -> Criterion | None:
    """The criterion less the conditions of a name that must all hold."""
    match criterion:
        case Named(own, _) if own == name:
            return None
        case Every(parts):
            return every(*(without(part, name) for part in parts))
        case _:
            return criterion


def named(criterion: Criterion | None, name: str) -> list[Criterion]:
    """The conditions of a name that must all hold."""
    match criterion:
        case Named(own, part) if own == name:
            return [part]
        case Every(parts):
            return [found for part in parts for found in named(part, name)]
        case _:
            return []


def split(criterion: Criterion | None) -> tuple[Shape, list[Any]]:
    """The shape of a criterion, and its values in the order in which the shape binds them."""
    values: list[Any] = []
    return shape_of(criterion, values), values


def shape_of(criterion: Criterion | None, values: list[Any]) -> Shape:
    """The shape of a criterion, empty for None; its values are added to `values`."""
    return criterion.shape(values) if criterion else ()


_HOLDS: dict[str, Callable[[int, Any], bool]] = {
    "eq": lambda number, value: number == value,
    "ne": lambda number, value: number != value,
    "lt": lambda number, value: number < value,
    "lte": lambda number, value: number <= value,
    "gt": lambda number, value: number > value,
    "gte": lambda number, value: number >= value,
    "in": lambda number, values: number in values,
    "not_in": lambda number, values: number not in values,
}

_OPERATORS: dict[str, Callable[[Any, Any], sa.ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "ne": lambda column, value: column != value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "contains": lambda column, value: column.like(value, escape="\\"),
}


def to_sql(shape: Shape, numbers: Numbers | None = None) -> sa.ColumnElement[bool]:
    """The condition of a shape, with parameters `v<number>` in the order of its values."""
    if not shape:
        return sa.true()
    make, *rest = shape
    made: sa.ColumnElement[bool] = make(Numbers() if numbers is None else numbers, *rest)
    return made


def _compare(
    numbers: Numbers, column: sa.ColumnElement[Any], operator: str, constant: Any
) -> sa.ColumnElement[bool]:
    return _comparison(column, operator, constant, f"v{next(numbers)}")


def _every(numbers: Numbers, *parts: Shape) -> sa.ColumnElement[bool]:
    return sa.and_(sa.true(), *(to_sql(part, numbers) for part in parts))


# The shapes of what everything satisfies.
ANYTHING: tuple[Shape, ...] = ((), (_every,))


def _either(numbers: Numbers, *parts: Shape) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *(to_sql(part, numbers) for part in parts))


def _not(numbers: Numbers, part: Shape) -> sa.ColumnElement[bool]:
    # NOT of an unknown is unknown in SQL; here what does not hold, does not.
    return sa.not_(sa.func.coalesce(to_sql(part, numbers), sa.false()))


def _related(
    numbers: Numbers,
    link: Link,
    part: Shape,
    is_wide: bool,  # noqa: FBT001  # of the shape
    _listing: Listing | None,
) -> sa.ColumnElement[bool]:
    if part in ANYTHING:  # one look into an index, where a set of all records would be made
        return link.exists()
    if is_wide and numbers.is_scan:
        holds = link.select(part, sa.literal_column("1")).where(
            link.near == link.column, to_sql(part, numbers)
        )
        return holds.correlate(link.column.table).exists()
    return link.column.in_(link.select(part, link.near).where(to_sql(part, numbers)))


def listed(shape: Shape) -> tuple[Listing, Shape] | None:
    """A listing of all that satisfies a condition, and the condition asked of it and its records.

    None where nothing that must hold has one. The values are those of the condition, in order.
    """
    if not shape:
        return None
    make, *rest = shape
    if make is _related:
        _, part, _, listing = rest
        return (listing, _moved(part, listing.columns)) if listing else None
    for at, part in enumerate(rest if make is _every else ()):
        if found := listed(part):
            listing, moved = found
            return listing, (_every, *rest[:at], moved, *rest[at + 1 :])
    return None


def _moved(shape: Shape, columns: Mapping[Any, Any]) -> Shape:
    """The shape with other columns."""
    return tuple(
        _moved(part, columns)
        if isinstance(part, tuple)
        else columns.get(part, part)
        if isinstance(part, sa.ColumnElement)
        else part
        for part in shape
    )


def _counted(
    numbers: Numbers,
    link: Link,
    part: Shape,
    operators: tuple[str, ...],
    holds_for_none: bool,  # noqa: FBT001  # of the shape
) -> sa.ColumnElement[bool]:
    """Who has so many; where none is enough, who is not among those that have another number."""
    satisfied = to_sql(part, numbers)
    number = sa.func.count()
    holds = sa.and_(
        *(_comparison(number, operator, None, f"v{next(numbers)}") for operator in operators)
    )
    counts = link.select(part, link.near).where(satisfied, link.near.is_not(None))
    counts = counts.group_by(link.near)
    if not holds_for_none:
        return link.column.in_(counts.having(holds))
    return sa.and_(link.column.is_not(None), link.column.not_in(counts.having(sa.not_(holds))))


def _first_of(
    numbers: Numbers, column: sa.ColumnElement[Any], lookups: tuple[tuple[Any, Shape], ...]
) -> sa.ColumnElement[bool]:
    found = [
        sa.select(key)
        .where(to_sql(part, numbers))
        .limit(sa.literal_column("1"))
        .correlate(None)
        .scalar_subquery()
        for key, part in lookups
    ]
    return column == (sa.func.coalesce(*found) if len(found) > 1 else found[0])


def _matches(
    numbers: Numbers, column: sa.ColumnElement[Any], query: search.Shape
) -> sa.ColumnElement[bool]:
    hits = search.hits(f"v{next(numbers)}", query, numbers)
    return column.in_(sa.select(hits.c.record_id))


def _comparison(
    column: sa.ColumnElement[Any], operator: str, constant: Any, name: str
) -> sa.ColumnElement[bool]:
    if operator == "is_null":
        return column.is_(None) if constant else column.is_not(None)
    if operator in SET_OPERATORS:
        found = is_among(column, name)
        return found if operator == "in" else sa.and_(column.is_not(None), sa.not_(found))
    return _OPERATORS[operator](column, sa.bindparam(name, type_=column.type))
