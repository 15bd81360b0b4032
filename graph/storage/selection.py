"""What a list or a look-up asks for, as plain data: rows of a relation, which, in what order.

A resolver returns a selection and runs nothing; an executor reads it for all parents at once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol, Self

import sqlalchemy as sa

from graph.storage import criteria, order
from graph.storage.criteria import Criterion, Shape
from graph.storage.order import Order, OrderShape

# The key of all rows of a root.
ROOT_KEY = 1


class Source(Protocol):
    """Rows that no table holds: they are made, by name, ahead of the statement.

    The first item of its shape makes them: it takes the rest of the shape, the numbers of
    the values, the names of the columns that are needed and the dialect, and gives the
    common table expressions that the relation's target names.
    """

    def shape_of(self, values: list[Any]) -> Shape:
        """The shape of the source; its values are added to `values`."""


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """One question: the rows of `target` that belong to a key.

    `match` is the column that equals the key; None for a root, where every row belongs.
    `through` joins a link table that holds `match`. The last key of `order` is unique, and
    all its keys are plain, never null and of one direction, so that a page starts with one
    range of an index. `load` reads the rows in its own way, by more than one statement: it
    takes the reader, the selection, the keys and the columns. `otherwise` is asked for keys
    without a row, where records of any type are. In a log a place means the same whatever is
    left out, so its cursors belong to no filter.
    """

    name: str
    type_name: str
    target: sa.FromClause
    order: Order
    match: sa.ColumnElement[Any] | None = None
    through: tuple[sa.FromClause, sa.ColumnElement[bool]] | None = None
    load: Callable[..., list[tuple[Any, ...]]] | None = None
    otherwise: "Relation | None" = None
    is_log: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """A page: `size` rows after or before a position, from the start or (`last`) the end.

    A position holds the values of the order's keys at a row.
    """

    size: int
    is_backward: bool = False
    after: tuple[Any, ...] | None = None
    before: tuple[Any, ...] | None = None


class Question(NamedTuple):
    """What decides the text of a statement: everything of a selection but its values."""

    relation: Relation
    where: Shape
    order: OrderShape
    source: Shape


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of a relation that satisfy `where`, whole or by a window.

    `order` replaces the order of the relation; it ends with a unique key as well. `source`
    makes the rows of a relation that is no table. `parent` is the record whose rows are
    asked for when records are resolved one by one; it is no part of the question and does
    not take part in comparisons.
    """

    relation: Relation
    where: Criterion | None = None
    window: Window | None = None
    order: Order = ()
    source: Source | None = None
    parent: Any = field(default=None, compare=False)

    def of(self, parent: Any) -> Self:
        """The same question for one parent."""
        return replace(self, parent=parent)

    @property
    def sorted_by(self) -> Order:
        """The order that its rows come in."""
        return self.order or self.relation.order

    def split(self) -> tuple[Question, list[Any]]:
        """What decides the text of its statements, and the values to bind, in order."""
        values: list[Any] = []
        return self.question(values), values

    def question(self, values: list[Any]) -> Question:
        """What decides the text of its statements; the values to bind are added to `values`."""
        source = self.source.shape_of(values) if self.source else ()
        sorted_by = order.shape_of(self.order, values)
        where = criteria.shape_of(self.where, values)
        return Question(self.relation, where, sorted_by, source)
