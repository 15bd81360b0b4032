"""A partial date is the days that it may be; conditions on it are told by these days alone."""

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from graph.execution.answer import answer
from graph.schema.build import build_schema
from graph.storage.read import Database
from tests.storage.rows import new_world

# Years, months and days at every edge of each other.
DATES = (
    "2016",
    "2017",
    "2018",
    "2016-12",
    "2017-01",
    "2017-06",
    "2017-07",
    "2017-12",
    "2018-01",
    "2020-02",
    "2016-12-31",
    "2017-01-01",
    "2017-06-01",
    "2017-06-15",
    "2017-06-30",
    "2017-07-01",
    "2017-12-31",
    "2018-01-01",
    "2020-02-29",
)
_SEVERAL = (
    (),
    ("2017",),
    ("2017-06", "2017-12-31"),
    ("2016", "2018"),
    ("2017-06-15", "2017-06"),
    DATES,
)
_BETWEEN = [
    (first, last)
    for first in ("2016", "2017", "2017-06", "2017-06-15")
    for last in ("2017", "2017-06", "2017-06-30", "2018", "2016-12-31")
]
_QUERY = """query ($where: InitiativeWhere) {
  initiatives(first: 100, where: $where) { totalCount nodes { slug } }
}"""

SCHEMA = build_schema()

Days = tuple[date, date]


def days(text: str) -> Days:
    """The first and the last day that a partial date may be."""
    year, month, day = [*map(int, text.split("-")), 0, 0][:3]
    first = date(year, month or 1, day or 1)
    last_month = month or 12
    return first, date(year, last_month, day or monthrange(year, last_month)[1])


def _lies_in(own: Days, other: Days) -> bool:
    return other[0] <= own[0] and own[1] <= other[1]


def _lies_outside(own: Days, other: Days) -> bool:
    return own[1] < other[0] or other[1] < own[0]


MEANINGS: dict[str, Callable[[Days, Days], bool]] = {
    "eq": _lies_in,
    "ne": _lies_outside,
    "lt": lambda own, other: own[1] < other[0],
    "lte": lambda own, other: own[1] <= other[1],
    "gt": lambda own, other: own[0] > other[1],
    "gte": lambda own, other: own[0] >= other[0],
}


@pytest.fixture
def database(engine_url: str) -> Iterator[Database]:
    """An initiative for each date, and two whose date is not known."""
    with new_world(engine_url) as world:
        for text in DATES:
            world.initiative(f"on-{text}", launched_on=text)
        world.initiative("some-day")
        world.initiative("one-day")
    with Database(engine_url) as opened:
        yield opened


async def found(database: Database, condition: dict[str, Any]) -> set[str]:
    """The dates that a condition finds; `None` for what is not known."""
    body = (await answer(SCHEMA, database, _QUERY, {"where": {"launchedOn": condition}})).body
    assert "errors" not in body, body
    page = body["data"]["initiatives"]
    assert page["totalCount"] == len(page["nodes"])
    return {node["slug"].removeprefix("on-") for node in page["nodes"]}


async def test_a_condition_holds_when_it_does_for_every_day_that_the_date_may_be(
    database: Database,
) -> None:
    for operator, meaning in MEANINGS.items():
        for value in DATES:
            expected = {text for text in DATES if meaning(days(text), days(value))}
            assert await found(database, {operator: value}) == expected, (operator, value)


async def test_a_date_lies_in_one_of_several_or_outside_of_all(database: Database) -> None:
    for values in _SEVERAL:
        inside = {text for text in DATES if any(_lies_in(days(text), days(v)) for v in values)}
        outside = {
            text for text in DATES if all(_lies_outside(days(text), days(v)) for v in values)
        }
        assert await found(database, {"in": list(values)}) == inside, values
        assert await found(database, {"notIn": list(values)}) == outside, values


async def test_a_date_lies_between_two_when_all_its_days_do(database: Database) -> None:
    for first, last in _BETWEEN:
        expected = {
            text
            for text in DATES
            if days(text)[0] >= days(first)[0] and days(text)[1] <= days(last)[1]
        }
        condition = {"between": {"from": first, "to": last}}
        assert await found(database, condition) == expected, condition


async def test_an_unknown_date_satisfies_is_null_alone(database: Database) -> None:
    unknown = {"some-day", "one-day"}
    assert await found(database, {"isNull": True}) == unknown
    assert await found(database, {"isNull": False}) == set(DATES)
    assert await found(database, {}) == {*DATES, *unknown}
    for operator in MEANINGS:
        assert not await found(database, {operator: "2017"}) & unknown


async def test_conditions_given_together_all_hold(database: Database) -> None:
    assert await found(database, {"gte": "2017-06", "lt": "2018", "ne": "2017-06-15"}) == {
        "2017-07",
        "2017-12",
        "2017-06-01",
        "2017-06-30",
        "2017-07-01",
        "2017-12-31",
    }
