"""The committed files hold what they should, and both engines hold it alike."""

import csv
import gzip
import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from graph.domain.text import fold
from graph.domain.uid import make_uid
from seed.files import FILES
from seed.load import load
from seed.sources import DATA

# One source more than the file has: the list itself.
_RECORDS = {
    "Source": 118,
    "Collectivity": 39_009,
    "Category": 32,
    "Prize": 4,
    "Edition": 46,
    "Initiative": 180,
    "Award": 290,
    "Metric": 134,
}
_ROWS = {
    "source": 118,
    "collectivity": 39_009,
    "former_code": 4_240,
    "postal_code": 35_539,
    "category": 32,
    "prize": 4,
    "edition": 46,
    "initiative": 180,
    "initiative_holder": 183,
    "initiative_category": 167,
    "initiative_source": 183,
    "award": 290,
    "laureate": 297,
    "metric": 134,
}


def rows(engine: sa.Engine, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement), values)]


def test_the_first_load_creates_all_and_the_second_changes_nothing_and_says_so(
    engine: sa.Engine,
) -> None:
    first = load(engine)
    assert {name: count.created for name, count in first.counts.items()} == _RECORDS
    assert not first.is_unchanged
    for table, number in _ROWS.items():
        assert rows(engine, f"SELECT count(*) FROM {table}") == [(number,)]

    second = load(engine)
    assert second.is_unchanged
    assert second.release == first.release
    assert {name: count.unchanged for name, count in second.counts.items()} == _RECORDS
    assert second.summary() == (
        f"release {first.release} is current: {sum(_RECORDS.values()):,} records, nothing changed"
    )
    assert rows(engine, "SELECT count(*) FROM release") == [(1,)]


def test_one_changed_title_is_one_changed_row_in_a_new_release(
    engine: sa.Engine, tmp_path: Path
) -> None:
    first = load(engine)
    folder = tmp_path / "data"
    shutil.copytree(str(DATA), folder)
    initiatives = folder / "initiatives.csv"
    text = initiatives.read_text()
    initiatives.write_text(text.replace("Un médecin traitant pour tous", "Un médecin pour tous"))

    second = load(engine, folder)
    assert second.release != first.release
    changed = {name: count.changed for name, count in second.counts.items() if count.changed}
    assert changed == {"Initiative": 1}
    assert rows(
        engine,
        "SELECT title FROM initiative WHERE slug = 'mayenne-un-medecin-traitant-pour-tous'",
    ) == [("Un médecin pour tous",)]


def test_all_territories_of_the_official_code_are_there(loaded: sa.Engine) -> None:
    counts = rows(
        loaded, "SELECT kind, is_current, count(*) FROM collectivity GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert counts == [
        ("COMMUNE", 1, 34_969),
        ("DEPARTEMENT", 1, 109),
        ("EPCI", 1, 1_255),
        ("OTHER", 0, 2_105 + 471 + 4),
        ("OTHER", 1, 45 + 11 + 14),
        ("REGION", 1, 26),
    ]


def test_others_say_what_they_are(loaded: sa.Engine) -> None:
    counts = dict(
        rows(
            loaded,
            "SELECT sub_kind, count(*) FROM collectivity WHERE kind = 'OTHER' GROUP BY 1",
        )
    )
    assert counts["commune déléguée"] == 2_105
    assert counts["commune associée"] == 471
    assert counts["arrondissement municipal"] == 45
    assert counts["EPT"] == 11
    assert counts["centre communal d’action sociale"] == 4
    assert None not in counts


def test_epci_and_ept_have_their_members(loaded: sa.Engine) -> None:
    statement = "SELECT count(*) FROM collectivity WHERE kind = 'COMMUNE' AND {} IS NOT NULL"
    assert rows(loaded, statement.format("epci_id")) == [(34_871,)]
    assert rows(loaded, statement.format("ept_id")) == [(129,)]
    assert rows(
        loaded,
        "SELECT c.name FROM collectivity c JOIN collectivity e ON c.epci_id = e.id "
        "WHERE e.code = '242900314' AND c.kind = 'COMMUNE' ORDER BY c.code",
    ) == [
        ("Bohars",),
        ("Brest",),
        ("Gouesnou",),
        ("Guilers",),
        ("Guipavas",),
        ("Plougastel-Daoulas",),
        ("Plouzané",),
        ("Le Relecq-Kerhuon",),
    ]


