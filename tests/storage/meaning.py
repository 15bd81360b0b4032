"""Criteria at random, and what they mean in plain Python: the independent answer."""

import operator
from collections.abc import Callable
from random import Random
from typing import Any

import sqlalchemy as sa

from graph.domain.codes import Kind, Level
from graph.storage.criteria import Compare, Criterion, Either, Every, Link, Not, Related
from graph.storage.tables import Award, Category, Collectivity, Laureate, columns_of
from tests.storage.rows import World

Rows = dict[str, list[dict[str, Any]]]

_award, _category = columns_of(Award), columns_of(Category)
_collectivity, _laureate = columns_of(Collectivity), columns_of(Laureate)

# Words that array literals, JSON, LIKE and collations treat in ways of their own.
WORDS = ["", "a", "A", "é", "NULL", "null", 'q"uote', "back\\slash", "{a,b}", "it's", "%", "𝄞"]

COLUMNS: dict[str, list[sa.ColumnElement[Any]]] = {
    "award": [_award.year, _award.level, _award.sponsor, _award.category_id, _award.key],
    "category": [_category.slug, _category.note],
    "collectivity": [
        _collectivity.kind,
        _collectivity.sub_kind,
        _collectivity.population,
        _collectivity.is_current,
        _collectivity.parent_id,
    ],
    "laureate": [_laureate.position, _laureate.service],
}
# column of this row = key of the other; several of both sides may be null or not unique.
RELATED: dict[str, list[tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]]] = {
    "award": [(_award.category_id, _category.id), (_award.id, _laureate.award_id)],
    "category": [(_category.id, _award.category_id), (_category.note, _award.sponsor)],
    "collectivity": [
        (_collectivity.parent_id, _collectivity.id),
        (_collectivity.id, _collectivity.parent_id),
        (_collectivity.id, _laureate.collectivity_id),
        (_collectivity.sub_kind, _award.sponsor),
    ],
    "laureate": [
        (_laureate.award_id, _award.id),
        (_laureate.collectivity_id, _collectivity.id),
    ],
}
_MEANINGS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "in": lambda own, values: own in values,
    "not_in": lambda own, values: own not in values,
}
OPERATORS = (*_MEANINGS, "is_null")


def fill(world: World, random: Random) -> None:
    """40 collectivities, 6 categories and 50 awards, about a third of their values null."""

    def maybe(value: Any) -> Any:
        return None if random.random() < 0.35 else value

    made: list[Collectivity] = []
    for number in range(40):
        parent = maybe(random.choice(made).id) if made else None
        made.append(
            world.collectivity(
                random.choice(list(Kind)),
                f"{number:02}",
                sub_kind=maybe(random.choice(WORDS)),
                population=maybe(random.randrange(6)),
                is_current=random.random() < 0.5,
                parent_id=parent,
            )
        )
    categories = [world.category(f"c{number}") for number in range(6)]
    for category in categories:
        category.note = maybe(random.choice(WORDS))
        world.add(category)
    for _ in range(50):
        award = world.award(
            random.randrange(2015, 2019),
            random.choice(list(Level)),
            category=maybe(random.choice(categories)),
            sponsor=maybe(random.choice(WORDS)),
        )
        for position, winner in enumerate(random.sample(made, random.randrange(3))):
            row = Laureate(position=position, service=maybe("s"), name_as_printed="n")
            row.award_id, row.collectivity_id = award.id or 0, winner.id or 0
            world.add(row)


def holds(criterion: Criterion, row: dict[str, Any], rows: Rows) -> bool:
    """What a criterion means for a row: either true or false, never unknown."""
    match criterion:
        case Compare(column, name, value):
            return _compares(row[column.key or ""], name, value)
        case Every(parts):
            return all(holds(part, row, rows) for part in parts)
        case Either(parts):
            return any(holds(part, row, rows) for part in parts)
        case Not(part):
            return not holds(part, row, rows)
        case Related(link, part):
            column, key = link.column, link.near
            own = row[column.key or ""]
            return own is not None and any(
                other[key.key or ""] == own and holds(part, other, rows)
                for other in rows[_table(key)]
            )
    raise AssertionError(criterion)


def _compares(own: Any, name: str, value: Any) -> bool:
    if name == "is_null":
        return (own is None) is value
    return own is not None and bool(_MEANINGS[name](own, value))


def _table(column: Any) -> str:
    return str(column.table.name)


class Author:
    """Writes criteria about rows that there are."""

    def __init__(self, random: Random, rows: Rows) -> None:
        self._random = random
        self._rows = rows

    def criterion(self, table: str, depth: int) -> Criterion:
        random = self._random
        if depth == 0 or random.random() < 0.2:
            return self._compare(table)
        match random.randrange(4):
            case 0:
                return Every(self._parts(table, depth))
            case 1:
                return Either(self._parts(table, depth))
            case 2:
                return Not(self.criterion(table, depth - 1))
        column, key = random.choice(RELATED[table])
        return Related(Link(column, key), self.criterion(_table(key), depth - 1))

    def other_values(self, criterion: Criterion) -> Criterion:
        """The same shape with values drawn anew."""
        match criterion:
            case Compare(column, name, value):
                is_fixed = name == "is_null"  # its value is part of the shape
                return Compare(column, name, value if is_fixed else self._value(column, name))
            case Every(parts):
                return Every(tuple(map(self.other_values, parts)))
            case Either(parts):
                return Either(tuple(map(self.other_values, parts)))
            case Not(part):
                return Not(self.other_values(part))
            case Related(link, part):
                return Related(link, self.other_values(part))
        raise AssertionError(criterion)

    def _parts(self, table: str, depth: int) -> tuple[Criterion, ...]:
        count = self._random.choice((0, 1, 2, 2, 3))
        return tuple(self.criterion(table, depth - 1) for _ in range(count))

    def _compare(self, table: str) -> Compare:
        column = self._random.choice(COLUMNS[table])
        # PostgreSQL orders booleans, and nobody asks for it.
        offered = ("eq", "ne", "is_null") if column.key == "is_current" else OPERATORS
        name = self._random.choice(offered)
        return Compare(column, name, self._value(column, name))

    def _value(self, column: Any, name: str) -> Any:
        if name == "is_null":
            return self._random.choice((True, False))
        known = [
            row[column.key] for row in self._rows[_table(column)] if row[column.key] is not None
        ]
        known.extend(WORDS if column.type.python_type is str else [])
        if name in ("in", "not_in"):
            return tuple(self._random.choices(known, k=self._random.randrange(4)))
        return self._random.choice(known)
