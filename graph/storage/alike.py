"""Which initiatives are alike, why and how much: what they share, added up in points.

| Shared | Points |
|---|---|
| categories | 30 |
| words of title and summary | the rarer, the more; 40 at most |
| département, or else région, of the lead | 20, or 10 |
| class of inhabitants of the lead | 10 |

Only those that share a category or a word are considered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from graph.storage.criteria import Shape
from graph.storage.groups import population_class
from graph.storage.keys import KEYS, is_among
from graph.storage.tables import (
    Category,
    Collectivity,
    Initiative,
    InitiativeCategory,
    InitiativeHolder,
    InitiativeWord,
    columns_of,
    table_of,
)

_WORDS_MAX_POINTS = 40
# A word of every tenth initiative says little, and would pair it with all of them. Rarities are
# ten times the natural logarithm of one in so many.
_MIN_RARITY = 23

ALIKE = sa.table(
    "alike",
    sa.column("owner", sa.Integer),
    sa.column("other_id", sa.Integer),
    sa.column("slug", sa.String),
    sa.column("score", sa.Integer),
    sa.column("categories", sa.String),
    sa.column("categories_en", sa.String),
    sa.column("words", sa.String),
    sa.column("departement", sa.String),
    sa.column("region", sa.String),
    sa.column("population_class", sa.String),
)


class joined(FunctionElement[str]):  # noqa: N801  # a function of SQL
    """The texts of a group joined by `|`, in no order that both engines know."""

    type = sa.String()
    inherit_cache = True


@compiles(joined, "sqlite")
def _joined_sqlite(element: joined, compiler: SQLCompiler, **options: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **options)}, '|')"


@compiles(joined, "postgresql")
def _joined_postgresql(element: joined, compiler: SQLCompiler, **options: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **options)}, '|')"


@dataclass(frozen=True, slots=True)
class Alike:
    """The source of `ALIKE`: the initiatives that are like each of the keys."""

    def shape_of(self, _values: list[Any]) -> Shape:
        """The shape of the source, which has no values."""
        return (_alike,)


def _alike(
    _shape: Shape, _numbers: Iterator[int], _needed: set[str], _dialect: str
) -> list[sa.CTE]:
    themes, words = _themes().cte("theme"), _words().cte("word")
    pairs = sa.union(
        sa.select(themes.c.owner, themes.c.other), sa.select(words.c.owner, words.c.other)
    ).cte("pair")
    lead = _leads().cte("lead")
    mine, theirs = lead.alias("mine"), lead.alias("theirs")
    other = columns_of(Initiative)
    shared = {
        name: sa.case((mine.c[name] == theirs.c[name], mine.c[name]))
        for name in ("departement", "region", "population_class")
    }
    place = sa.case(
        (shared["departement"].is_not(None), 20), (shared["region"].is_not(None), 10), else_=0
    )
    size = sa.case((shared["population_class"].is_not(None), 10), else_=0)
    known = sa.func.coalesce
    query = (
        sa.select(
            pairs.c.owner,
            pairs.c.other.label("other_id"),
            other.slug,
            (known(themes.c.points, 0) + known(words.c.points, 0) + place + size).label("score"),
            themes.c.categories,
            themes.c.categories_en,
            words.c.words,
            *(column.label(name) for name, column in shared.items()),
        )
        .join_from(pairs, table_of(Initiative), other.id == pairs.c.other)
        .outerjoin(themes, _same(pairs, themes))
        .outerjoin(words, _same(pairs, words))
        .outerjoin(mine, mine.c.initiative_id == pairs.c.owner)
        .outerjoin(theirs, theirs.c.initiative_id == pairs.c.other)
    )
    return [query.cte("alike")]


def _same(pairs: sa.CTE, found: sa.CTE) -> sa.ColumnElement[bool]:
    return sa.and_(found.c.owner == pairs.c.owner, found.c.other == pairs.c.other)


def _themes() -> sa.Select[Any]:
    mine, theirs = (table_of(InitiativeCategory).alias(name) for name in ("mine", "theirs"))
    category = columns_of(Category)
    return (
        sa.select(
            mine.c.initiative_id.label("owner"),
            theirs.c.initiative_id.label("other"),
            sa.literal_column("30").label("points"),
            joined(category.label_fr).label("categories"),
            joined(category.label_en).label("categories_en"),
        )
        .join_from(mine, theirs, theirs.c.category_id == mine.c.category_id)
        .join(table_of(Category), category.id == mine.c.category_id)
        .where(is_among(mine.c.initiative_id, KEYS), theirs.c.initiative_id != mine.c.initiative_id)
        .group_by(mine.c.initiative_id, theirs.c.initiative_id)
    )


def _words() -> sa.Select[Any]:
    mine, theirs = (table_of(InitiativeWord).alias(name) for name in ("mine", "theirs"))
    points = sa.func.sum(mine.c.rarity) // 3
    return (
        sa.select(
            mine.c.initiative_id.label("owner"),
            theirs.c.initiative_id.label("other"),
            sa.case((points > _WORDS_MAX_POINTS, _WORDS_MAX_POINTS), else_=points).label("points"),
            joined(mine.c.shown).label("words"),
        )
        .join_from(mine, theirs, theirs.c.stem == mine.c.stem)
        .where(
            is_among(mine.c.initiative_id, KEYS),
            theirs.c.initiative_id != mine.c.initiative_id,
            mine.c.rarity >= _MIN_RARITY,
        )
        .group_by(mine.c.initiative_id, theirs.c.initiative_id)
    )


def _leads() -> sa.Select[Any]:
    """Where the first-named holder of each initiative lies, and how large it is."""
    holder, place = columns_of(InitiativeHolder), table_of(Collectivity)
    departement, region = place.alias("departement"), place.alias("region")
    return (
        sa.select(
            holder.initiative_id,
            departement.c.name.label("departement"),
            region.c.name.label("region"),
            population_class(place.c.population).label("population_class"),
        )
        .join_from(table_of(InitiativeHolder), place, place.c.id == holder.collectivity_id)
        .outerjoin(departement, departement.c.id == place.c.departement_id)
        .outerjoin(region, region.c.id == place.c.region_id)
        .where(holder.position == 0)
    )
