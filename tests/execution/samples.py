"""Values of one database for generated questions: real ones, unknown ones, malformed ones."""

import re
from functools import cache
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from graph.domain.codes import Kind
from graph.domain.text import fold
from graph.domain.uid import PREFIXES, make_uid
from graph.storage.read import Database
from graph.storage.tables import Collectivity, FormerCode, columns_of

_tables = SQLModel.metadata.tables
RECORDS = {name: _tables[name.lower()] for name in PREFIXES}

MALFORMED = ("", "x", "%%%", "WyJ4Il0", "col_", "awd_aaaaaaaaaaaaaaa1", "nul\0", "é" * 1001, "🗼")
_collectivity, _former = columns_of(Collectivity), columns_of(FormerCode)

# Fields whose column has another name, or is of another table.
_COLUMNS: dict[tuple[str, str], sa.Column[Any]] = {
    ("Category", "label"): _tables["category"].c.label_fr,
    ("Collectivity", "postal_code"): _tables["postal_code"].c.code,
    ("Coverage", "prize"): _tables["prize"].c.slug,
    ("Coverage", "year"): _tables["edition"].c.year,
    ("Coverage", "announced"): _tables["edition"].c.announced_awards,
    ("Metric", "name"): _tables["metric"].c.name_fr,
    ("Metric", "value"): _tables["metric"].c.value_micro,
    ("Release", "version"): _tables["release"].c.version,
    ("PrintedLaureate", "name_as_printed"): _tables["laureate"].c.name_as_printed,
    ("PrintedLaureate", "service"): _tables["laureate"].c.service,
}
# Texts that a search looks into.
_SEARCHED = (
    ("Award", "category_as_printed"),
    ("Category", "label"),
    ("Collectivity", "name"),
    ("Initiative", "title"),
    ("Prize", "name"),
)
_STOP_WORDS = ("de", "la", "L’", "d'", "et", "en")
# What other searches take for operators, patterns or quotes.
_OPERATORS = ("AND", "OR", "NOT", "NEAR(", ")", "*", "^", ":", "{", '""', '"', "«", "-", "- ", "%")


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
        self._withdrawn = cache(self._read_withdrawn)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def some(self, items: list[str], counts: tuple[int, ...]) -> list[str]:
        """So many of the items, each once."""
        return list(dict.fromkeys(self.random.choices(items, k=self.random.choice(counts))))

    def known(self, record: str, name: str) -> tuple[Any, ...]:
        """The values of a field, as they are stored; none for what no column holds."""
        return self._column(record, snake(name))

    def text(self, record: str, name: str) -> str:
        """A value of a field; now and then an unknown or a malformed one."""
        known = self.known(record, name)
        if known and not self.chance(0.08):
            return str(self.random.choice(known))
        return self.random.choice(("unknown", *MALFORMED))

    def part(self, record: str, name: str, *, is_start: bool) -> str:
        """A part of a text, or its beginning, now and then written in another way."""
        text = self.text(record, name)
        size = self.random.randint(1, 12)
        at = 0 if is_start else self.random.randrange(max(1, len(text) - 2))
        part = text[at : at + size]
        if self.chance(0.5):
            return part
        changed = (part.upper(), fold(part), part.replace("-", " "), f"{part}%", f"_{part}", "\\")
        return self.random.choice(changed)

    def search(self) -> str:
        """What people type, and what they should not."""
        if self.chance(0.04):
            return self.random.choice(("", " ", "de la", "-eau", " ".join("abcdefghijklmnopqrst")))
        words = self.text(*self.random.choice(_SEARCHED)).split()[:20]
        at = self.random.randrange(max(1, len(words)))
        words = words[at : at + self.random.choice((1, 1, 1, 2, 3))] or ["eau"]
        if self.chance(0.3):
            words[-1] = words[-1][: self.random.randint(2, 6)]
        if self.chance(0.3):
            words = [fold(word) or word for word in words]
        way = self.random.random()
        if way < 0.12:
            words = [f'"{" ".join(words)}"']
        elif way < 0.24:
            words.append("-" + self.random.choice(("ville", "numérique", '"eau potable"', "x")))
        elif way < 0.4:
            extra = self.random.choice((*_STOP_WORDS, *_OPERATORS))
            words.insert(self.random.randint(0, len(words)), extra)
        return " ".join(words)

    def uid(self, record: str) -> str:
        """The id of a record, mostly of one that others refer to."""
        if self.chance(0.05):
            return make_uid(record, "of nothing")
        if self.chance(0.04):
            return self.random.choice(MALFORMED)
        if self.chance(0.1) and (gone := self._withdrawn(record)):
            return str(self.random.choice(gone))
        known = self._referenced(record) if self.chance(0.8) else ()
        return str(self.random.choice(known or self._column(record, "uid")))

    def uids(self) -> list[str]:
        """Ids of records of several types."""
        drawn = self.random.choices(list(RECORDS), k=self.random.randint(1, 6))
        self.drawn_records = [*drawn, "Withdrawn"] if self.chance(0.3) else drawn
        return [self.uid(record) for record in drawn]

    def code(self, name: str) -> str:
        """A code of a kind of collectivity, or another one that it has."""
        known = self._codes(name)
        value = self.random.choice(known) if known else self.text("Collectivity", name)
        if self.chance(0.1):
            value = self.random.choice((value.lower(), f" {value} ", "99999", *MALFORMED))
        return value

    def _read(self, *queries: sa.Select[Any]) -> tuple[Any, ...]:
        with self._engine.connect() as connection:
            return tuple(value for query in queries for (value,) in connection.execute(query))

    def _read_column(self, record: str, name: str) -> tuple[Any, ...]:
        column = _COLUMNS.get((record, name))
        if column is None:
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
            if key.references(table) and other.name not in ("former_code", "postal_code")
        ]
        return self._read(
            *(
                sa.select(table.c.uid).where(table.c.id.in_(sa.select(key))).order_by(table.c.uid)
                for key in keys
            )
        )

    def _read_withdrawn(self, record: str) -> tuple[str, ...]:
        state = _tables["record_state"].c
        query = sa.select(state.uid).where(state.type_name == record).order_by(state.uid)
        return self._read(query.where(state.withdrawn_id.is_not(None)))

    def _read_codes(self, name: str) -> tuple[str, ...]:
        if name.upper() not in set(Kind):
            return self._column("Collectivity", name)
        query = sa.select(_collectivity.code).order_by(_collectivity.code)
        queries = [query.where(_collectivity.kind == name.upper())]
        if name == "commune":
            queries.append(sa.select(_former.code).order_by(_former.code))
        return self._read(*queries)
