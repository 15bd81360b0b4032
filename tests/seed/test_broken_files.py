"""A broken file is refused whole, with file, row, column, value and what to write instead."""

import gzip
from typing import Any

import pytest
import sqlalchemy as sa

from seed.faults import BrokenData
from seed.load import load
from tests.seed.conftest import SmallData

Place = tuple[str, int]
Found = tuple[str, int, str, str]


@pytest.fixture
def refusal(engine: sa.Engine, small: SmallData) -> Any:
    """Gives the faults of the data, which the test breaks."""

    def refuse() -> list[Any]:
        with pytest.raises(BrokenData) as refused:
            load(engine, small.folder)
        assert all(error.reason for error in refused.value.errors)
        return list(refused.value.errors)

    return refuse


def test_a_broken_file_leaves_the_database_untouched(engine: sa.Engine, small: SmallData) -> None:
    tables = ("release", "source", "collectivity", "initiative", "award", "metric")

    def state() -> list[Any]:
        with engine.connect() as connection:
            return [
                connection.execute(sa.text(f"SELECT * FROM {table} ORDER BY 1")).all()
                for table in tables
            ]

    load(engine, small.folder)
    before = state()
    small.set("sources.csv", 3, title="Un autre article")
    small.set("metrics.csv", 2, value="beaucoup")
    with pytest.raises(BrokenData) as refused:
        load(engine, small.folder)
    assert places(list(refused.value.errors)) == [("metrics.csv", 2, "value", "beaucoup")]
    assert state() == before


def places(errors: list[Any]) -> list[Found]:
    return [(error.file, error.row, error.column, error.value) for error in errors]


@pytest.mark.parametrize(
    ("place", "cells", "reason"),
    [
        (("initiatives.csv", 2), {"launched_on": "2017-13"}, "write 2017, 2017-11 or 2017-11-14"),
        (("initiatives.csv", 2), {"launched_on": "juin 2017"}, "write 2017, 2017-11 or 2017-11-14"),
        (("editions.csv", 2), {"jury_date": "2017-11"}, "write it as 2017-11-14"),
        (("editions.csv", 2), {"ceremony_date": "2017-02-30"}, "write it as 2017-11-14"),
        (("editions.csv", 2), {"announced_awards": "-1"}, "write a whole number"),
        (("editions.csv", 2), {"announced_awards": "99999999999"}, "write a whole number"),
        (("metrics.csv", 2), {"value": "8,5"}, "write a plain decimal"),
        (("metrics.csv", 2), {"value": "1e3"}, "write a plain decimal"),
        (("metrics.csv", 2), {"value": "12345678901234567890"}, "write a plain decimal"),
        (("metrics.csv", 2), {"is_target": "oui"}, "write 1 or 0"),
        (("metrics.csv", 2), {"qualifier_kind": "ALMOST"}, "write one of ABOUT, NEARLY"),
        (("metrics.csv", 2), {"year": "17"}, "write four digits"),
        (("awards.csv", 2), {"level": "or"}, "write one of GRAND_PRIX, GOLD"),
        (("categories.csv", 2), {"label_fr": " Gouvernance"}, "remove it"),
        (("categories.csv", 2), {"label_fr": "x" * 301}, "write at most 300 characters"),
        (("sources.csv", 2), {"licence_url": "www.etalab.gouv.fr"}, "write https://"),
        (("collectivities.csv.gz", 6), {"siren": "21450234"}, "write nine digits"),
        (("collectivities.csv.gz", 6), {"postal_codes": "45000,45100"}, "write 45000 or"),
        (("bodies.csv", 2), {"code": "CCAS Orléans"}, "write at most 120 of a-z"),
    ],
)
def test_a_cell_of_the_wrong_form_is_told_with_what_to_write(
    small: SmallData, refusal: Any, place: Place, cells: dict[str, str], reason: str
) -> None:
    small.set(*place, **cells)
    errors = refusal()
    ((column, value),) = cells.items()
    shown = value if len(value) <= 60 else value[:59] + "…"
    assert (*place, column, shown) in places(errors)
    assert reason in next(e.reason for e in errors if e.column == column)


def test_an_empty_cell_is_a_fault_where_a_value_is_needed(small: SmallData, refusal: Any) -> None:
    small.set("initiatives.csv", 2, title="")
    (error,) = refusal()
    assert str(error) == "initiatives.csv, row 2, title: is empty; write a value"


