"""Look-ups by the codes, slugs and ids that people have."""

from typing import Any

import pytest

from tests.schema.conftest import Ask, Data

_BY = (
    "query ($by: CollectivityBy!) { collectivity(by: $by)"
    " { kind subKind code name isCurrent formerCodes successor { kind code } } }"
)
_ONE_OF_EACH = """{
  awards(first: 1) { nodes { id } }
  categories(first: 1) { nodes { id } }
  collectivities(first: 1) { nodes { id } }
  editions(first: 1) { nodes { id source { id } } }
  initiatives(first: 1) { nodes { id } }
  metrics(first: 1) { nodes { id } }
  prizes(first: 1) { nodes { id } }
}"""
_TYPES = {
    "Award",
    "Category",
    "Collectivity",
    "Edition",
    "Initiative",
    "Metric",
    "Prize",
    "Source",
}
_UNKNOWN_ID = "col_aaaaaaaaaaaaaaaa"


@pytest.mark.parametrize(
    "question",
    [
        'collectivity(by: {commune: "99999"}) { name }',
        'collectivity(by: {commune: ""}) { name }',
        'collectivity(by: {departement: "00"}) { name }',
        'collectivity(by: {region: "00"}) { name }',
        'collectivity(by: {epci: "000000000"}) { name }',
        'collectivity(by: {other: "nothing-of-the-kind"}) { name }',
        'collectivity(by: {siren: "000000000"}) { name }',
        'category(slug: "nothing-of-the-kind") { slug }',
        'initiative(slug: "nothing-of-the-kind") { slug }',
        'prize(slug: "nothing-of-the-kind") { slug }',
        'edition(prize: "prix-territoria", year: 1789) { year }',
        'edition(prize: "nothing-of-the-kind", year: 2017) { year }',
        f'node(id: "{_UNKNOWN_ID}") {{ id }}',
    ],
)
async def test_what_is_unknown_is_null_without_error(data: Data, question: str) -> None:
    assert await data(f"{{ found: {question} }}") == {"found": None}


async def _by(data: Data, **by: str) -> dict[str, Any]:
    found: dict[str, Any] = (await data(_BY, by=by))["collectivity"]
    return found


async def test_a_former_commune_code_leads_to_the_commune_of_today(data: Data) -> None:
    found = await _by(data, commune="01126")
    assert (found["kind"], found["code"], found["name"]) == ("COMMUNE", "01033", "Valserhône")
    assert found["isCurrent"] is True
    assert "01126" in found["formerCodes"]


async def test_an_associated_commune_answers_itself_and_tells_its_successor(data: Data) -> None:
    found = await _by(data, commune="01120")
    assert (found["kind"], found["subKind"]) == ("OTHER", "commune associée")
    assert found["isCurrent"] is False
    assert found["successor"] == {"kind": "COMMUNE", "code": "01262"}


async def test_a_code_shared_with_a_delegated_commune_answers_the_current_one(data: Data) -> None:
    found = await _by(data, commune="01015")
    assert (found["kind"], found["name"], found["successor"]) == (
        "COMMUNE",
        "Arboys en Bugey",
        None,
    )
    delegated = await _by(data, other="01015")
    assert delegated["subKind"] == "commune déléguée"
    assert delegated["successor"] == {"kind": "COMMUNE", "code": "01015"}


async def test_a_municipal_arrondissement_has_a_commune_code(data: Data) -> None:
    found = await _by(data, commune="75117")
    assert (found["kind"], found["subKind"]) == ("OTHER", "arrondissement municipal")
    assert found["name"] == "Paris 17e Arrondissement"


@pytest.mark.parametrize(
    ("by", "name"),
    [
        ({"departement": "2a"}, "Corse-du-Sud"),
        ({"commune": "2a004"}, "Ajaccio"),
        ({"commune": " 02691 "}, "Saint-Quentin"),
        ({"departement": "28"}, "Eure-et-Loir"),
        ({"region": "28"}, "Normandie"),
        ({"siren": "200 046 977"}, "Métropole de Lyon"),
        ({"siren": "200046977"}, "Métropole de Lyon"),
        ({"epci": "200046977"}, "Métropole de Lyon"),
    ],
    ids=str,
)
async def test_a_code_is_read_as_people_write_it(data: Data, by: dict[str, str], name: str) -> None:
    assert (await _by(data, **by))["name"] == name


async def test_an_epci_has_its_members_and_no_other_collectivity_has_any(data: Data) -> None:
    found = await data(
        '{ lyon: collectivity(by: {epci: "200046977"}) { members { totalCount nodes { kind } } }'
        '  rhone: collectivity(by: {departement: "69"}) { members { totalCount } } }'
    )
    assert found["lyon"]["members"]["totalCount"] == 58
    assert {each["kind"] for each in found["lyon"]["members"]["nodes"]} == {"COMMUNE"}
    assert found["rhone"]["members"]["totalCount"] == 0


async def test_an_edition_is_found_by_prize_and_year(data: Data) -> None:
    found = await data('{ edition(prize: "prix-territoria", year: 2017) { year prize { slug } } }')
    assert found["edition"] == {"year": 2017, "prize": {"slug": "prix-territoria"}}


async def _ids(data: Data) -> list[str]:
    found = await data(_ONE_OF_EACH)
    ids = [page["nodes"][0]["id"] for page in found.values()]
    return [*ids, found["editions"]["nodes"][0]["source"]["id"]]


async def test_a_record_of_each_type_is_found_again_by_its_id(data: Data) -> None:
    types = set()
    for uid in await _ids(data):
        found = await data("query ($id: ID!) { node(id: $id) { __typename id } }", id=uid)
        assert found["node"]["id"] == uid
        types.add(found["node"]["__typename"])
    assert types == _TYPES


async def test_records_of_all_types_come_in_the_order_asked_and_null_where_unknown(
    data: Data,
) -> None:
    known = await _ids(data)
    ids = [*reversed(known), _UNKNOWN_ID, known[0], known[0]]
    found = await data("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=ids)
    assert [node and node["id"] for node in found["nodes"]] == [
        None if uid == _UNKNOWN_ID else uid for uid in ids
    ]
    assert {node["__typename"] for node in found["nodes"] if node} == _TYPES


async def test_a_malformed_id_among_others_is_an_error_in_its_place(ask: Ask) -> None:
    asked = await ask('{ prizes { nodes { id } } nodes(ids: ["nonsense"]) { id } }')
    uid = asked.body["data"]["prizes"]["nodes"][0]["id"]
    answered = await ask(f'{{ nodes(ids: ["{uid}", "nonsense", "{uid}"]) {{ id }} }}')
    assert answered.body["data"] == {"nodes": [{"id": uid}, None, {"id": uid}]}
    (error,) = answered.body["errors"]
    assert error["path"] == ["nodes", 1]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
