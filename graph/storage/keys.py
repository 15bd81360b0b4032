"""Sets of keys as one parameter, so that a statement's text is the same for 1 or 1,000."""

from collections.abc import Collection
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

# The parameter that holds the keys whose rows are asked for.
KEYS = "keys"


class Keys(sa.BindParameter[Any]):
    """A parameter that holds a set of values of `column`'s type."""

    inherit_cache = True

    def __init__(self, name: str, column: sa.ColumnElement[Any]) -> None:
        super().__init__(name, type_=sa.String().with_variant(ARRAY(column.type), "postgresql"))


class _IsAmong(FunctionElement[bool]):
    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002  # SQLAlchemy's signature
        # Else SQLite gets `(… IN …) = 1`, which no index serves.
        return self


def is_among(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """Whether `column` is one of the values of the parameter `name`."""
    return _IsAmong(column, Keys(name, column))


@compiles(_IsAmong, "sqlite")
def _is_among_sqlite(element: _IsAmong, compiler: SQLCompiler, **options: Any) -> str:
    column, keys = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({keys}))"  # noqa: S608  # compiled parts


@compiles(_IsAmong, "postgresql")
def _is_among_postgresql(element: _IsAmong, compiler: SQLCompiler, **options: Any) -> str:
    column, keys = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({keys})"


def each_key(name: str, column: sa.ColumnElement[Any], dialect: str) -> sa.FromClause:
    """The values of the parameter `name` as a table with one column, `value`."""
    keys = Keys(name, column)
    if dialect == "sqlite":
        return sa.func.json_each(keys).table_valued(sa.column("value", column.type), name="keys")
    return (
        sa.func.unnest(keys, type_=column.type)
        .table_valued(sa.column("value", column.type), name="keys")
        .render_derived()
    )


def bind_keys(keys: Collection[Any], dialect: str) -> str:
    """The value to bind for a set of keys, numbers or texts.

    PostgreSQL takes its own array literal: psycopg would look at each key in Python, which
    costs more than the statement does.
    """
    if dialect == "sqlite":
        return orjson.dumps(list(keys)).decode()
    return (
        "{"
        + ",".join([str(key) if isinstance(key, int | float) else _quoted(key) for key in keys])
        + "}"
    )


def keyed(keys: Collection[Any], dialect: str) -> dict[str, Any]:
    """The parameters of a statement of SQLAlchemy that asks for `KEYS`.

    Of a thousand one by one the text would take longer to write than the rows to look up.
    """
    return {KEYS: bind_keys(keys, dialect) if dialect == "sqlite" else [*keys]}


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
