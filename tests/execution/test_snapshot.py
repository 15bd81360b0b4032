"""All of one answer is from one state of the data, whatever is imported meanwhile."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from graph.domain.codes import Level
from graph.execution.answer import answer
from graph.schema.build import Schema, build_schema, build_stock_schema
from graph.storage.read import Database, Reader
from tests.storage.rows import World, new_world

QUERY = """{
  categories {
    totalCount
    nodes { slug awards { totalCount nodes { id } } initiatives { totalCount } }
  }
  again: categories { totalCount nodes { slug } }
  awards { totalCount nodes { id category { slug } } }
}"""


@pytest.fixture
def world(engine_url: str) -> Iterator[World]:
    """Two categories with two awards each."""
    with new_world(engine_url) as made:
        for slug in ("blue", "red"):
            for year in (2016, 2017):
                made.award(year, Level.GOLD, category=made.category(slug))
        yield made


@pytest.fixture
def database(world: World, engine_url: str) -> Iterator[Database]:
    with Database(engine_url) as opened:
        yield opened


@pytest.mark.parametrize("build", [build_schema, build_stock_schema])
async def test_an_import_between_two_statements_is_not_seen_before_the_next_question(
    build: Callable[[], Schema],
    world: World,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    schema, rows = build(), Reader.rows
    before = (await answer(schema, database, QUERY)).body
    written = []

    def rows_and_an_import(reader: Reader, *arguments: Any) -> Any:
        found = rows(reader, *arguments)
        written.append(world.award(2020, Level.SILVER, category=world.category(f"new{written}")))
        world.award(2020, Level.BRONZE, category=world.category("blue"))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Reader, "rows", rows_and_an_import)
        during = (await answer(schema, database, QUERY)).body
    assert len(written) >= 5
    assert during == before
    after = (await answer(schema, database, QUERY)).body["data"]
    assert after["categories"]["totalCount"] == 2 + len(written)
    assert after["awards"]["totalCount"] == 4 + 2 * len(written)
