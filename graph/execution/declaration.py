"""What a field of the schema stands for in the storage, declared once for both executors."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import sqlalchemy as sa
from graphql import GraphQLArgument, GraphQLField, GraphQLInputField
from strawberry.types.field import StrawberryField

from graph.domain.limits import PAGE_DEFAULT
from graph.storage.read import Reader
from graph.storage.selection import Selection

METADATA_KEY = "terrigraph"
PRICE_KEY = "terrigraph-price"


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A value of the record itself; `convert` turns what is stored into what is shown."""

    columns: tuple[sa.ColumnElement[Any], ...]
    convert: Callable[..., Any] | None = None

    def read(self, record: Any) -> Any:
        """The value to show for a record that has its columns as attributes."""
        values = [getattr(record, column.key or "") for column in self.columns]
        return self.convert(*values) if self.convert else values[0]


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """A value of the record that its list or the arguments must allow.

    The field's resolver returns a `Derived` that makes the function of the columns' values.
    """

    columns: tuple[sa.ColumnElement[Any], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """An object made of columns of the same record; null when `present` is null."""

    present: sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """Objects made of one column, few and small: `read` gives those of a value.

    Their fields are columns of no table, which an item names by their keys.
    """

    column: sa.ColumnElement[Any]
    read: Callable[[Any], list[dict[str, Any]]]


class Cardinality(Enum):
    """How many records an edge leads to."""

    ONE = "one"
    LIST = "list"
    PAGE = "page"


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """Other records, loaded by the value of `key` of this one; a root edge has no key.

    The field's resolver returns a `Selection` and must not look at its parent, so that it
    can be called once for all parents; or a `Derived`, which makes the selection out of that
    of the list where the parent stands. `item` makes plain values out of records.
    """

    cardinality: Cardinality
    key: sa.ColumnElement[Any] | None = None
    item: Column | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """What a resolver answers when it takes the parent's own list to know.

    `make` may raise what the caller is to be told. `parent` is as in a selection.
    """

    make: Callable[[Selection], Any]
    parent: Any = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What a root resolver answers when it takes a look at the data to know.

    `make` takes the reader of the operation and may raise what the caller is to be told, a
    BadUserInput.
    """

    make: Callable[[Reader], Selection]


@dataclass(frozen=True, slots=True)
class RecordOfUid:
    """The record that a global id in the edge's key leads to, of whatever type."""

    parent: Any = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Price:
    """What a field costs: `once` for asking, `per_row` for each row that it leads to.

    So many `rows` are expected where the arguments do not say, and `most` whatever they say; a
    list in the argument `keys` says it by its length. A point is some 10 µs of a processor.
    """

    once: int = 10
    per_row: int = 1
    rows: int = 1
    most: int = 1
    keys: str | None = None


@dataclass(frozen=True, slots=True)
class Surcharge:
    """What an argument or a field of an input costs where it is given.

    `once`, however many parents there are, and `per_parent`; of a list, for each item.
    """

    once: int = 0
    per_parent: int = 0


# What an instance may set pages to, at most.
_PAGE_MOST = 100
FREE = Price(once=0, per_row=0)
NO_SURCHARGE = Surcharge()
_PRICES = {
    Cardinality.ONE: Price(),
    # Lists that the domain bounds: a few awards, holders, categories of an initiative.
    Cardinality.LIST: Price(rows=3, most=3),
    Cardinality.PAGE: Price(rows=PAGE_DEFAULT, most=_PAGE_MOST),
}

Declaration = Column | Measure | Embedded | Items | Edge


def declaration_of(definition: GraphQLField) -> Declaration | None:
    """The declaration of a field; None when its resolver answers by itself."""
    declared = definition.extensions.get("strawberry-definition")
    if not isinstance(declared, StrawberryField):
        return None
    found: Declaration | None = declared.metadata.get(METADATA_KEY)
    return found


def price_of(definition: GraphQLField) -> Price:
    """What a field costs: what it declares, or what is usual for its kind."""
    declared = definition.extensions.get("strawberry-definition")
    if not isinstance(declared, StrawberryField):
        return FREE
    found: Price | None = declared.metadata.get(PRICE_KEY)
    if found is None:
        edge = declared.metadata.get(METADATA_KEY)
        found = _PRICES[edge.cardinality] if isinstance(edge, Edge) else FREE
    return found


def surcharge_of(definition: GraphQLArgument | GraphQLInputField) -> Surcharge | None:
    """What an argument or a field of an input costs; None when nothing."""
    declared = definition.extensions.get("strawberry-definition")
    found: Surcharge | None = getattr(declared, "metadata", {}).get(PRICE_KEY)
    return found
