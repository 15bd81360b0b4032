"""Criteria at random, and what they mean in plain Python: the independent answer.

Rows are dictionaries by `table.column`, so that a row and that of its link table make one.
"""

import operator
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import sqlalchemy as sa

from graph.domain.codes import Kind, Level
from graph.storage.criteria import (
    Compare,
    Counted,
    Criterion,
    Either,
    Every,
    FirstOf,
    Link,
    Named,
    Not,
    Related,
)
from graph.storage.search import escaped
from graph.storage.tables import Award, Category, Collectivity, Laureate, columns_of
from tests.storage.rows import World

Row = dict[str, Any]
Rows = dict[str, list[Row]]

_award, _category = columns_of(Award), columns_of(Category)
_collectivity, _laureate = columns_of(Collectivity), columns_of(Laureate)

# Words that array literals, JSON, LIKE and collations treat in ways of their own.
WORDS = ["", "a", "A", "é", "NULL", "null", 'q"uote', "back\\slash", "{a,b}", "it's", "%", "𝄞"]

COLUMNS: dict[str, list[sa.ColumnElement[Any]]] = {
    "award": [
        _award.year,
        _award.level,
        _award.sponsor,
        _award.sponsor_folded,
        _award.category_id,
        _award.key,
    ],
    "category": [_category.slug, _category.note],
    "collectivity": [
        _collectivity.kind,
        _collectivity.sub_kind,
        _collectivity.population,
        _collectivity.is_current,
        _collectivity.parent_id,
        _collectivity.name_folded,
    ],
    "laureate": [_laureate.position, _laureate.service],
}
# Texts to look into are folded: LIKE would tell cases apart on one engine alone.
FOLDED = ["", "a", "ab", "a b", "é", "50%", "a_b", "back\\slash", "%", "it's", "𝄞"]
SEARCHED = {_award.sponsor_folded, _collectivity.name_folded}

_LAUREATES = Link(_award.id, _laureate.award_id, _laureate.collectivity_id, _collectivity.id)
# Several columns of both sides may be null or not unique.
LINKS: dict[str, list[Link]] = {
    "award": [
        Link(_award.category_id, _category.id),
        Link(_award.id, _laureate.award_id),
        _LAUREATES,
    ],
    "category": [
        Link(_category.id, _award.category_id),
        Link(_category.note, _award.sponsor),
    ],
    "collectivity": [
        Link(_collectivity.parent_id, _collectivity.id),
        Link(_collectivity.id, _collectivity.parent_id),
        Link(_collectivity.id, _laureate.collectivity_id),
        Link(_collectivity.sub_kind, _award.sponsor),
        Link(_collectivity.id, _laureate.collectivity_id, _laureate.award_id, _award.id),
    ],
    "laureate": [
        Link(_laureate.award_id, _award.id),
        Link(_laureate.collectivity_id, _collectivity.id),
    ],
}
# Columns that may be equal to the key that a look-up by a unique column finds.
LOOKUPS: dict[str, list[tuple[sa.ColumnElement[Any], ...]]] = {
    "award": [(_award.category_id, _category.id, _category.slug)],
    "category": [(_category.id, _award.category_id, _award.key)],
    "collectivity": [
        (_collectivity.parent_id, _collectivity.id, _collectivity.code),
        (_collectivity.parent_id, _collectivity.parent_id, _collectivity.code),
        (_collectivity.id, _collectivity.parent_id, _collectivity.code),
    ],
    "laureate": [(_laureate.collectivity_id, _collectivity.id, _collectivity.code)],
}


def is_like(text: str, pattern: str) -> bool:
    """LIKE in its own words, with a backslash for escape."""
    wanted = ""
    signs = iter(pattern)
    for sign in signs:
        wild = {"%": ".*", "_": "."}.get(sign)
        wanted += wild or re.escape(next(signs) if sign == "\\" else sign)
    return re.fullmatch(wanted, text, re.DOTALL) is not None


