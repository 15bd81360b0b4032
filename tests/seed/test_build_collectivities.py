"""The compact files are made from the package of the official code, nothing else."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from graph.domain.codes import Kind
from seed.build_collectivities import COLUMNS, build, write

_COMMUNE = {"region": "24", "zone": "metro", "type": "commune-actuelle"}

# Two départements of one région, an EPCI that lies in both, one commune that took in two
# others, one municipal arrondissement, and an EPT.
_PACKAGE: dict[str, list[dict[str, Any]]] = {
    "regions": [{"code": "24", "nom": "Centre"}],
    "departements": [
        {"code": "45", "region": "24", "nom": "Loiret"},
        {"code": "41", "region": "24", "nom": "Loir-et-Cher"},
    ],
    "communes": [
        {
            **_COMMUNE,
            "code": "45234",
            "nom": "Orléans",
            "departement": "45",
            "siren": "214502346",
            "codesPostaux": ["45000", "45100"],
            "population": 100,
            "anciensCodes": ["45998", "45999"],
        },
        {**_COMMUNE, "code": "41018", "nom": "Blois", "departement": "41", "population": 40},
        {
            "code": "45999",
            "nom": "Saint-Marceau",
            "type": "commune-associee",
            "chefLieu": "45234",
            "departement": "45",
            "region": "24",
            "zone": "metro",
        },
        {
            "code": "45201",
            "nom": "Orléans 1er",
            "type": "arrondissement-municipal",
            "commune": "45234",
            "departement": "45",
            "region": "24",
            "zone": "metro",
            "population": 60,
            "codesPostaux": ["45000"],
        },
    ],
    "epci": [
        {
            "code": "200000001",
            "nom": "CA des deux rives",
            "type": "CA",
            "populationMunicipale": 139,
            "membres": [
                {"code": "41018", "populationMunicipale": 39},
                {"code": "45234", "populationMunicipale": 100},
            ],
        }
    ],
    "ept": [
        {
            "code": "200000002",
            "nom": "Rive droite",
            "type": "EPT",
            "populationMunicipale": 40,
            "membres": [{"code": "41018", "populationMunicipale": 40}],
        }
    ],
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    for name, rows in _PACKAGE.items():
        (tmp_path / "data" / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
    return tmp_path


def row(package: Path, kind: Kind, code: str) -> dict[str, Any]:
    (found,) = (r for r in build(package)[0] if (r["kind"], r["code"]) == (kind, code))
    return found


def test_rows_come_by_kind_then_code(package: Path) -> None:
    assert [(r["kind"], r["code"]) for r in build(package)[0]] == [
        ("REGION", "24"),
        ("DEPARTEMENT", "41"),
        ("DEPARTEMENT", "45"),
        ("EPCI", "200000001"),
        ("COMMUNE", "41018"),
        ("COMMUNE", "45234"),
        ("OTHER", "200000002"),
        ("OTHER", "45201"),
        ("OTHER", "45999"),
    ]


def test_an_epci_belongs_where_most_of_its_inhabitants_live(package: Path) -> None:
    epci = row(package, Kind.EPCI, "200000001")
    assert (epci["parent_kind"], epci["parent_code"]) == ("DEPARTEMENT", "45")
    assert (epci["population"], epci["population_year"]) == (139, 2022)
    assert epci["siren"] == epci["epci"] == "200000001"


def test_an_ept_belongs_to_the_epci_of_its_members_and_lies_where_they_do(package: Path) -> None:
    ept = row(package, Kind.OTHER, "200000002")
    assert (ept["parent_kind"], ept["parent_code"]) == ("EPCI", "200000001")
    assert (ept["departement"], ept["ept"]) == ("41", "200000002")
    assert row(package, Kind.COMMUNE, "41018")["ept"] == "200000002"


def test_a_departement_holds_the_sum_of_its_communes(package: Path) -> None:
    region = row(package, Kind.REGION, "24")
    assert (region["population"], region["population_year"]) == (140, 2023)


def test_a_merged_commune_lies_in_its_successor(package: Path) -> None:
    merged = row(package, Kind.OTHER, "45999")
    assert merged["is_current"] == 0
    assert merged["parent_code"] == merged["successor"] == "45234"
    assert merged["epci"] == "200000001"


def test_a_municipal_arrondissement_is_current_and_has_no_successor(package: Path) -> None:
    arrondissement = row(package, Kind.OTHER, "45201")
    assert arrondissement["is_current"] == 1
    assert arrondissement["successor"] is None
    assert arrondissement["parent_code"] == "45234"


def test_every_former_code_leads_to_the_commune_that_lists_it(package: Path) -> None:
    assert build(package)[1] == [
        {"code": "45998", "commune": "45234"},
        {"code": "45999", "commune": "45234"},
    ]


def test_the_same_rows_give_the_same_bytes_without_a_date(package: Path, tmp_path: Path) -> None:
    rows, _ = build(package)
    first, second = tmp_path / "first.csv.gz", tmp_path / "second.csv.gz"
    write(first, COLUMNS, rows)
    write(second, COLUMNS, rows)
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes()[4:8] == bytes(4)
    assert gzip.decompress(first.read_bytes()).decode().startswith("kind,sub_kind,code,")
