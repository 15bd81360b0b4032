"""Criteria find the rows that Python finds by their meaning, whatever is null."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from graph.domain.codes import Kind
from graph.loaders.award import awards
from graph.loaders.batch import load_counts, load_rows
from graph.loaders.collectivity import collectivities
from graph.storage.criteria import Compare, Criterion, Either, Every, Link, Not, Related, split
from graph.storage.engine import open_engine
from graph.storage.read import Database, Reader
from graph.storage.selection import Relation, Selection, Window
from graph.storage.tables import Collectivity, columns_of
from tests.storage.meaning import OPERATORS, WORDS, Author, Rows, fill, holds
from tests.storage.rows import new_world

# The same seed gives the same rows and criteria again; a run without one takes a new one.
SEED = os.environ.get("TERRIGRAPH_CRITERIA_SEED") or str(secrets.randbelow(10**9))
CRITERIA = 300

ROOTS: dict[str, Relation] = {"award": awards, "collectivity": collectivities}

_collectivity = columns_of(Collectivity)
population, sub_kind, parent_id = (
    _collectivity[name] for name in ("population", "sub_kind", "parent_id")
)


def found(reader: Reader, relation: Relation, where: Criterion | None) -> set[int]:
    """The ids that SQL finds, by a list, a page and a count that agree."""
    selection, identity = Selection(relation, where), (relation.target.c.id,)
    ids = [row[1] for row in load_rows(reader, selection, {1}, identity)]
    page = load_rows(reader, replace(selection, window=Window(1000)), {1}, identity)
    assert [row[1] for row in page] == ids, where
    assert load_counts(reader, selection, {1}).get(1, 0) == len(ids)
    assert len(set(ids)) == len(ids)
    return set(ids)


def test_random_criteria_find_what_they_mean(engine_url: str) -> None:
    random = Random(SEED)
    with new_world(engine_url) as world:
        fill(world, random)
    rows = stored(engine_url)
    author = Author(random, rows)
    sizes, operators = set(), ""
    with Database(engine_url) as database, database.reader() as reader:
        for number in range(CRITERIA):
            table = random.choice(list(ROOTS))
            written = author.criterion(table, depth=random.randrange(4))
            operators += repr(split(written))
            texts = set()
            for criterion in (written, author.other_values(written)):
                meant = {row[f"{table}.id"] for row in rows[table] if holds(criterion, row, rows)}
                told = f"TERRIGRAPH_CRITERIA_SEED={SEED}, criterion {number}: {criterion}"
                before = len(reader.statements)
                assert found(reader, ROOTS[table], criterion) == meant, told
                texts.add(tuple(reader.statements[before:]))
                sizes.add(len(meant))
            assert len(texts) == 1, f"{told}\n{texts}"
    kinds = (*OPERATORS, "contains", "_related", "_counted", "_first_of")
    assert not [kind for kind in kinds if kind not in operators]
    assert len(sizes) > 10


def stored(url: str) -> Rows:
    """All rows as they are stored."""
    engine = open_engine(url)
    names = ("award", "category", "collectivity", "laureate")
    with engine.connect() as connection:
        rows = {
            name: [
                {f"{name}.{column}": value for column, value in row.items()}
                for row in connection.execute(sa.select(table)).mappings()
            ]
            for name in names
            for table in [Collectivity.metadata.tables[name]]
        }
    engine.dispose()
    return rows


@pytest.fixture
def reader(engine_url: str) -> Iterator[Reader]:
    """Ids 1 to 3 have populations 1, 2 and null, and each the one before as its parent."""
    with new_world(engine_url) as world:
        for number, inhabitants in enumerate((1, 2, None), start=1):
            world.collectivity(
                Kind.COMMUNE,
                f"0100{number}",
                population=inhabitants,
                parent_id=number - 1 or None,
            )
    with Database(engine_url) as database, database.reader() as opened:
        yield opened


BIG = Compare(population, "gt", 1)


CASES: list[tuple[Criterion | None, set[int]]] = [
    (None, {1, 2, 3}),
    (Compare(population, "eq", 2), {2}),
    (Compare(population, "ne", 2), {1}),
    (Compare(population, "lt", 2), {1}),
    (Compare(population, "lte", 2), {1, 2}),
    (BIG, {2}),
    (Compare(population, "gte", 1), {1, 2}),
    (Compare(population, "in", (2, 3)), {2}),
    (Compare(population, "in", ()), set()),
    (Compare(population, "not_in", (2, 3)), {1}),
    (Compare(population, "not_in", ()), {1, 2}),
    (Compare(population, "is_null", value=True), {3}),
    (Compare(population, "is_null", value=False), {1, 2}),
    (Not(BIG), {1, 3}),
    (Not(Not(BIG)), {2}),
    (Not(Compare(population, "ne", 2)), {2, 3}),
    (Every(()), {1, 2, 3}),
    (Either(()), set()),
    (Not(Every(())), set()),
    (Every((BIG, Compare(population, "lt", 2))), set()),
    (Either((BIG, Compare(population, "lt", 2))), {1, 2}),
    (Related(Link(parent_id, _collectivity.id), BIG), {3}),
    (Related(Link(parent_id, _collectivity.id), Every(())), {2, 3}),
    (Related(Link(parent_id, _collectivity.id), Not(BIG)), {2}),
    (Not(Related(Link(parent_id, _collectivity.id), BIG)), {1, 2}),
    (Related(Link(_collectivity.id, parent_id), Every(())), {1, 2}),
    (Not(Related(Link(_collectivity.id, parent_id), Every(()))), {3}),
]


def test_each_criterion_means_what_it_says(reader: Reader) -> None:
    for where, ids in CASES:
        assert found(reader, collectivities, where) == ids, where


def test_any_text_is_compared_as_it_is(engine_url: str) -> None:
    with new_world(engine_url) as world:
        for number, text in enumerate((*WORDS, None)):
            world.collectivity(Kind.COMMUNE, f"{number:05}", sub_kind=text)
    all_known = set(range(1, len(WORDS) + 1))
    with Database(engine_url) as database, database.reader() as reader:
        for own, word in enumerate(WORDS, start=1):
            for operator, value, ids in (
                ("eq", word, {own}),
                ("in", (word,), {own}),
                ("ne", word, all_known - {own}),
                ("not_in", (word,), all_known - {own}),
            ):
                where = Compare(sub_kind, operator, value)
                assert found(reader, collectivities, where) == ids, where


def test_the_values_are_no_part_of_a_shape_but_is_null_is() -> None:
    def shape(operator: str, value: Any) -> Any:
        return split(Every((Compare(population, operator, value), Not(BIG))))

    assert shape("eq", 1)[0] == shape("eq", 2)[0]
    assert (shape("eq", 1)[1], shape("eq", 2)[1]) == ([1, 1], [2, 1])
    assert shape("in", (1,))[0] == shape("in", (1, 2, 3))[0]
    assert shape("eq", 1)[0] != shape("ne", 1)[0]
    assert shape("is_null", value=True)[0] != shape("is_null", value=False)[0]
