"""Pages give every row once, in one order, both ways, whatever is written meanwhile."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from graph.domain.codes import LEVEL_RANK, Kind, Level
from graph.execution.answer import answer
from graph.schema.build import build_schema
from graph.storage.read import Database
from tests.storage.rows import World, new_world

schema = build_schema()

LEVELS = (Level.GOLD, Level.SILVER, Level.UNKNOWN)
SIZES = (1, 3, 7)


@dataclass(frozen=True)
class Listed:
    """A connection by the document around it, and what orders its rows."""

    around: str
    order: Callable[[dict[str, Any]], Any]
    fields: str
    insert: Callable[[World, int], Any]


def _award_order(award: dict[str, Any]) -> Any:
    # Newest first, best first, then from the highest key: all of it descends.
    return [-award["year"], -LEVEL_RANK[Level(award["level"])], _descending(award["id"])]


def _descending(text: str) -> list[int]:
    return [-ord(letter) for letter in text]


def _insert_award(world: World, number: int) -> None:
    # Ties in year and level with rows that are there, at both ends and in the middle.
    letter = "azm"[number % 3]
    world.award(2016 + number % 6, LEVELS[number % 3], f"award-{letter}-{number:04}")


def _insert_award_in_blue(world: World, number: int) -> None:
    key = f"award-0000-{number:04}"
    world.award(2016 + number % 6, LEVELS[number % 3], key, world.category("blue"))


LISTS = {
    "awards": Listed("%s", _award_order, "id year level", _insert_award),
    "initiatives": Listed(
        "%s",
        lambda row: row["slug"].encode(),
        "id slug",
        lambda world, number: world.initiative(f"{'aé-Zm'[number % 5]}-{number:03}x"),
    ),
    "collectivities": Listed(
        "%s",
        lambda row: (row["kind"], row["code"]),
        "id kind code",
        lambda world, number: world.collectivity(list(Kind)[number % 5], f"0{number:03}x"),
    ),
    "category": Listed(
        'category(slug: "blue") { %s }', _award_order, "id year level", _insert_award_in_blue
    ),
}


@pytest.fixture
def world(engine_url: str) -> Iterator[World]:
    """25 awards in 5 years, 16 of them in blue and 4 in red, 22 initiatives, 23 collectivities."""
    with new_world(engine_url) as made:
        blue, red = made.category("blue"), made.category("red")
        for number in range(25):
            category = blue if number % 3 else red if number % 2 else None
            made.award(2016 + number * 7 % 5, LEVELS[number % 2], category=category)
        for number in range(22):
            made.initiative(f"{'éaZb'[number % 4]}-{number * 5 % 22:03}")
        for number in range(23):
            made.collectivity(list(Kind)[number % 5], f"{number * 9 % 23:02}")
        yield made


@pytest.fixture
def database(world: World, engine_url: str) -> Iterator[Database]:
    with Database(engine_url) as opened:
        yield opened


async def asked(database: Database, query: str) -> dict[str, Any]:
    return (await answer(schema, database, query)).body


async def page(database: Database, name: str, arguments: str) -> dict[str, Any]:
    """A page of one of the lists."""
    listed = LISTS[name]
    connection = f"""{"awards" if name == "category" else name}({arguments}) {{
        totalCount nodes {{ id }} edges {{ cursor node {{ {listed.fields} }} }}
        pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
    }}"""
    body = await asked(database, "{" + listed.around % connection + "}")
    assert "errors" not in body, body
    found = body["data"]["category"]["awards"] if name == "category" else body["data"][name]
    rows = [edge["node"] for edge in found["edges"]]
    assert [row["id"] for row in rows] == [node["id"] for node in found["nodes"]]
    info = found["pageInfo"]
    cursors = [edge["cursor"] for edge in found["edges"]] or [None]
    assert (info["startCursor"], info["endCursor"]) == (cursors[0], cursors[-1])
    return {"rows": rows, "count": found["totalCount"], **info}


async def walked(
    database: Database,
    name: str,
    size: int,
    *,
    is_backward: bool = False,
    between: Callable[[], Any] = lambda: None,
) -> list[dict[str, Any]]:
    """All rows of a list, page by page, in the order of the list."""
    size_name, bound, ahead, behind, cursor = (
        ("last", "before", "hasPreviousPage", "hasNextPage", "startCursor")
        if is_backward
        else ("first", "after", "hasNextPage", "hasPreviousPage", "endCursor")
    )
    rows: list[dict[str, Any]] = []
    arguments, is_first = f"{size_name}: {size}", True
    for _ in range(200):
        found = await page(database, name, arguments)
        assert found[behind] is not is_first
        rows = [*found["rows"], *rows] if is_backward else [*rows, *found["rows"]]
        if not found[ahead]:
            return rows
        assert len(found["rows"]) == size
        arguments, is_first = f'{size_name}: {size}, {bound}: "{found[cursor]}"', False
        between()
    raise AssertionError(f"no end of {name} after 200 pages of {size}")


async def whole(database: Database, name: str) -> list[dict[str, Any]]:
    found = await page(database, name, "first: 100")
    assert not found["hasNextPage"]
    assert not found["hasPreviousPage"]
    assert found["count"] == len(found["rows"])
    return found["rows"]


@pytest.mark.parametrize(
    ("name", "count"),
    [("awards", 25), ("initiatives", 22), ("collectivities", 23), ("category", 16)],
)
async def test_pages_of_any_size_give_every_row_once_both_ways(
    database: Database, name: str, count: int
) -> None:
    rows = await whole(database, name)
    assert len({row["id"] for row in rows}) == len(rows) == count
    assert rows == sorted(rows, key=LISTS[name].order)
    for size in SIZES:
        assert await walked(database, name, size) == rows
        assert await walked(database, name, size, is_backward=True) == rows


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("is_backward", [False, True])
async def test_rows_inserted_meanwhile_neither_repeat_nor_lose_the_others(
    database: Database, world: World, name: str, *, is_backward: bool
) -> None:
    listed, numbers = LISTS[name], iter(range(1000))
    for size in SIZES:
        before = await whole(database, name)
        rows = await walked(
            database,
            name,
            size,
            is_backward=is_backward,
            # New rows come slower than pages, or a walk by single rows would not end.
            between=lambda: [
                listed.insert(world, number)
                for number in [next(numbers)]
                if number % 2 == 0 or size > 1  # noqa: B023
            ],
        )
        seen = [row["id"] for row in rows]
        assert len(set(seen)) == len(seen)
        assert [row for row in rows if row in before] == before
        assert rows == sorted(rows, key=listed.order)
        assert len(await whole(database, name)) > len(before)


async def test_each_parent_has_a_page_of_its_own(database: Database) -> None:
    nested = "categories { nodes { slug awards(first: %d) { totalCount nodes { id } } } }"
    all_of, some_of = [
        (await asked(database, "{" + nested % size + "}"))["data"]["categories"]["nodes"]
        for size in (100, 3)
    ]
    assert [len(each["awards"]["nodes"]) for each in all_of] == [16, 4]
    for every, some in zip(all_of, some_of, strict=True):
        assert some["awards"]["nodes"] == every["awards"]["nodes"][:3]
        assert some["awards"]["totalCount"] == len(every["awards"]["nodes"])


@pytest.mark.parametrize("name", LISTS)
async def test_a_page_of_no_rows_still_counts(database: Database, name: str) -> None:
    count = len(await whole(database, name))
    for size in ("first", "last"):
        found = await page(database, name, f"{size}: 0")
        assert found["rows"] == []
        assert found["count"] == count
        ahead = "hasNextPage" if size == "first" else "hasPreviousPage"
        behind = "hasPreviousPage" if size == "first" else "hasNextPage"
        assert (found[ahead], found[behind]) == (True, False)


async def test_a_page_between_two_cursors_holds_what_lies_between(database: Database) -> None:
    first = await page(database, "awards", "first: 5")
    last = await page(database, "awards", "last: 5")
    bounds = f'after: "{first["endCursor"]}", before: "{last["startCursor"]}"'
    rows = await whole(database, "awards")
    for size in ("first", "last"):
        between = await page(database, "awards", f"{size}: 100, {bounds}")
        assert between["rows"] == rows[5:-5]
        assert (between["hasPreviousPage"], between["hasNextPage"]) == (True, True)
    assert (await page(database, "awards", f"first: 2, {bounds}"))["rows"] == rows[5:7]
    assert (await page(database, "awards", f"last: 2, {bounds}"))["rows"] == rows[-7:-5]
