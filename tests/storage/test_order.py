"""Orders at random sort rows as Python does, and pages cut them at any row, both ways."""

import os
import secrets
from collections.abc import Callable, Iterator
from functools import cmp_to_key
from random import Random
from typing import Any

from graph.loaders.award import awards, awards_by_category_id, awards_by_collectivity_id
from graph.loaders.batch import load_counts, load_rows
from graph.loaders.collectivity import (
    collectivities,
    collectivities_by_parent_id,
    laureates_by_award_id,
)
from graph.storage.order import Order, OrderKey, Total
from graph.storage.read import Database, Reader
from graph.storage.selection import ROOT_KEY, Relation, Selection, Window
from graph.storage.tables import Award, Collectivity, Laureate, columns_of
from tests.storage.meaning import COLUMNS, Author, Row, Rows, counted, fill, holds, linked, name_of
from tests.storage.rows import new_world
from tests.storage.test_criteria import stored

# The same seed gives the same rows and orders again; a run without one takes a new one.
SEED = os.environ.get("TERRIGRAPH_ORDER_SEED") or str(secrets.randbelow(10**9))
ORDERS = 120

RELATIONS = (
    awards,
    collectivities,
    awards_by_category_id,
    collectivities_by_parent_id,
    awards_by_collectivity_id,
    laureates_by_award_id,
)
# What can be added up at the other end of a link; null for some.
SUMMED = {
    "award": columns_of(Award).year,
    "collectivity": columns_of(Collectivity).population,
    "laureate": columns_of(Laureate).position,
}
Values = tuple[Any, ...]


def test_random_orders_sort_as_python_does(engine_url: str) -> None:
    random = Random(SEED)
    with new_world(engine_url) as world:
        fill(world, random)
    rows = stored(engine_url)
    author = Author(random, rows)
    pages = 0
    with Database(engine_url) as database, database.reader() as reader:
        for number in range(ORDERS):
            relation = random.choice(RELATIONS)
            table = str(relation.target.name)
            where = author.criterion(table, 1) if random.random() < 0.3 else None
            order = () if random.random() < 0.1 else drawn_order(relation, author, random)
            selection = Selection(relation, where, order=order)
            told = f"TERRIGRAPH_ORDER_SEED={SEED}, order {number} of {relation.name}"
            lists = {
                key: in_order(
                    table,
                    (row for row in own if where is None or holds(where, row, rows)),
                    selection.sorted_by,
                    rows,
                )
                for key, own in rows_by_key(relation, rows, random).items()
            }
            pages += check(reader, selection, lists, random, told)
    assert pages > ORDERS


def check(
    reader: Reader,
    selection: Selection,
    lists: dict[Any, list[tuple[int, Values]]],
    random: Random,
    told: str,
) -> int:
    """The whole lists, and some pages between rows of them; how many pages had rows."""
    identity = (selection.relation.target.c.id,)
    found: dict[Any, list[int]] = {key: [] for key in lists}
    for row in load_rows(reader, selection, set(lists), identity):
        found[row[0]].append(row[1])
    assert found == {key: [number for number, _ in own] for key, own in lists.items()}, told
    counts = load_counts(reader, selection, set(lists))
    assert {key: counts.get(key, 0) for key in lists} == {
        key: len(own) for key, own in lists.items()
    }, told
    filled = 0
    compare = comparison(selection.sorted_by)
    for _ in range(4):
        window = drawn_window(lists, random)
        pages: dict[Any, list[tuple[int, Values]]] = {key: [] for key in lists}
        paged = Selection(selection.relation, selection.where, window, selection.order)
        for row in load_rows(reader, paged, set(lists), identity):
            # The values of the order's keys come last: cursors are made of them.
            pages[row[0]].append((row[1], row[-len(selection.sorted_by) :]))
        for key, own in lists.items():
            between = [
                (number, values)
                for number, values in own
                if (window.after is None or compare(values, window.after) > 0)
                and (window.before is None or compare(values, window.before) < 0)
            ]
            if window.is_backward:
                between.reverse()
            assert pages[key] == between[: window.size + 1], f"{told}\n{window}, key {key}"
            filled += bool(between)
    return filled


