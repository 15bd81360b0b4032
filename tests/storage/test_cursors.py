"""A cursor that is not one of the same list and filter is refused, and told how to mend it."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from typing import Any

import pytest

from graph.execution.answer import answer
from graph.schema.build import build_schema
from graph.storage.keyset import encode_cursor
from graph.storage.read import Database
from tests.storage.rows import new_world

schema = build_schema()

OF_GOLD = "where: {level: {eq: GOLD}}"
REMEDIES = ("pass an `endCursor`", "start again without it")
MARK_CHARACTERS = 18  # what comes before holds the mark of the question, not the row


@pytest.fixture
def database(engine_url: str) -> Iterator[Database]:
    """Five awards in one category, two initiatives."""
    with new_world(engine_url) as world:
        blue = world.category("blue")
        for year in range(2016, 2021):
            world.award(year, category=blue)
        for slug in ("a", "b"):
            world.initiative(slug)
    with Database(engine_url) as opened:
        yield opened


async def asked(database: Database, query: str) -> dict[str, Any]:
    return (await answer(schema, database, query)).body


async def cursor_of(database: Database, name: str, where: str = "") -> str:
    body = await asked(database, f"{{ {name}(first: 1 {where}) {{ pageInfo {{ endCursor }} }} }}")
    return str(body["data"][name]["pageInfo"]["endCursor"])


async def used(database: Database, cursor: str, where: str = "") -> list[dict[str, Any]]:
    """What the awards after and before a cursor answer."""
    return [
        await asked(database, f'{{ awards({bound}: "{cursor}" {where}) {{ nodes {{ id }} }} }}')
        for bound in ("after", "before")
    ]


def assert_refused(bodies: list[dict[str, Any]]) -> None:
    for bound, body in zip(("after", "before"), bodies, strict=True):
        assert body["data"] == {"awards": None}
        [error] = body["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert error["message"].startswith(f"`{bound}: ")
        assert any(remedy in error["message"] for remedy in REMEDIES), error["message"]


async def test_a_cursor_of_the_same_list_and_filter_is_taken(database: Database) -> None:
    for where in ("", OF_GOLD):
        after, before = await used(database, await cursor_of(database, "awards", where), where)
        assert len(after["data"]["awards"]["nodes"]) == 4
        assert before["data"]["awards"]["nodes"] == []


async def test_a_truncated_or_lengthened_cursor_is_refused(database: Database) -> None:
    cursor = await cursor_of(database, "awards")
    for length in range(len(cursor)):
        assert_refused(await used(database, cursor[:length]))
    for more in ("A", "=", "==", cursor, " "):
        assert_refused(await used(database, cursor + more))


async def test_a_cursor_with_an_altered_mark_is_refused(database: Database) -> None:
    cursor = await cursor_of(database, "awards")
    for at in range(MARK_CHARACTERS):
        for letter in "AxZ0_":
            altered = cursor[:at] + letter + cursor[at + 1 :]
            if altered != cursor:
                assert_refused(await used(database, altered))


async def test_a_cursor_altered_anywhere_is_a_place_or_refused(database: Database) -> None:
    cursor = await cursor_of(database, "awards")
    refused = 0
    for at in range(MARK_CHARACTERS, len(cursor)):
        for letter in "AxZ0_é":
            bodies = await used(database, cursor[:at] + letter + cursor[at + 1 :])
            if "errors" in bodies[0]:
                assert_refused(bodies)
                refused += 1
            else:
                assert len({node["id"] for node in bodies[0]["data"]["awards"]["nodes"]}) <= 5
    assert refused > len(cursor)


async def test_what_is_no_cursor_is_refused(database: Database) -> None:
    for cursor in ("", "é", "W10", "bnVsbA", "e30", "WzFd", "cursor", "A" * 500):
        assert_refused(await used(database, cursor))


async def test_a_cursor_of_another_list_is_refused(database: Database) -> None:
    for name in ("initiatives", "editions", "categories"):
        assert_refused(await used(database, await cursor_of(database, name)))


async def test_a_cursor_of_awards_of_a_category_is_not_one_of_all_awards(
    database: Database,
) -> None:
    body = await asked(
        database, '{ category(slug: "blue") { awards(first: 1) { edges { cursor } } } }'
    )
    [edge] = body["data"]["category"]["awards"]["edges"]
    assert_refused(await used(database, edge["cursor"]))


async def test_a_cursor_of_another_filter_is_refused(database: Database) -> None:
    plain, of_gold = [await cursor_of(database, "awards", where) for where in ("", OF_GOLD)]
    assert_refused(await used(database, of_gold))
    assert_refused(await used(database, plain, OF_GOLD))
    assert_refused(await used(database, of_gold, "where: {level: {ne: GOLD}}"))
    assert_refused(await used(database, of_gold, "where: {level: {eq: SILVER}}"))


# One list for each type that a key can have.
TYPED = (
    "awards(orderBy: [{year: ASC}])",
    "awards(orderBy: [{categoryAsPrinted: ASC}])",
    "awards(orderBy: [{laureates: {count: DESC}}])",
    'initiatives(orderBy: [{metrics: {sum: DESC, unit: "EUR"}}])',
    "awardGroups(by: [YEAR], orderBy: [{previous: DESC}])",
    "awardGroups(by: [YEAR, REGION], orderBy: [{perCapita: DESC}])",
    'awardGroups(by: [YEAR], orderBy: [{values: {unit: "EUR", median: DESC}}])',
)
FORGED = (None, True, 0, -1, 2**31, 2**63 - 1, -(2**63), 2**64 - 1, 0.5, 1e308, "", "x", "\0", [])


async def test_a_forged_cursor_is_a_place_or_refused(database: Database) -> None:
    """A value that a database could not take would be refused in its own words, as a fault."""
    refused = 0
    for listed in TYPED:
        body = await asked(database, f"{{ found: {listed} {{ edges {{ cursor }} }} }}")
        values = _opened(body["data"]["found"]["edges"][0]["cursor"])
        for at in range(1, len(values)):
            for value in FORGED:
                forged = [*values[:at], value, *values[at + 1 :]]
                cursor = encode_cursor(forged[0], tuple(forged[1:]))
                for bound in ("after", "before"):
                    page = f'{listed[:-1]}, {bound}: "{cursor}")'
                    body = await asked(database, f"{{ found: {page} {{ edges {{ cursor }} }} }}")
                    codes = [error["extensions"]["code"] for error in body.get("errors", [])]
                    assert codes in ([], ["BAD_USER_INPUT"]), (listed, value, body)
                    refused += len(codes)
    assert refused > len(TYPED) * len(FORGED)


def _opened(cursor: str) -> list[Any]:
    values: list[Any] = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return values