def test_a_commune_knows_its_parents_siren_postal_codes_and_population(loaded: sa.Engine) -> None:
    assert rows(
        loaded,
        "SELECT c.name, c.siren, c.postal_codes, c.population, c.population_year, p.code, "
        "d.name, r.name, e.name, e.siren FROM collectivity c "
        "JOIN collectivity p ON p.id = c.parent_id JOIN collectivity d ON d.id = c.departement_id "
        "JOIN collectivity r ON r.id = c.region_id JOIN collectivity e ON e.id = c.epci_id "
        "WHERE c.kind = 'COMMUNE' AND c.code = '02691'",
    ) == [
        (
            "Saint-Quentin",
            "210206660",
            "02100",
            52_813,
            2023,
            "02",
            "Aisne",
            "Hauts-de-France",
            "CA du Saint-Quentinois",
            "200071892",
        )
    ]


@pytest.mark.parametrize(
    ("kind", "code", "population", "year"),
    [
        ("DEPARTEMENT", "45", 691_268, 2023),
        ("REGION", "28", 3_345_842, 2023),
        ("DEPARTEMENT", "976", 256_518, 2017),
        ("DEPARTEMENT", "987", 278_786, None),
        ("DEPARTEMENT", "984", None, None),
        ("COMMUNE", "97701", 10_660, None),
        ("COMMUNE", "98901", None, None),
        ("EPCI", "242100410", 258_630, 2022),
        ("OTHER", "75117", 159_212, 2023),
    ],
)
def test_a_population_comes_with_its_year_if_the_source_tells_it(
    loaded: sa.Engine, kind: str, code: str, population: int | None, year: int | None
) -> None:
    assert rows(
        loaded,
        "SELECT population, population_year FROM collectivity WHERE kind = :kind AND code = :code",
        kind=kind,
        code=code,
    ) == [(population, year)]


def test_a_kind_and_a_code_together_name_a_collectivity(loaded: sa.Engine) -> None:
    assert rows(loaded, "SELECT kind, name FROM collectivity WHERE code = '28' ORDER BY kind") == [
        ("DEPARTEMENT", "Eure-et-Loir"),
        ("REGION", "Normandie"),
    ]
    assert rows(
        loaded,
        "SELECT count(*) FROM collectivity o JOIN collectivity c ON c.code = o.code "
        "WHERE o.kind = 'OTHER' AND c.kind = 'COMMUNE'",
    ) == [(584,)]


def test_a_former_code_leads_to_the_current_commune(loaded: sa.Engine) -> None:
    statement = (
        "SELECT c.kind, c.code FROM former_code f JOIN collectivity c "
        "ON c.id = f.collectivity_id WHERE f.code = :code"
    )
    assert rows(loaded, statement, code="78251") == [("COMMUNE", "78551")]
    assert rows(loaded, statement, code="02691") == []
    assert rows(
        loaded,
        "SELECT count(*) FROM former_code f JOIN collectivity c ON c.id = f.collectivity_id "
        "WHERE c.kind <> 'COMMUNE' OR NOT c.is_current",
    ) == [(0,)]


def test_a_commune_that_was_merged_names_its_successor(loaded: sa.Engine) -> None:
    assert rows(
        loaded,
        "SELECT o.name, o.is_current, s.code, p.code, d.code FROM collectivity o "
        "JOIN collectivity s ON s.id = o.successor_id JOIN collectivity p ON p.id = o.parent_id "
        "JOIN collectivity d ON d.id = o.departement_id WHERE o.code = '78251'",
    ) == [("Fourqueux", 0, "78551", "78551", "78")]


def test_bodies_lie_where_their_parent_lies(loaded: sa.Engine) -> None:
    statement = (
        "SELECT p.kind, p.code, d.code, r.code, e.code FROM collectivity b "
        "LEFT JOIN collectivity p ON p.id = b.parent_id "
        "LEFT JOIN collectivity d ON d.id = b.departement_id "
        "LEFT JOIN collectivity r ON r.id = b.region_id "
        "LEFT JOIN collectivity e ON e.id = b.epci_id "
        "WHERE b.kind = 'OTHER' AND b.code = :code"
    )
    assert rows(loaded, statement, code="ccas-de-montpellier") == [
        ("COMMUNE", "34172", "34", "76", "243400017")
    ]
    assert rows(loaded, statement, code="gip-sap-reunion") == [
        ("DEPARTEMENT", "974", "974", "04", None)
    ]
    assert rows(loaded, statement, code="ville-de-vienne") == [(None, None, None, None, None)]


