"""What a list or a look-up asks for, as plain data: rows of a relation, which, in what order.

A resolver returns a selection and runs nothing; an executor reads it for all parents at once.
"""

from dataclasses import dataclass, field, replace
from typing import Any, Self

import sqlalchemy as sa

from graph.storage.criteria import Criterion


@dataclass(frozen=True, slots=True)
class OrderKey:
    """A column of the order; no column of an order is null."""

    column: sa.ColumnElement[Any]
    is_descending: bool = False


Order = tuple[OrderKey, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """One question: the rows of `target` that belong to a key.

    `match` is the column that equals the key; None for a root, where every row belongs.
    `through` joins a link table that holds `match`. The last key of `order` is unique, and
    all keys have one direction, so that a page starts with one range of an index.
    """

    name: str
    type_name: str
    target: sa.FromClause
    order: Order
    match: sa.ColumnElement[Any] | None = None
    through: tuple[sa.FromClause, sa.ColumnElement[bool]] | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A page: `size` rows after or before a position, from the start or (`last`) the end.

    A position holds the values of the order's columns at a row.
    """

    size: int
    is_backward: bool = False
    after: tuple[Any, ...] | None = None
    before: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of a relation that satisfy `where`, whole or by a window.

    `parent` is the record whose rows are asked for when records are resolved one by one;
    it is no part of the question and does not take part in comparisons.
    """

    relation: Relation
    where: Criterion | None = None
    window: Window | None = None
    parent: Any = field(default=None, compare=False)

    def of(self, parent: Any) -> Self:
        """The same question for one parent."""
        return replace(self, parent=parent)
