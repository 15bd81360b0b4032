"""Which rows are meant: conditions as plain data, compiled to SQL in this one place.

A criterion is split into its shape (columns and operators, which decide the text of the
statement) and its values (which are bound), so that the same question with other values
finds the compiled statement again. Whatever is not GraphQL can build criteria as well.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from graph.storage.keys import is_among


@dataclass(frozen=True, slots=True)
class Compare:
    """`column operator value`; the value of `in` and `not_in` is a tuple of values.

    A null column satisfies no comparison, not even `ne` and `not_in`; `is_null` finds it.
    """

    column: sa.ColumnElement[Any]
    operator: str
    value: Any


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold; true without parts."""

    parts: tuple["Criterion", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds; false without parts."""

    parts: tuple["Criterion", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold; where it compares a null it does not hold, so this is true."""

    part: "Criterion"


@dataclass(frozen=True, slots=True)
class Related:
    """`column` is the `key` of a row for which the part holds."""

    column: sa.ColumnElement[Any]
    key: sa.ColumnElement[Any]
    part: "Criterion"


@dataclass(frozen=True, slots=True)
class FirstOf:
    """`column` is the key that the first of these look-ups to find anything finds.

    Each look-up is a unique `key` column and the condition that picks its row.
    """

    column: sa.ColumnElement[Any]
    lookups: tuple[tuple[sa.ColumnElement[Any], "Criterion"], ...]


Criterion = Compare | Every | Either | Not | Related | FirstOf
Shape = tuple[Any, ...]
SET_OPERATORS = ("in", "not_in")


def every(*parts: Criterion | None) -> Criterion | None:
    """The conjunction of the given parts; None when nothing is asked."""
    given = tuple(part for part in parts if part is not None)
    return given[0] if len(given) == 1 else Every(given) if given else None


def split(criterion: Criterion | None) -> tuple[Shape, list[Any]]:
    """The shape of a criterion, and its values in the order in which the shape binds them."""
    values: list[Any] = []
    return _shape(criterion, values) if criterion else (), values


def _shape(criterion: Criterion, values: list[Any]) -> Shape:
    match criterion:
        case Compare(column, operator, value):
            values.append(value)
            # `= NULL` and `IS NULL` differ in text, hence in shape.
            return ("compare", column, operator, value if operator == "is_null" else None)
        case Every(parts):
            return ("every", *(_shape(part, values) for part in parts))
        case Either(parts):
            return ("either", *(_shape(part, values) for part in parts))
        case Not(part):
            return ("not", _shape(part, values))
        case Related(column, key, part):
            return ("related", column, key, _shape(part, values))
        case FirstOf(column, lookups):
            found = tuple((key, _shape(part, values)) for key, part in lookups)
            return ("first_of", column, found)


_OPERATORS: dict[str, Callable[[Any, Any], sa.ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "ne": lambda column, value: column != value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
}


def to_sql(shape: Shape) -> sa.ColumnElement[bool]:
    """The condition of a shape, with parameters `v0`, `v1` … in the order of its values."""
    if not shape:
        return sa.true()
    return _to_sql(shape, iter(range(1_000_000)))


def _to_sql(shape: Shape, numbers: Any) -> sa.ColumnElement[bool]:
    match shape:
        case ("compare", column, operator, constant):
            return _comparison(column, operator, constant, f"v{next(numbers)}")
        case ("every", *parts):
            return sa.and_(sa.true(), *(_to_sql(part, numbers) for part in parts))
        case ("either", *parts):
            return sa.or_(sa.false(), *(_to_sql(part, numbers) for part in parts))
        case ("not", part):
            # NOT of an unknown is unknown in SQL; here what does not hold, does not.
            return sa.not_(sa.func.coalesce(_to_sql(part, numbers), sa.false()))
        case ("related", column, key, part):
            is_other: sa.ColumnElement[bool] = column.in_(
                sa.select(key).where(_to_sql(part, numbers))
            )
            return is_other
        case ("first_of", column, lookups):
            found = [
                sa.select(key)
                .where(_to_sql(part, numbers))
                .limit(sa.literal_column("1"))
                .scalar_subquery()
                for key, part in lookups
            ]
            is_found: sa.ColumnElement[bool] = column == sa.func.coalesce(*found)
            return is_found
        case _:
            raise ValueError(f"no shape of a criterion: {shape!r}")


def _comparison(
    column: sa.ColumnElement[Any], operator: str, constant: Any, name: str
) -> sa.ColumnElement[bool]:
    if operator == "is_null":
        return column.is_(None) if constant else column.is_not(None)
    if operator in SET_OPERATORS:
        found = is_among(column, name)
        return found if operator == "in" else sa.and_(column.is_not(None), sa.not_(found))
    return _OPERATORS[operator](column, sa.bindparam(name, type_=column.type))
