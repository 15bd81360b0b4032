"""What a field of the schema stands for in the storage, declared once for both executors."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import sqlalchemy as sa
from graphql import GraphQLField
from strawberry.types.field import StrawberryField

METADATA_KEY = "terrigraph"


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A value of the record itself; `convert` turns what is stored into what is shown."""

    column: sa.ColumnElement[Any]
    convert: Callable[[Any], Any] | None = None

    def read(self, record: Any) -> Any:
        """The value to show for a record that has its columns as attributes."""
        value = getattr(record, self.column.key or "")
        return self.convert(value) if self.convert else value


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """An object made of columns of the same record; null when `present` is null."""

    present: sa.ColumnElement[Any]


class Cardinality(Enum):
    """How many records an edge leads to."""

    ONE = "one"
    LIST = "list"
    PAGE = "page"


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """Other records, loaded by the value of `key` of this one; a root edge has no key.

    The field's resolver returns a `Selection` and must not look at its parent, so that it
    can be called once for all parents. `item` makes a list of plain values out of records.
    """

    cardinality: Cardinality
    key: sa.ColumnElement[Any] | None = None
    item: Column | None = None


Declaration = Column | Embedded | Edge


def declaration_of(field: GraphQLField) -> Declaration | None:
    """The declaration of a field; None when its resolver answers by itself."""
    definition = field.extensions.get("strawberry-definition")
    if not isinstance(definition, StrawberryField):
        return None
    found: Declaration | None = definition.metadata.get(METADATA_KEY)
    return found