_MEANINGS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "in": lambda own, values: own in values,
    "not_in": lambda own, values: own not in values,
    "contains": is_like,
}
_NUMERIC = {name: meaning for name, meaning in _MEANINGS.items() if name != "contains"}
OPERATORS = (*_NUMERIC, "is_null")


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
                name_folded=random.choice(FOLDED),
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
            sponsor_folded=maybe(random.choice(FOLDED)),
        )
        for position, winner in enumerate(random.sample(made, random.randrange(3))):
            row = Laureate(position=position, service=maybe("s"), name_as_printed="n")
            row.award_id, row.collectivity_id = award.id or 0, winner.id or 0
            world.add(row)


def holds(criterion: Criterion, row: Row, rows: Rows) -> bool:
    """What a criterion means for a row: either true or false, never unknown."""
    match criterion:
        case Compare(column, name, value):
            found = _compares(row[name_of(column)], name, value)
        case Every(parts):
            found = all(holds(part, row, rows) for part in parts)
        case Either(parts):
            found = any(holds(part, row, rows) for part in parts)
        case Not(part):
            found = not holds(part, row, rows)
        case Named(_, part):
            found = holds(part, row, rows)
        case Related(link, part):
            found = any(holds(part, other, rows) for other in linked(link, row, rows))
        case Counted(link, part, comparisons):
            found = row[name_of(link.column)] is not None and all(
                _compares(counted(link, part, row, rows), name, value)
                for name, value in comparisons
            )
        case FirstOf(column, lookups):
            own = row[name_of(column)]
            found = own is not None and own == _found_first(lookups, rows)
        case _:
            raise AssertionError(criterion)
    return found


def linked(link: Link, row: Row, rows: Rows) -> Iterator[Row]:
    """The rows at the other end of a link, each with that of the link table if there is one."""
    own = row[name_of(link.column)]
    for near in rows[table_of(link.near)]:
        if own is None or near[name_of(link.near)] != own:
            continue
        if link.far is None or link.key is None:
            yield near
            continue
        for far in rows[table_of(link.key)]:
            if far[name_of(link.key)] == near[name_of(link.far)]:
                yield near | far


def counted(link: Link, part: Criterion | None, row: Row, rows: Rows) -> int:
    """How many rows at the other end satisfy a criterion."""
    return sum(part is None or holds(part, other, rows) for other in linked(link, row, rows))


def _found_first(lookups: Any, rows: Rows) -> Any:
    for key, part in lookups:
        found = [row[name_of(key)] for row in rows[table_of(key)] if holds(part, row, rows)]
        if found and found[0] is not None:
            return found[0]
    return None


def _compares(own: Any, name: str, value: Any) -> bool:
    if name == "is_null":
        return (own is None) is value
    return own is not None and bool(_MEANINGS[name](own, value))


def table_of(column: Any) -> str:
    """The name of the table that a column is of."""
    return str(column.table.name)


def name_of(column: Any) -> str:
    """The name of a column in a row."""
    return f"{column.table.name}.{column.key}"


