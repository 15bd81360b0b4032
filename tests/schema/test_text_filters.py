"""Texts are found whatever their case, accents and signs; nothing in them is a pattern."""

from collections.abc import Iterator
from typing import Any

import pytest

from graph.domain.codes import Kind
from graph.domain.text import fold
from graph.execution.answer import answer
from graph.schema.build import build_schema
from graph.storage.read import Database
from tests.storage.rows import new_world

NAMES = (
    "L’Haÿ-les-Roses",
    "Saint-Étienne",
    "Saint-Étienne-du-Rouvray",
    "Œuilly",
    "Cœuvres-et-Valsery",
    "Ville d'Évreux",
    "50 % de bio",
    "1500 arbres",
    "a_b",
    "axb",
    "back\\slash",
    "Straße",
)
_QUERY = """query ($where: CollectivityWhere) {
  collectivities(first: 100, where: $where) { nodes { name code } }
}"""
SCHEMA = build_schema()


@pytest.fixture
def database(engine_url: str) -> Iterator[Database]:
    """A commune of each name, coded by it, and sub-kinds that are known for some."""
    with new_world(engine_url) as world:
        for number, name in enumerate(NAMES):
            made = world.collectivity(
                Kind.COMMUNE,
                name,
                name_folded=fold(name),
                sub_kind=("one", "two", None)[number % 3],
                population=(5, 10, None)[number % 3],
            )
            assert made.name == name
    with Database(engine_url) as opened:
        yield opened


async def found(database: Database, **where: Any) -> set[str]:
    body = (await answer(SCHEMA, database, _QUERY, {"where": where})).body
    assert "errors" not in body, body
    return {node["name"] for node in body["data"]["collectivities"]["nodes"]}


CONTAINED: list[tuple[str, set[str]]] = [
    ("hay", {"L’Haÿ-les-Roses"}),
    ("L'HAŸ LES", {"L’Haÿ-les-Roses"}),
    ("l hay\u2010les\u2011roses", {"L’Haÿ-les-Roses"}),
    ("l\u02bchaÿ", {"L’Haÿ-les-Roses"}),
    ("saint etienne", {"Saint-Étienne", "Saint-Étienne-du-Rouvray"}),
    ("etienne-DU", {"Saint-Étienne-du-Rouvray"}),
    (" -étienne- ", {"Saint-Étienne", "Saint-Étienne-du-Rouvray"}),
    ("œu", {"Œuilly", "Cœuvres-et-Valsery"}),
    ("OEU", {"Œuilly", "Cœuvres-et-Valsery"}),
    ("d’évreux", {"Ville d'Évreux"}),
    ("devreux", set()),
    ("50", {"50 % de bio", "1500 arbres"}),
    ("50 %", {"50 % de bio", "1500 arbres"}),
    ("50%DE", {"50 % de bio"}),
    ("5%0", set()),
    ("1_00", set()),
    ("a_b", {"a_b"}),
    ("a b", {"a_b"}),
    ("k\\s", {"back\\slash"}),
    ("kslash", set()),
    ("STRASSE", {"Straße"}),
    ("ß", {"Straße"}),
]


async def test_contains_finds_a_part_of_a_text_however_it_is_written(database: Database) -> None:
    for text, names in CONTAINED:
        assert await found(database, name={"contains": text}) == names, text


BEGINNINGS: list[tuple[str, set[str]]] = [
    ("l hay", {"L’Haÿ-les-Roses"}),
    ("hay", set()),
    ("SAINT E", {"Saint-Étienne", "Saint-Étienne-du-Rouvray"}),
    ("saint-étienne-", {"Saint-Étienne", "Saint-Étienne-du-Rouvray"}),
    ("saint étienne d", {"Saint-Étienne-du-Rouvray"}),
    ("oe", {"Œuilly"}),
    ("o", {"Œuilly"}),
    ("a", {"a_b", "axb"}),
    ("a_", {"a_b", "axb"}),  # a sign at the end separates nothing
    ("a b", {"a_b"}),
    ("5", {"50 % de bio"}),
    ("%5", {"50 % de bio"}),
]


async def test_starts_with_finds_the_beginning_of_a_text_however_it_is_written(
    database: Database,
) -> None:
    for text, names in BEGINNINGS:
        assert await found(database, name={"startsWith": text}) == names, text


