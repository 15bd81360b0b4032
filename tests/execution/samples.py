"""Values for the arguments of generated questions: real ones, unknown ones, malformed ones."""

import re
from functools import cache
from random import Random
from typing import Any

import sqlalchemy as sa
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    get_named_type,
    is_list_type,
)
from sqlmodel import SQLModel

from graph.domain.codes import Kind
from graph.domain.uid import PREFIXES, make_uid
from graph.storage.read import Database
from graph.storage.tables import Collectivity, FormerCode, columns_of

RECORDS = {name: SQLModel.metadata.tables[name.lower()] for name in PREFIXES}

_MALFORMED = ("", "x", "%%%", "WyJ4Il0", "col_", "awd_aaaaaaaaaaaaaaa1", "nul\0", "é" * 1001, "🗼")
_GENERIC = {"Int": (0, 1, 2017, -7), "Boolean": (True, False), "Float": (1, 2.5)}
_WHERE_DEPTH = 2
_collectivity, _former = columns_of(Collectivity), columns_of(FormerCode)


class Word(str):
    """The name of an enum value, which a document writes without quotes."""

    __slots__ = ()


def snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda match: "_" + match[1].lower(), name)


class Samples:
    """Draws values from one database with one random source."""

    def __init__(self, random: Random, database: Database) -> None:
        self.random = random
        self.drawn_records: list[str] = []
        driver = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}[database.dialect]
        self._engine = sa.create_engine(database.url.set(drivername=driver), poolclass=sa.NullPool)
        self._column = cache(self._read_column)
        self._referenced = cache(self._read_referenced)
        self._codes = cache(self._read_codes)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def text(self, record: str, column: str) -> str:
        """A value of a column; now and then an unknown or a malformed one."""
        known = self._column(record, column)
        if known and not self.chance(0.08):
            return str(self.random.choice(known))
        return self.random.choice(("unknown", *_MALFORMED))

    def uid(self, record: str) -> str:
        """The id of a record, mostly of one that others refer to."""
        if self.chance(0.05):
            return make_uid(record, "of nothing")
        if self.chance(0.04):
            return self.random.choice(_MALFORMED)
        known = self._referenced(record) if self.chance(0.8) else ()
        return self.random.choice(known or self._column(record, "uid"))

    def argument(self, name: str, kind: GraphQLInputType, field: GraphQLField) -> Any:
        """A value for an argument that is no page's, by its name and what the field leads to."""
        named = get_named_type(kind)
        target = get_named_type(field.type).name.removesuffix("Connection")
        if isinstance(named, GraphQLInputObjectType):
            return self.code(named) if named.is_one_of else self.where(named)
        if named.name == "ID":
            self.drawn_records = self.random.choices(list(RECORDS), k=self.random.randint(1, 6))
            ids = [self.uid(record) for record in self.drawn_records]
            return ids if is_list_type(getattr(kind, "of_type", kind)) else ids[0]
        if named.name == "String":
            return self.text(name.title(), "slug") if name == "prize" else self.text(target, name)
        return self._value(target, name, named)

    def code(self, kind: GraphQLInputObjectType) -> dict[str, str]:
        """One code of a collectivity."""
        name = self.random.choice(list(kind.fields))
        known = self._codes(name)
        value = self.random.choice(known) if known else self.text("Collectivity", name)
        if self.chance(0.1):
            value = self.random.choice((value.lower(), f" {value} ", "99999", *_MALFORMED))
        return {name: value}

    def where(self, kind: GraphQLInputObjectType, depth: int = _WHERE_DEPTH) -> dict[str, Any]:
        """A filter of one or two conditions."""
        record = kind.name.removesuffix("Where")
        names = self._some(list(kind.fields), (0, 1, 1, 1, 2))
        return {
            name: self._condition(record, name, kind.fields[name].type, depth) for name in names
        }

    def _some(self, names: list[str], counts: tuple[int, ...]) -> list[str]:
        return list(dict.fromkeys(self.random.choices(names, k=self.random.choice(counts))))

    def _condition(self, record: str, name: str, kind: GraphQLInputType, depth: int) -> Any:
        named = get_named_type(kind)
        if not isinstance(named, GraphQLInputObjectType):
            return self._value(record, name, named)
        if "eq" in named.fields:
            return self._filter(record, name, named)
        if depth == 0:
            return [] if is_list_type(kind) else {}
        if is_list_type(kind):
            return [self.where(named, depth - 1) for _ in range(self.random.randint(0, 3))]
        return self.where(named, depth - 1)

    def _filter(self, record: str, name: str, kind: GraphQLInputObjectType) -> dict[str, Any]:
        operators = self._some(list(kind.fields), (1, 1, 1, 2))
        return {
            operator: self._operand(record, name, operator, kind.fields[operator].type)
            for operator in operators
        }

    def _operand(self, record: str, name: str, operator: str, kind: GraphQLInputType) -> Any:
        named = get_named_type(kind)
        if is_list_type(kind):
            count = 201 if self.chance(0.02) else self.random.randint(0, 5)
            return [self._value(record, name, named) for _ in range(count)]
        return self._value(record if operator != "isNull" else "", name, named)

    def _value(self, record: str, name: str, kind: Any) -> Any:
        if isinstance(kind, GraphQLEnumType):
            return Word(self.random.choice(list(kind.values)))
        if kind.name == "String":
            return self.text(record, snake(name))
        known = self._column(record, snake(name)) if kind.name != "Boolean" else ()
        return self.random.choice(known or _GENERIC[kind.name])

    def _read(self, *queries: sa.Select[Any]) -> tuple[Any, ...]:
        with self._engine.connect() as connection:
            return tuple(value for query in queries for (value,) in connection.execute(query))

    def _read_column(self, record: str, name: str) -> tuple[Any, ...]:
        column = RECORDS[record].c.get(name) if record in RECORDS else None
        if column is None:
            return ()
        return self._read(sa.select(column).where(column.is_not(None)).distinct().order_by(column))

    def _read_referenced(self, record: str) -> tuple[str, ...]:
        table = RECORDS[record]
        keys = [
            key.parent
            for other in SQLModel.metadata.sorted_tables
            for key in sorted(other.foreign_keys, key=lambda key: key.parent.name)
            if key.references(table) and other.name != "former_code"
        ]
        return self._read(
            *(
                sa.select(table.c.uid).where(table.c.id.in_(sa.select(key))).order_by(table.c.uid)
                for key in keys
            )
        )

    def _read_codes(self, name: str) -> tuple[str, ...]:
        if name.upper() not in set(Kind):
            return self._column("Collectivity", name)
        query = sa.select(_collectivity.code).order_by(_collectivity.code)
        queries = [query.where(_collectivity.kind == name.upper())]
        if name == "commune":
            queries.append(sa.select(_former.code).order_by(_former.code))
        return self._read(*queries)