@pytest.mark.parametrize(
    ("place", "cells", "found"),
    [
        (("editions.csv", 2), {"prize": "autre"}, ("prize", "autre")),
        (("awards.csv", 2), {"year": "1999"}, ("year", "prix 1999")),
        (("awards.csv", 2), {"category": "autre"}, ("category", "autre")),
        (("awards.csv", 2), {"initiative": "autre"}, ("initiative", "autre")),
        (
            ("metrics.csv", 3),
            {"source": "https://example.org/"},
            ("source", "https://example.org/"),
        ),
        (("laureates.csv", 2), {"code": "99"}, ("code", "DEPARTEMENT 99")),
        (("bodies.csv", 2), {"parent_code": "99999"}, ("parent_code", "COMMUNE 99999")),
        (("former_codes.csv.gz", 2), {"commune": "45999"}, ("commune", "COMMUNE 45999")),
        (("collectivities.csv.gz", 6), {"epci": "1234"}, ("epci", "EPCI 1234")),
    ],
)
def test_a_reference_to_nothing_is_a_fault(
    small: SmallData, refusal: Any, place: Place, cells: dict[str, str], found: tuple[str, str]
) -> None:
    small.set(*place, **cells)
    errors = refusal()
    assert (*place, *found) in places(errors)
    assert "is not known" in errors[0].reason


def test_half_a_reference_is_a_fault(small: SmallData, refusal: Any) -> None:
    small.set("bodies.csv", 2, parent_code="")
    (error,) = refusal()
    assert (error.file, error.row, error.column) == ("bodies.csv", 2, "parent_code")


@pytest.mark.parametrize(
    ("file", "cells"),
    [
        ("categories.csv", {"slug": "gouvernance", "label_fr": "G", "label_en": "G"}),
        ("sources.csv", {"key": "article"}),
        ("editions.csv", {"prize": "prix", "year": 2017, "source": "article"}),
        ("former_codes.csv.gz", {"code": "45999", "commune": "45147"}),
        (
            "laureates.csv",
            {
                "award": "prix-2017-or-loiret",
                "position": 1,
                "kind": "DEPARTEMENT",
                "code": "45",
                "name_as_printed": "Loiret",
            },
        ),
        (
            "metrics.csv",
            {
                "initiative": "carte",
                "name_fr": "projets",
                "name_en": "x",
                "value": 1,
                "unit": "x",
                "year": 2021,
                "is_target": 0,
                "source": "article",
            },
        ),
    ],
)
def test_two_rows_of_one_key_are_a_fault(
    small: SmallData, refusal: Any, file: str, cells: dict[str, Any]
) -> None:
    small.add(file, **cells)
    (error,) = refusal()
    assert error.file == file
    assert "is already on row" in error.reason


def test_a_body_cannot_take_the_code_of_an_official_one(small: SmallData, refusal: Any) -> None:
    small.set("collectivities.csv.gz", 7, code="ccas-orleans")
    assert ("bodies.csv", 2, "code", "ccas-orleans") in places(refusal())


def test_two_collectivities_cannot_have_one_siren(small: SmallData, refusal: Any) -> None:
    small.set("collectivities.csv.gz", 5, siren="214502346")
    assert places(refusal()) == [("collectivities.csv.gz", 6, "siren", "214502346")]


def test_bodies_cannot_belong_to_each_other(small: SmallData, refusal: Any) -> None:
    small.set("bodies.csv", 2, parent_kind="OTHER", parent_code="ehpad-du-ccas")
    errors = refusal()
    assert {error.row for error in errors} == {2, 3}
    assert "belongs to itself" in errors[0].reason


def test_positions_leave_no_gap(small: SmallData, refusal: Any) -> None:
    small.set("laureates.csv", 4, position=2)
    assert places(refusal()) == [("laureates.csv", 4, "position", "2")]


def test_a_partner_does_not_stand_first(small: SmallData, refusal: Any) -> None:
    small.set("holders.csv", 2, role="PARTNER")
    assert places(refusal()) == [("holders.csv", 2, "role", "PARTNER")]


def test_an_award_has_a_winner(small: SmallData, refusal: Any) -> None:
    small.remove("laureates.csv", 2)
    assert places(refusal()) == [("awards.csv", 2, "key", "prix-2017-or-loiret")]


def test_the_address_of_a_source_is_its_key(small: SmallData, refusal: Any) -> None:
    small.set("sources.csv", 3, url="https://example.org/article")
    assert places(refusal()) == [("sources.csv", 3, "url", "https://example.org/article")]


def test_a_kind_of_qualifier_needs_its_words(small: SmallData, refusal: Any) -> None:
    small.set("metrics.csv", 2, qualifier="")
    assert places(refusal()) == [("metrics.csv", 2, "qualifier_kind", "NEARLY")]


def test_a_missing_column_is_named(small: SmallData, refusal: Any) -> None:
    small.replace("initiatives.csv", small.text("initiatives.csv").replace("launched_on,", ""))
    (error,) = refusal()
    assert (error.file, error.row, error.column) == ("initiatives.csv", 1, "launched_on")
    assert error.reason == "is missing; add the column"