class Author:
    """Writes criteria about rows that there are."""

    def __init__(self, random: Random, rows: Rows) -> None:
        self._random = random
        self._rows = rows

    def criterion(self, table: str, depth: int) -> Criterion:
        random = self._random
        if depth == 0 or random.random() < 0.2:
            return self._first_of(table) if random.random() < 0.15 else self._compare(table)
        match random.randrange(6):
            case 0:
                written: Criterion = Every(self._parts(table, depth))
            case 1:
                written = Either(self._parts(table, depth))
            case 2:
                written = Not(self.criterion(table, depth - 1))
            case 3:
                written = Named("name", self.criterion(table, depth - 1))
            case 4:
                link = random.choice(LINKS[table])
                written = Counted(link, self.part(link, depth), self._comparisons())
            case _:
                link = random.choice(LINKS[table])
                written = Related(link, self._linked_part(link, depth), self._is_wide(link))
        return written

    def other_values(self, criterion: Criterion) -> Criterion:
        """The same shape with values drawn anew."""
        match criterion:
            case Compare(column, name, value):
                is_fixed = name == "is_null"  # its value is part of the shape
                value = value if is_fixed else self._value(column, name)
                found: Criterion = Compare(column, name, value)
            case Every(parts):
                found = Every(tuple(map(self.other_values, parts)))
            case Either(parts):
                found = Either(tuple(map(self.other_values, parts)))
            case Not(part):
                found = Not(self.other_values(part))
            case Named(_, part):
                found = Named("other", self.other_values(part))
            case Related(link, part, is_wide):
                found = Related(link, self.other_values(part), is_wide)
            case Counted(link, part, comparisons):
                # Whether having none is enough is part of the shape, so these stay.
                found = Counted(link, part and self.other_values(part), comparisons)
            case FirstOf(column, lookups):
                found = FirstOf(
                    column, tuple((key, self.other_values(part)) for key, part in lookups)
                )
            case _:
                raise AssertionError(criterion)
        return found

    def link(self, table: str) -> Link:
        """A link of a table whose own column is never null."""
        return self._random.choice([link for link in LINKS[table] if link.column.key == "id"])

    def part(self, link: Link, depth: int) -> Criterion | None:
        """A condition on the rows at the other end, or none."""
        return None if self._random.random() < 0.3 else self._linked_part(link, depth)

    def _linked_part(self, link: Link, depth: int) -> Criterion:
        if link.key is None:
            return self.criterion(table_of(link.near), depth - 1)
        far = self.criterion(table_of(link.key), depth - 1)
        # The link table can be spoken of as well.
        return far if self._random.random() < 0.7 else Every((self._compare("laureate"), far))

    def _is_wide(self, link: Link) -> bool:
        """How a related record is asked for, which changes nothing in what that means."""
        is_to_itself = table_of(link.near) == table_of(link.column)
        return not is_to_itself and self._random.random() < 0.5

    def _comparisons(self) -> tuple[tuple[str, Any], ...]:
        random = self._random
        found = []
        for name in random.choices(tuple(_NUMERIC), k=random.choice((1, 1, 2))):
            is_set = name in ("in", "not_in")
            numbers = tuple(random.choices((-1, 0, 0, 1, 1, 2, 3), k=random.randrange(3)))
            found.append((name, numbers if is_set else random.choice((-1, 0, 0, 1, 1, 2, 3))))
        return tuple(found)

    def _first_of(self, table: str) -> Criterion:
        column, key, by = self._random.choice(LOOKUPS[table])
        values = self._random.choices(self._known(by), k=self._random.choice((1, 1, 2, 3)))
        if len(values) > 1 and self._random.random() < 0.5:
            values[0] = "unknown"
        return FirstOf(column, tuple((key, Compare(by, "eq", value)) for value in values))

    def _parts(self, table: str, depth: int) -> tuple[Criterion, ...]:
        count = self._random.choice((0, 1, 2, 2, 3))
        return tuple(self.criterion(table, depth - 1) for _ in range(count))

    def _compare(self, table: str) -> Compare:
        column = self._random.choice(COLUMNS[table])
        # PostgreSQL orders booleans, and nobody asks for it.
        offered = ("eq", "ne", "is_null") if column.key == "is_current" else OPERATORS
        name = "contains" if column in SEARCHED and self._random.random() < 0.5 else ""
        name = name or self._random.choice(offered)
        return Compare(column, name, self._value(column, name))

    def _value(self, column: Any, name: str) -> Any:
        if name == "is_null":
            return self._random.choice((True, False))
        if name == "contains":
            text = self._random.choice([*FOLDED, "b", "lash", " "])
            return f"%{escaped(text)}%"
        known = self._known(column)
        known.extend(WORDS if column.type.python_type is str else [])
        if name in ("in", "not_in"):
            return tuple(self._random.choices(known, k=self._random.randrange(4)))
        return self._random.choice(known)

    def _known(self, column: Any) -> list[Any]:
        name = name_of(column)
        values = (row[name] for row in self._rows[table_of(column)])
        return [value for value in values if value is not None]