async def test_other_conditions_on_a_text_are_exact(database: Database) -> None:
    assert await found(database, name={"eq": "Saint-Étienne"}) == {"Saint-Étienne"}
    assert await found(database, name={"eq": "saint-étienne"}) == set()
    assert await found(database, name={"in": ["Œuilly", "OEUILLY", "a%b"]}) == {"Œuilly"}
    assert await found(database, name={"ne": "Œuilly"}) == set(NAMES) - {"Œuilly"}
    assert await found(database, name={"notIn": list(NAMES[1:])}) == {NAMES[0]}


CODES: list[tuple[str, set[str]]] = [
    ("a_", {"a_b"}),
    ("A_", set()),
    ("a%", set()),
    ("Saint-É", {"Saint-Étienne", "Saint-Étienne-du-Rouvray"}),
    ("Saint-E", set()),
    ("back\\", {"back\\slash"}),
    ("50 %", {"50 % de bio"}),
    ("", set(NAMES)),
]


async def test_a_code_begins_letter_by_letter(database: Database) -> None:
    for start, codes in CODES:
        assert await found(database, code={"startsWith": start}) == codes, start


KNOWN = {name for number, name in enumerate(NAMES) if number % 3 != 2}
ONES, TWOS = ({name for n, name in enumerate(NAMES) if n % 3 == rest} for rest in (0, 1))
UNKNOWN = set(NAMES) - KNOWN


CONDITIONS: list[tuple[dict[str, Any], set[str]]] = [
    ({}, set(NAMES)),
    ({"subKind": {}}, set(NAMES)),
    ({"subKind": {"eq": "one"}}, ONES),
    ({"subKind": {"ne": "one"}}, TWOS),
    ({"subKind": {"in": ["one", "none"]}}, ONES),
    ({"subKind": {"in": []}}, set()),
    ({"subKind": {"notIn": ["one"]}}, TWOS),
    ({"subKind": {"notIn": []}}, KNOWN),
    ({"subKind": {"startsWith": ""}}, KNOWN),
    ({"subKind": {"isNull": True}}, UNKNOWN),
    ({"subKind": {"isNull": False}}, KNOWN),
    ({"not": {"subKind": {"eq": "one"}}}, TWOS | UNKNOWN),
    ({"not": {"subKind": {"ne": "one"}}}, ONES | UNKNOWN),
    ({"not": {"subKind": {"isNull": True}}}, KNOWN),
    ({"not": {}}, set()),
    ({"or": []}, set()),
    ({"and": []}, set(NAMES)),
    ({"or": [{}]}, set(NAMES)),
    ({"or": [{"subKind": {"isNull": True}}, {"subKind": {"eq": "two"}}]}, TWOS | UNKNOWN),
    ({"population": {"lt": 10}}, ONES),
    ({"population": {"lte": 10}}, KNOWN),
    ({"population": {"between": {"from": 5, "to": 10}}}, KNOWN),
    ({"population": {"between": {"from": 10, "to": 5}}}, set()),
    ({"population": {"between": {"from": 6, "to": 10}}}, TWOS),
    ({"population": {"ne": 5}}, TWOS),
    ({"population": {"gt": 5, "isNull": True}}, set()),
    ({"parent": {}}, set(NAMES)),
    ({"not": {"parent": {"kind": {"eq": "REGION"}}}}, set(NAMES)),
    ({"awards": {}}, set(NAMES)),
    ({"awards": {"some": {}}}, set()),
    ({"awards": {"none": {}}}, set(NAMES)),
    ({"awards": {"count": {}}}, set(NAMES)),
    ({"awards": {"count": {"eq": 0}}}, set(NAMES)),
    ({"awards": {"count": {"isNull": True}}}, set()),
    ({"awards": {"count": {"isNull": False}}}, set(NAMES)),
    ({"awards": {"count": {"gt": 0}}}, set()),
    ({"awards": {"count": {"lt": 1}, "where": {"year": {"eq": 2017}}}}, set(NAMES)),
]


async def test_what_is_unknown_satisfies_is_null_alone_and_what_is_absent_asks_nothing(
    database: Database,
) -> None:
    for where, names in CONDITIONS:
        assert await found(database, **where) == names, where


async def test_a_null_argument_is_as_an_absent_one(database: Database) -> None:
    for given in ("", "(where: null)", "(where: {})", "(where: null, orderBy: null, first: null)"):
        body = (
            await answer(SCHEMA, database, f"{{ collectivities{given} {{ totalCount }} }}")
        ).body
        assert body == {"data": {"collectivities": {"totalCount": len(NAMES)}}}
    (error,) = (await answer(SCHEMA, database, _QUERY, {"where": {"subKind": {"eq": None}}})).body[
        "errors"
    ]
    assert "cannot be null; leave it out, or give it a value" in error["message"]