def test_an_unknown_column_is_named(small: SmallData, refusal: Any) -> None:
    small.replace("prizes.csv", small.text("prizes.csv").replace("since,", "since,until,"))
    errors = refusal()
    assert places(errors)[0] == ("prizes.csv", 1, "until", "")


def test_columns_in_another_order_are_told_the_right_one(small: SmallData, refusal: Any) -> None:
    text = small.text("categories.csv").replace("label_fr,label_en", "label_en,label_fr")
    small.replace("categories.csv", text)
    (error,) = refusal()
    assert error.reason.endswith("write slug,label_fr,label_en,note")


def test_a_row_of_another_width_is_a_fault(small: SmallData, refusal: Any) -> None:
    small.replace("categories.csv", small.text("categories.csv") + "sport,Sport\n")
    (error,) = refusal()
    assert (error.file, error.row) == ("categories.csv", 4)
    assert error.reason == "has 2 cells; write 4"


def test_an_empty_line_is_a_fault(small: SmallData, refusal: Any) -> None:
    small.replace("categories.csv", small.text("categories.csv") + "\n")
    (error,) = refusal()
    assert (error.file, error.row) == ("categories.csv", 4)


def test_bytes_that_are_not_utf_8_are_told_with_their_row(small: SmallData, refusal: Any) -> None:
    text = small.text("initiatives.csv").replace("Carte", "Carte à")
    small.replace("initiatives.csv", text.encode("latin-1"))
    (error,) = refusal()
    assert (error.file, error.row) == ("initiatives.csv", 2)
    assert error.reason == "is not UTF-8; save the file as UTF-8"


@pytest.mark.parametrize("character", ["\0", "\r", "\t", "\ufeff", "\u2028"])
def test_invisible_characters_are_refused(small: SmallData, refusal: Any, character: str) -> None:
    text = small.text("initiatives.csv").replace("Carte", f"Carte{character}")
    small.replace("initiatives.csv", text)
    (error,) = refusal()
    assert (error.file, error.row) == ("initiatives.csv", 2)
    assert "invisible" in error.reason


def test_a_row_over_two_lines_is_refused(small: SmallData, refusal: Any) -> None:
    text = small.text("initiatives.csv").replace("Carte des projets", '"Carte\ndes projets"')
    small.replace("initiatives.csv", text)
    (error,) = refusal()
    assert (error.file, error.row) == ("initiatives.csv", 2)


def test_a_stray_quote_is_refused(small: SmallData, refusal: Any) -> None:
    small.replace("initiatives.csv", small.text("initiatives.csv") + 'autre,"Un "titre",0,,,,\n')
    (error,) = refusal()
    assert (error.file, error.row) == ("initiatives.csv", 3)
    assert "is not CSV" in error.reason


def test_a_missing_file_is_a_fault(small: SmallData, refusal: Any) -> None:
    (small.folder / "metrics.csv").unlink()
    (error,) = refusal()
    assert str(error) == "metrics.csv: cannot be read; put the file back"


def test_a_damaged_archive_is_a_fault_and_hides_no_other(small: SmallData, refusal: Any) -> None:
    whole = (small.folder / "collectivities.csv.gz").read_bytes()
    small.replace("collectivities.csv.gz", whole[: len(whole) // 2])
    small.set("metrics.csv", 2, value="beaucoup")
    assert places(refusal()) == [
        ("collectivities.csv.gz", 0, "", ""),
        ("metrics.csv", 2, "value", "beaucoup"),
    ]


def test_an_empty_file_is_a_fault(small: SmallData, refusal: Any) -> None:
    small.replace("former_codes.csv.gz", gzip.compress(b""))
    assert {error.column for error in refusal()} == {"code", "commune"}


def test_all_faults_are_told_at_once_in_the_order_of_the_files(
    small: SmallData, refusal: Any
) -> None:
    small.set("metrics.csv", 2, value="x", year="y")
    small.set("awards.csv", 3, level="z")
    assert places(refusal()) == [
        ("awards.csv", 3, "level", "z"),
        ("metrics.csv", 2, "value", "x"),
        ("metrics.csv", 2, "year", "y"),
    ]


def test_the_message_shows_the_first_faults_and_counts_the_rest(
    engine: sa.Engine, small: SmallData
) -> None:
    for number in range(30):
        small.add("categories.csv", slug=f"Nr {number}", label_fr="x", label_en="x")
    with pytest.raises(BrokenData) as refused:
        load(engine, small.folder)
    lines = str(refused.value).splitlines()
    assert lines[0] == "30 faults in the data, nothing was loaded"
    assert len(lines) == 22
    assert lines[-1] == "  … and 10 more"