def drawn_order(relation: Relation, author: Author, random: Random) -> Order:
    """Some keys of all kinds, and those of the relation, which tell all rows apart."""
    keys = [
        drawn_key(str(relation.target.name), author, random)
        for _ in range(random.choice((1, 1, 2, 3)))
    ]
    return (*keys, *relation.order)


def drawn_key(table: str, author: Author, random: Random) -> OrderKey:
    is_descending, is_null_first = random.random() < 0.5, random.random() < 0.5
    if random.random() < 0.5:
        column = random.choice([column for column in COLUMNS[table] if column.key != "is_current"])
        is_nullable = bool(getattr(column, "nullable", False))
        return OrderKey(column, is_descending, is_nullable, is_nullable and is_null_first)
    link = author.link(table)
    other = str((link.near if link.key is None else link.key).table.name)
    value = SUMMED[other] if random.random() < 0.5 else None
    is_nullable = value is not None
    total = Total(link, author.part(link, 1), value)
    return OrderKey(total, is_descending, is_nullable, is_nullable and is_null_first)


def drawn_window(lists: dict[Any, list[tuple[int, Values]]], random: Random) -> Window:
    """A page of any size, from any end, bounded by no, one or two rows of any key."""
    positions = [values for own in lists.values() for _, values in own]

    def bound() -> Values | None:
        return random.choice(positions) if positions and random.random() < 0.6 else None

    return Window(random.randrange(6), random.random() < 0.5, bound(), bound())


def rows_by_key(relation: Relation, rows: Rows, random: Random) -> dict[Any, list[Row]]:
    """The rows of some keys, each with that of the link table if there is one."""
    own = rows[str(relation.target.name)]
    if relation.match is None:
        return {ROOT_KEY: own}
    joined = own
    if relation.through:
        link, condition = relation.through
        left, right = name_of(condition.left), name_of(condition.right)  # type: ignore[attr-defined]
        pairs = [near | far for near in rows[str(link.name)] for far in own]  # type: ignore[attr-defined]
        joined = [pair for pair in pairs if pair[left] == pair[right]]
    match = name_of(relation.match)
    known = sorted({row[match] for row in joined} - {None})
    keys = random.sample(known, min(len(known), 5))
    return {key: [row for row in joined if row[match] == key] for key in keys}


def in_order(
    table: str, found: Iterator[Row], order: Order, rows: Rows
) -> list[tuple[int, Values]]:
    """The ids of rows in order, each with the values that it is sorted by."""
    compare = comparison(order)
    named = [(row, tuple(_value(key, row, rows) for key in order)) for row in found]
    named.sort(key=cmp_to_key(lambda one, other: compare(one[1], other[1])))
    return [(row[f"{table}.id"], values) for row, values in named]


def _value(key: OrderKey, row: Row, rows: Rows) -> Any:
    if not isinstance(key.by, Total):
        return row[name_of(key.by)]
    if key.by.value is None:
        return counted(key.by.link, key.by.part, row, rows)
    values = [
        other[name_of(key.by.value)]
        for other in linked(key.by.link, row, rows)
        if key.by.part is None or holds(key.by.part, other, rows)
    ]
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def comparison(order: Order) -> Callable[[Values, Values], int]:
    """Which of two rows comes first, by the values of an order's keys: -1, 0 or 1."""

    def compare(one: Values, other: Values) -> int:
        for key, first, second in zip(order, one, other, strict=True):
            if first == second:
                continue
            if first is None or second is None:
                is_first = (first is None) is key.is_null_first
            else:
                is_first = (_sortable(first) < _sortable(second)) is not key.is_descending
            return -1 if is_first else 1
        return 0

    return compare


def _sortable(value: Any) -> Any:
    return value.encode() if isinstance(value, str) else value
