"""The generic shapes of loading: all rows of a key set, one page per key, counts per key.

A loader never opens a connection: it is handed the operation's reader.
"""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from graph.storage.keys import KEYS, bind_keys
from graph.storage.keyset import Nulls, Position
from graph.storage.order import Order, OrderKey
from graph.storage.read import Reader, Row
from graph.storage.selection import Relation, Selection, Window
from graph.storage.statements import LIMIT, Columns, Span, count_rows, select_rows
from graph.storage.tables import table_of


def related(
    answer: str,
    model: type[SQLModel],
    *,
    by: sa.ColumnElement[Any],
    order: Order,
    through: tuple[type[SQLModel], sa.ColumnElement[bool]] | None = None,
) -> Relation:
    """The rows of `model` whose `by` is among the keys, in `order`."""
    link = (table_of(through[0]), through[1]) if through else None
    return Relation(answer, model.__name__, table_of(model), order, by, link)


def all_rows(answer: str, model: type[SQLModel], *, order: Order) -> Relation:
    """Every row of `model`, in `order`: what a root list or look-up starts from."""
    return Relation(answer, model.__name__, table_of(model), order)


def ascending(*columns: Any) -> Order:
    """An order by these columns; the last is unique."""
    return tuple(OrderKey(column) for column in columns)


def descending(*columns: Any) -> Order:
    """The same, from the highest."""
    return tuple(OrderKey(column, is_descending=True) for column in columns)


def load_rows(
    reader: Reader, selection: Selection, keys: Collection[Any], columns: Columns
) -> list[Row]:
    """The selected rows of all keys, each behind its key; a key's rows are in order.

    With a window at most `size + 1` rows of a key come, the one too many telling that there
    are more; a backward window gives them from its end, and each ends with the values of the
    order's keys. One statement.
    """
    if selection.relation.load:
        return selection.relation.load(reader, selection, keys, columns)
    window = selection.window
    question, values = selection.split()
    statement = select_rows(reader.dialect, question, columns, _span(window))
    bound = _bound(reader, values)
    if selection.relation.match is not None:
        bound[KEYS] = bind_keys(keys, reader.dialect)
    if window:
        bound[LIMIT] = window.size + 1
        bound |= {f"after{at}": value for at, value in enumerate(window.after or ())}
        bound |= {f"before{at}": value for at, value in enumerate(window.before or ())}
    return reader.rows(statement, bound)


def load_counts(reader: Reader, selection: Selection, keys: Collection[Any]) -> dict[Any, int]:
    """How many rows each key has, whatever the window; a key without rows is absent."""
    question, values = selection.split()
    statement = count_rows(reader.dialect, question)
    bound = _bound(reader, values)
    if selection.relation.match is not None:
        bound[KEYS] = bind_keys(keys, reader.dialect)
    return dict(reader.rows(statement, bound))


def _span(window: Window | None) -> Span | None:
    if window is None:
        return None
    return Span(window.is_backward, _nulls(window.after), _nulls(window.before))


def _nulls(position: Position | None) -> Nulls | None:
    return None if position is None else tuple(value is None for value in position)


def _bound(reader: Reader, values: list[Any]) -> dict[str, Any]:
    return {
        f"v{at}": bind_keys(value, reader.dialect) if isinstance(value, tuple) else value
        for at, value in enumerate(values)
    }
