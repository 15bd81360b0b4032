"""What is known of the data from elsewhere, written by hand: no golden file can drift past it."""

from typing import Any

import pytest

from graph.storage.read import Database
from tests.golden.test_golden import answered


async def asked(name: str, database: Database) -> Any:
    return (await answered(name, database)).body["data"]


@pytest.fixture
async def edition(database: Database) -> Any:
    return (await asked("palmares", database))["edition"]


@pytest.fixture
def awards(edition: Any) -> dict[str, Any]:
    """The awards of 2017 by the name of their laureate."""
    return {award["laureates"][0]["name"]: award for award in edition["awards"]["nodes"]}


def test_the_winners_of_2017_have_the_levels_of_the_palmares(awards: dict[str, Any]) -> None:
    assert {name: award["level"] for name, award in awards.items()} == {
        "Loiret": "GOLD",
        "Alpes-Maritimes": "GOLD",
        "Saverdun": "GOLD",
        "Mayenne": "UNKNOWN",
    }


def test_each_winner_of_2017_won_alone_and_is_told_by_kind_and_code(
    awards: dict[str, Any],
) -> None:
    assert {name: len(award["laureates"]) for name, award in awards.items()} == {
        "Loiret": 1,
        "Alpes-Maritimes": 1,
        "Saverdun": 1,
        "Mayenne": 1,
    }
    known = {
        name: (award["laureates"][0]["kind"], award["laureates"][0]["code"])
        for name, award in awards.items()
    }
    assert known == {
        "Loiret": ("DEPARTEMENT", "45"),
        "Alpes-Maritimes": ("DEPARTEMENT", "06"),
        "Saverdun": ("COMMUNE", "09282"),
        "Mayenne": ("DEPARTEMENT", "53"),
    }


def test_a_parent_is_the_departement_of_a_commune_or_the_region_of_a_departement(
    awards: dict[str, Any],
) -> None:
    parents = {name: award["laureates"][0]["parent"] for name, award in awards.items()}
    assert parents["Saverdun"] == {"kind": "DEPARTEMENT", "code": "09", "name": "Ariège"}
    assert parents["Loiret"] == {"kind": "REGION", "code": "24", "name": "Centre-Val de Loire"}
    assert parents["Mayenne"]["name"] == "Pays de la Loire"


def test_4_of_the_38_awards_announced_for_2017_are_loaded(edition: Any) -> None:
    assert edition["announcedAwards"] == 38
    assert edition["awards"]["totalCount"] == len(edition["awards"]["nodes"]) == 4


async def test_the_data_set_tells_the_same_coverage_of_2017(database: Database) -> None:
    coverage = (await asked("release", database))["dataset"]["coverage"]
    of_2017 = [
        (row["announced"], row["loaded"])
        for row in coverage
        if (row["prize"], row["year"]) == ("prix-territoria", 2017)
    ]
    assert of_2017 == [(38, 4)]


async def test_all_290_awards_are_in_the_coverage(database: Database) -> None:
    coverage = (await asked("release", database))["dataset"]["coverage"]
    assert sum(row["loaded"] for row in coverage) == 290


def test_the_prize_is_the_prix_territoria(edition: Any) -> None:
    assert edition["year"] == 2017
    assert edition["prize"]["name"] == "Prix Territoria"


@pytest.mark.parametrize(
    ("name", "value", "qualifier"),
    [("consultations", 2730, "près de"), ("patients pris en charge", 1880, "plus de")],
)
def test_a_metric_of_mayenne_keeps_the_words_before_its_figure(
    awards: dict[str, Any], name: str, value: int, qualifier: str
) -> None:
    metrics = awards["Mayenne"]["initiative"]["metrics"]
    found = [metric for metric in metrics if metric["value"] == value]
    assert [(metric["name"], metric["qualifier"]) for metric in found] == [(name, qualifier)]


async def test_02691_is_saint_quentin_in_the_aisne(database: Database) -> None:
    commune = (await asked("commune", database))["collectivity"]
    assert commune["name"] == "Saint-Quentin"
    assert commune["postalCodes"] == ["02100"]
    assert commune["departement"] == {"name": "Aisne"}
    assert commune["region"] == {"name": "Hauts-de-France"}
    assert commune["epci"]["siren"] == "200071892"
    assert commune["siren"] == "210206660"


async def test_the_loiret_won_gold_once_in_2017(database: Database) -> None:
    loiret = (await asked("loiret", database))["collectivity"]
    assert (loiret["name"], loiret["kind"]) == ("Loiret", "DEPARTEMENT")
    assert loiret["awards"]["totalCount"] == 1
    [award] = loiret["awards"]["nodes"]
    assert (award["edition"]["year"], award["level"]) == (2017, "GOLD")


async def test_initiatives_come_by_slug_twenty_at_first(database: Database) -> None:
    page = (await asked("lists", database))["initiatives"]
    slugs = [edge["node"]["slug"] for edge in page["edges"]]
    assert len(slugs) == 20
    assert slugs == sorted(set(slugs))
    assert page["pageInfo"] == {"hasNextPage": True, "endCursor": page["edges"][-1]["cursor"]}
    assert page["totalCount"] > 20
