"""The ways to declare a field: one line each, the same for both executors."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
import strawberry

from graph.execution.declaration import (
    METADATA_KEY,
    PRICE_KEY,
    Cardinality,
    Column,
    Declaration,
    Edge,
    Embedded,
    Items,
    Price,
)
from graph.storage.selection import Relation, Selection

ReadItems = Callable[[Any], list[dict[str, Any]]]


def column(
    source: sa.ColumnElement[Any],
    description: str,
    convert: Callable[[Any], Any] | None = None,
) -> Any:
    """A value of the record itself."""
    return _value(Column((source,), convert), description)


def computed(
    sources: tuple[sa.ColumnElement[Any], ...],
    description: str,
    convert: Callable[..., Any],
    price: Price | None = None,
) -> Any:
    """A value made of several of the record itself."""
    return _value(Column(sources, convert), description, price)


def _value(declared: Column, description: str, price: Price | None = None) -> Any:

    def resolve(root: Any):  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
        return declared.read(root)

    return declare(declared, resolve, description, price)


def embedded(present: sa.ColumnElement[Any], description: str) -> Any:
    """An object made of columns of the same record; null when `present` is null."""
    shown = Column((present,))

    def resolve(root: Any):  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
        return None if shown.read(root) is None else root

    return declare(Embedded(present), resolve, description)


def items(source: sa.ColumnElement[Any], description: str, read: ReadItems) -> Any:
    """Objects made of a value of the record itself; `read` names what each holds."""
    declared = Items(source, read)

    def resolve(root: Any):  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
        value = getattr(root, source.key or "")
        return [SimpleNamespace(**item) for item in read(value)]

    return declare(declared, resolve, description)


def to_one(relation: Relation, key: sa.ColumnElement[Any], description: str) -> Any:
    """The record that `key` of this one leads to."""
    return _edge(Edge(Cardinality.ONE, key), Selection(relation), description)


def to_value(
    relation: Relation,
    key: sa.ColumnElement[Any],
    item: sa.ColumnElement[Any],
    description: str,
    price: Price | None = None,
) -> Any:
    """One value of the record that `key` of this one leads to."""
    edge = Edge(Cardinality.ONE, key, Column((item,)))
    return _edge(edge, Selection(relation), description, price)


def to_values(
    relation: Relation, key: sa.ColumnElement[Any], item: sa.ColumnElement[Any], description: str
) -> Any:
    """One value of each record that belongs to `key` of this one."""
    edge = Edge(Cardinality.LIST, key, Column((item,)))
    return _edge(edge, Selection(relation), description)


def _edge(edge: Edge, selection: Selection, description: str, price: Price | None = None) -> Any:
    def resolve(root: Any):  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
        return selection.of(root)

    return declare(edge, resolve, description, price)


def declare(
    declared: Declaration,
    resolve: Callable[..., Any],
    description: str,
    price: Price | None = None,
) -> Any:
    """A field with its declaration, by which the breadth-first executor knows it.

    `price` where it costs other than is usual for its kind.
    """
    metadata = {METADATA_KEY: declared, PRICE_KEY: price}
    return strawberry.field(resolver=resolve, description=description, metadata=metadata)