@pytest.mark.parametrize(
    ("kind", "code", "commune"),
    [
        ("COMMUNE", "34172", "34172"),
        ("OTHER", "78251", "78551"),
        ("OTHER", "75117", "75056"),
        ("OTHER", "ccas-de-montpellier", "34172"),
        ("OTHER", "gip-sap-reunion", None),
        ("OTHER", "ville-de-vienne", None),
        ("DEPARTEMENT", "75", None),
        ("EPCI", "243400017", None),
    ],
)
def test_what_lies_in_one_commune_names_the_current_one(
    loaded: sa.Engine, kind: str, code: str, commune: str | None
) -> None:
    assert rows(
        loaded,
        "SELECT m.code FROM collectivity c LEFT JOIN collectivity m ON m.id = c.commune_id "
        "WHERE c.kind = :kind AND c.code = :code",
        kind=kind,
        code=code,
    ) == [(commune,)]
    assert rows(
        loaded,
        "SELECT count(*) FROM collectivity c JOIN collectivity m ON m.id = c.commune_id "
        "WHERE m.kind <> 'COMMUNE' OR NOT m.is_current",
    ) == [(0,)]


def test_names_are_folded_beside_what_they_fold(loaded: sa.Engine) -> None:
    for table, name, folded in (
        ("collectivity", "name", "name_folded"),
        ("category", "label_fr", "label_folded"),
        ("prize", "name", "name_folded"),
        ("initiative", "title", "title_folded"),
        ("metric", "name_fr", "name_folded"),
    ):
        found = rows(loaded, f"SELECT {name}, {folded} FROM {table}")
        assert [text for text, plain in found if fold(text) != plain] == []
    assert rows(loaded, "SELECT name FROM collectivity WHERE name_folded = 'l hay les roses'") == [
        ("L'Haÿ-les-Roses",)
    ]


def test_postal_codes_lead_to_the_collectivities_that_have_them(loaded: sa.Engine) -> None:
    assert rows(
        loaded,
        "SELECT c.name FROM postal_code p JOIN collectivity c ON c.id = p.collectivity_id "
        "WHERE p.code = '92230'",
    ) == [("Gennevilliers",)]
    for codes, found in rows(
        loaded,
        "SELECT c.postal_codes, group_concat(p.code, ' ') FROM postal_code p "
        "JOIN collectivity c ON c.id = p.collectivity_id GROUP BY c.id",
    ):
        assert sorted(codes.split()) == sorted(found.split())


def test_vienna_is_one_body_over_the_years(loaded: sa.Engine) -> None:
    assert rows(
        loaded,
        "SELECT a.year FROM laureate l JOIN collectivity c ON c.id = l.collectivity_id "
        "JOIN award a ON a.id = l.award_id WHERE c.code = 'ville-de-vienne' ORDER BY 1",
    ) == [(2006,), (2013,)]


def test_the_2017_palmares_of_the_prix_territoria(loaded: sa.Engine) -> None:
    assert rows(
        loaded,
        "SELECT c.name, a.level, a.level_as_printed FROM award a "
        "JOIN edition e ON e.id = a.edition_id JOIN laureate l ON l.award_id = a.id "
        "JOIN collectivity c ON c.id = l.collectivity_id "
        "WHERE e.key = 'prix-territoria-2017' ORDER BY a.key",
    ) == [
        ("Loiret", "GOLD", "Territoria d’Or"),
        ("Alpes-Maritimes", "GOLD", "Territoria d’Or"),
        ("Saverdun", "GOLD", "Territoria d’Or"),
        ("Mayenne", "UNKNOWN", None),
    ]


def test_the_figures_of_mayenne_keep_their_qualifiers(loaded: sa.Engine) -> None:
    assert rows(
        loaded,
        "SELECT m.name_fr, m.value_micro, m.as_of, m.qualifier, m.qualifier_kind FROM metric m "
        "JOIN initiative i ON i.id = m.initiative_id "
        "WHERE i.slug = 'mayenne-un-medecin-traitant-pour-tous' AND m.year = 2017 "
        "ORDER BY m.key",
    ) == [
        ("consultations", 2_730_000_000, "2017-11", "près de", "NEARLY"),
        ("patients pris en charge", 1_880_000_000, "2017-11", "plus de", "MORE_THAN"),
    ]


def test_targets_are_told_from_measurements(loaded: sa.Engine) -> None:
    assert rows(loaded, "SELECT count(*) FROM metric WHERE is_target") == [(2,)]


