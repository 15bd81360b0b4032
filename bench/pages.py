"""The first page of a connection beside its 1,000th: keyset paging must not feel the depth."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import orjson
import sqlalchemy as sa

from bench.figures import Figure
from bench.loop import run
from bench.questions import PAGES, Question
from graph.execution.answer import answer
from graph.loaders.award import awards
from graph.loaders.collectivity import collectivities
from graph.loaders.initiative import initiatives
from graph.schema.build import Schema, build_schema
from graph.storage.engine import open_engine
from graph.storage.keyset import encode_cursor, mark
from graph.storage.read import Database
from graph.storage.selection import Relation, Selection

LISTS = {"awards": awards, "collectivities": collectivities, "initiatives": initiatives}
PAGE_ROWS, DEEP = 20, 1_000
AT_MOST, AT_SCALE = 1.2, 10

_ROUNDS, _QUICK_ROUNDS = 200, 40
_CALLS = 10


@dataclass(frozen=True, slots=True)
class Deep:
    """A page far down a list: its number, the cursor before it, and its first id."""

    number: int
    cursor: str
    first_uid: str


def measure(url: str, scale: int, *, is_quick: bool) -> list[Figure]:
    """The figures of all lists."""
    rounds = _QUICK_ROUNDS if is_quick else _ROUNDS
    with Database(url) as database:
        schema = build_schema()
        return [
            figure
            for question in PAGES
            for figure in _figures(schema, database, question, scale, rounds)
        ]


def _figures(
    schema: Schema, database: Database, question: Question, scale: int, rounds: int
) -> Iterator[Figure]:
    section, name = f"Pages of {PAGE_ROWS} rows", question.name
    url = database.url.render_as_string(hide_password=False)
    deep = _deep_page(url, LISTS[name])
    first_ms, deep_ms = run(_times(schema, database, question, deep, rounds))
    yield Figure(section, f"{name}: first page", first_ms, "ms")
    yield Figure(section, f"{name}: page {deep.number:,}", deep_ms, "ms")
    yield Figure(
        section,
        f"{name}: the slower against the faster",
        max(first_ms, deep_ms) / min(first_ms, deep_ms),
        "times the time",
        at_most=AT_MOST if scale >= AT_SCALE else None,
    )


def _deep_page(url: str, relation: Relation) -> Deep:
    """The 1,000th page, or the last full one. Walking there by cursor would take long."""
    target: Any = relation.target
    columns: list[Any] = [key.by for key in relation.order]
    order = [
        column.desc() if key.is_descending else column.asc()
        for key, column in zip(relation.order, columns, strict=True)
    ]
    engine = open_engine(url)
    with engine.connect() as connection:
        size = connection.scalar(sa.select(sa.func.count()).select_from(target)) or 0
        number = min(DEEP, size // PAGE_ROWS)
        rows = sa.select(target.c.uid, *columns).order_by(*order).limit(2)
        last, first = connection.execute(rows.offset((number - 1) * PAGE_ROWS - 1)).all()
    engine.dispose()
    return Deep(number, encode_cursor(mark(Selection(relation)), tuple(last[1:])), first.uid)


async def _times(
    schema: Schema, database: Database, question: Question, deep: Deep, rounds: int
) -> tuple[float, float]:
    """The median milliseconds of the first page and of the deep one, taken in turns."""

    async def ask(after: str | None) -> Any:
        answered = await answer(schema, database, question.text, {"after": after})
        orjson.dumps(answered.body)
        return answered.body["data"][question.name]["nodes"]

    nodes = await ask(deep.cursor)
    if len(nodes) != PAGE_ROWS or nodes[0]["id"] != deep.first_uid:
        raise AssertionError(f"{question.name}: the cursor does not lead to page {deep.number}")
    taken: dict[str | None, list[float]] = {None: [], deep.cursor: []}
    for _ in range(rounds):
        for after, times in taken.items():
            began = perf_counter()
            for _ in range(_CALLS):
                await ask(after)
            times.append((perf_counter() - began) * 1000 / _CALLS)
    first_ms, deep_ms = (statistics.median(times) for times in taken.values())
    return first_ms, deep_ms
