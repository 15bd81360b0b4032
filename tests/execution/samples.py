"""Values for the arguments of generated questions: real ones, unknown ones, malformed ones."""

import re
from functools import cache
from random import Random
from typing import Any

import sqlalchemy as sa
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    get_named_type,
)

from graph.domain.uid import PREFIXES, make_uid
from graph.storage.read import Database
from graph.storage.tables import Collectivity, FormerCode, SQLModel, table_of

_MALFORMED = ("", "x", "%%%", "WyJ4Il0", "col_", "awd_aaaaaaaaaaaaaaa1", "nul\0", "é" * 1001, "🗼")
_RECORDS = {name: SQLModel.metadata.tables[name.lower()] for name in PREFIXES}
_LIST_LIMIT = 200
_DEPTH = 2


class Word(str):
    """The name of an enum value, which a document writes without quotes."""

    __slots__ = ()


def snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda match: "_" + match[1].lower(), name)


class Samples:
    """Draws values with one random source from one database."""

    def __init__(self, random: Random, database: Database) -> None:
        self.random = random
        self._engine = sa.create_engine(database.url.set(
            drivername="postgresql+psycopg" if database.dialect == "postgresql" else "sqlite"
        ))
        self.column = cache(self._column)
        self.referenced = cache(self._referenced)
        self.codes = cache(self._codes)
        # By `Type.field`: pairs of a `where` and the cursors that it was answered with.
        self.cursors: dict[str, list[tuple[Any, list[str]]]] = {}