def test_joint_winners_share_one_award(loaded: sa.Engine) -> None:
    shared = rows(
        loaded,
        "SELECT a.key, count(*) FROM award a JOIN laureate l ON l.award_id = a.id "
        "GROUP BY a.key HAVING count(*) > 1 ORDER BY 1",
    )
    assert len(shared) == 7
    assert ("prix-territoria-2018-territoires-innovants-or-angouleme", 2) in shared
    assert rows(
        loaded,
        "SELECT h.position, h.role, c.name FROM initiative_holder h "
        "JOIN initiative i ON i.id = h.initiative_id "
        "JOIN collectivity c ON c.id = h.collectivity_id "
        "WHERE i.slug = 'angouleme-bordeaux-consultation-conjointe' ORDER BY 1",
    ) == [(0, "LEAD", "Angoulême"), (1, "LEAD", "Bordeaux")]


def test_an_initiative_that_two_awards_name_is_one_initiative(loaded: sa.Engine) -> None:
    assert rows(
        loaded,
        "SELECT i.title, i.year, count(*) FROM initiative i JOIN award a "
        "ON a.initiative_id = i.id WHERE i.slug = 'cantal-telecentres' GROUP BY 1, 2",
    ) == [("CyberCantal Télécentres", 2008, 2)]
    assert rows(
        loaded,
        "SELECT c.slug FROM initiative_category ic JOIN category c ON c.id = ic.category_id "
        "JOIN initiative i ON i.id = ic.initiative_id "
        "WHERE i.slug = 'cantal-telecentres' ORDER BY 1",
    ) == [("developpement-local",), ("transformation-numerique",)]


def test_awards_without_initiative_stay(loaded: sa.Engine) -> None:
    assert rows(loaded, "SELECT count(*) FROM award WHERE initiative_id IS NULL") == [(103,)]


def test_partial_dates_stay_partial(loaded: sa.Engine) -> None:
    lengths = dict(
        rows(
            loaded,
            "SELECT length(launched_on), count(*) FROM initiative "
            "WHERE launched_on IS NOT NULL GROUP BY 1",
        )
    )
    assert set(lengths) == {4, 7, 10}
    assert rows(
        loaded,
        "SELECT launched_on FROM initiative WHERE slug = 'loiret-cartographie-projets-mandat'",
    ) == [("2017-06",)]


def test_uids_derive_from_natural_keys(loaded: sa.Engine) -> None:
    assert rows(
        loaded, "SELECT uid FROM collectivity WHERE kind = 'DEPARTEMENT' AND code = '45'"
    ) == [(make_uid("Collectivity", "DEPARTEMENT:45"),)]
    assert rows(loaded, "SELECT uid FROM edition WHERE key = 'prix-territoria-2017'") == [
        (make_uid("Edition", "prix-territoria-2017"),)
    ]


def test_the_report_tells_the_coverage_of_each_edition(loaded: sa.Engine) -> None:
    coverage = load(loaded).coverage
    assert len(coverage) == 46
    assert sum(edition.loaded for edition in coverage) == 290
    assert "prix-territoria 2017: 4 of 38 announced awards" in map(str, coverage)
    assert "prix-territoria 2005: 2 awards, announced total unknown" in map(str, coverage)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_committed_files_are_sorted_by_what_names_their_rows(file: Any) -> None:
    data = (DATA / file.name).read_bytes()
    text = (gzip.decompress(data) if file.name.endswith(".gz") else data).decode()
    lines = list(csv.DictReader(text.splitlines()))
    kinds = ["REGION", "DEPARTEMENT", "EPCI", "COMMUNE", "OTHER"]

    def order(row: dict[str, str]) -> tuple[Any, ...]:
        if file.name == "collectivities.csv.gz":
            return (kinds.index(row["kind"]), row["code"])
        if file.name == "metrics.csv":
            return (row["initiative"], row["name_fr"], row["as_of"] or row["year"])
        if "position" in row:
            return (row[file.key[0]], int(row["position"]))
        return tuple(row[column] for column in file.key if column in row)

    assert lines == sorted(lines, key=order)


def test_the_documentation_counts_the_rows_of_each_file() -> None:
    page = (Path(__file__).parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
    for file in FILES:
        data = (DATA / file.name).read_bytes()
        text = gzip.decompress(data) if file.name.endswith(".gz") else data
        rows_count = len(text.splitlines()) - 1
        assert f"| `{file.name}` | {rows_count:,} |" in page
        for column in file.columns:
            assert f"`{column}`" in page
