"""Mappings turn the columns of others into native rows, and say what is wrong and where."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seed.expressions import pieces_of, shortened
from seed.faults import BrokenData, Fault
from seed.files import TABLES
from seed.mapping import Mapping, Native, load_mapping
from seed.read import Sheet, open_sheets
from seed.rules import Key, key_of
from seed.sources import DATA

_DOCS = Path(__file__).parents[2] / "docs" / "mappings"
_WORKED = {"trophees": "trophees.csv", "communes-etoilees": "communes-etoilees.json"}
_FEED = '[feed]\nkey = "liste"\ntitle = "Une liste"\n'

Rows = Callable[[str, str], list[Native | Fault]]


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], Mapping]:
    def load_text(text: str) -> Mapping:
        (tmp_path / "liste.toml").write_text(text, encoding="utf-8")
        return load_mapping(tmp_path / "liste.toml")

    return load_text


@pytest.fixture
def mapped(load: Callable[[str], Mapping], tmp_path: Path) -> Rows:
    """The rows that a mapping, without its feed, makes of a list."""

    def rows(mapping: str, text: str) -> list[Native | Fault]:
        loaded = load(_FEED + mapping)
        (tmp_path / "liste.csv").write_text(text, encoding="utf-8")
        (sheet,) = open_sheets(tmp_path / "liste.csv", loaded.how)
        return list(loaded.rows(sheet))

    return rows


def worked(name: str) -> tuple[Mapping, Sheet]:
    mapping = load_mapping(_DOCS / f"{name}.toml")
    (sheet,) = open_sheets(_DOCS / _WORKED[name], mapping.how)
    return mapping, sheet


def cells_of(found: list[Native | Fault]) -> list[dict[str, str]]:
    assert not [each for each in found if isinstance(each, Fault)]
    return [each.cells for each in found if isinstance(each, Native)]


def faults_of(found: list[Native | Fault]) -> list[tuple[int, str, str, str]]:
    return [(f.row, f.column, f.value, f.reason) for f in found if isinstance(f, Fault)]


def errors_of(refused: "pytest.ExceptionInfo[BrokenData]") -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.reason) for error in refused.value.errors]


def test_the_worked_list_of_an_association_becomes_records() -> None:
    mapping, sheet = worked("trophees")
    found = [*mapping.records(sheet)]
    records = [each for each in found if not isinstance(each, Fault)]
    assert len(records) == len(found)
    assert [(table, record.line) for table, record in records] == [
        *(("prize", 4), ("edition", 4), ("initiative", 4), ("award", 4)),
        *(("metric", 4), ("metric", 4), ("initiative", 5), ("award", 5), ("metric", 5)),
        *(("edition", 7), ("initiative", 7), ("award", 7), ("metric", 7), ("metric", 7)),
        ("award", 8),
    ]
    awards = [record for table, record in records if table == "award"]
    assert awards[1] == {
        "key": "trophees-exemple-2022-se-deplacer-argent-metz-et-nancy",
        "prize": "trophees-exemple",
        "year": 2022,
        "level": "SILVER",
        "level_as_printed": "Argent",
        "category": "mobilites",
        "category_as_printed": "Se déplacer",
        "sponsor": None,
        "initiative": "exemple-2022-la-navette-du-sillon",
        "source": "trophees-de-l-exemple",
        "note": None,
        "laureates": "Metz ; Nancy",
        "laureates_departement": None,
    }
    assert awards[3]["initiative"] is None
    metrics = [record for table, record in records if table == "metric"]
    assert [(m["value"], m["unit"], m["qualifier_kind"]) for m in metrics] == [
        (2_730_000_000, "personne", None),
        (14_900_000, "%", None),
        (900_000_000, "personne", "NEARLY"),
        (12_480_000_000, "personne", None),
        (2_500_000, "%", None),
    ]
    editions = [record["ceremony_date"] for table, record in records if table == "edition"]
    assert editions == ["2022-11-14", "2023-11-08"]


def test_the_worked_list_of_a_portal_becomes_records() -> None:
    mapping, sheet = worked("communes-etoilees")
    found = [*mapping.records(sheet)]
    records = [each for each in found if not isinstance(each, Fault)]
    assert len(records) == len(found)
    laureates = [record for table, record in records if table == "laureate"]
    assert [(w["award"], w["position"], w["code"], w["name_as_printed"]) for w in laureates] == [
        ("ce-2023-001", 0, "41018", "BLOIS"),
        ("ce-2023-002", 0, "01053", "BOURG-EN-BRESSE"),
        ("ce-2023-002", 1, "01004", "AMBERIEU-EN-BUGEY"),
        ("ce-2024-001", 0, "2A004", "AJACCIO"),
    ]
    initiatives = [record for table, record in records if table == "initiative"]
    assert initiatives[1]["holders"] == "COMMUNE:01053 ; COMMUNE:01004"
    assert [each["launched_on"] for each in initiatives] == ["2022-09", "2023-01"]
    (metric,) = (record for table, record in records if table == "metric")
    assert metric["value"] == 1_250_000_500_000
    assert sheet.notes == ["columns that the mapping does not use: communes, action"]


@pytest.mark.parametrize("name", _WORKED)
def test_the_keys_of_worked_lists_meet(name: str) -> None:
    """What a row refers to is made by another row, or committed."""
    mapping, sheet = worked(name)
    known: dict[str, set[Key]] = {}
    records = [each for each in mapping.records(sheet) if not isinstance(each, Fault)]
    for table, record in records:
        file = TABLES[table]
        known.setdefault(file.target, set()).add(key_of(record, file.key))
    (categories,) = open_sheets(DATA / "categories.csv")
    known["category"] = {(row[1][0],) for row in categories.rows() if not isinstance(row, Fault)}
    known["source"] = {(mapping.feed["key"],)}
    for table, record in records:
        for reference in TABLES[table].references:
            key = key_of(record, reference.columns)
            if reference.target in known and None not in key:
                assert key in known[reference.target], (table, record.line, reference)


@pytest.mark.parametrize(
    ("field", "cell", "made"),
    [
        ('"A"', "  Eau ", "Eau"),
        ('{ column = "A" }', "-", ""),
        ('{ column = "A", default = "x" }', "-", "x"),
        ('{ constant = "x" }', "", "x"),
        ("{ constant = 2017 }", "", "2017"),
        ("{ constant = true }", "", "1"),
        ('{ text = "{A} ({B})" }', "Eau", "Eau (b)"),
        ('{ slug = "prix-{A}-{B}" }', "L’Haÿ & Cie", "prix-l-hay-cie-b"),
        ('{ column = "A", extract = "[0-9]{4}" }', "Palmarès 2017", "2017"),
        ('{ column = "A", extract = "n° ([0-9]+)" }', "prix n° 12", "12"),
        ('{ column = "A", extract = "[0-9]+" }', "aucun", ""),
        ('{ column = "A", replace = { "St " = "Saint " } }', "St Malo", "Saint Malo"),
        ('{ column = "A", values = "level" }', "OR", "GOLD"),
        ('{ column = "A", values = { "oui" = true } }', "Oui", "1"),
        ('{ column = "A", values = "level", otherwise = "UNKNOWN" }', "Fer", "UNKNOWN"),
        ('{ column = "A", date = "mm/dd/yyyy" }', "11/14/2017", "2017-11-14"),
        ('{ column = "A", date = "dd/mm/yy" }', "1/2/17", "2017-02-01"),
        ('{ column = "A", date = "dd/mm/yy" }', "1/2/98", "1998-02-01"),
        ('{ column = "A", date = ["yyyymmdd", "mm.yyyy"] }', "02.2017", "2017-02"),
        ('{ column = "A", decimal = "," }', "1.234,5", "1234.5"),
        ('{ column = "A", decimal = "." }', "1,234", "1234"),
        ('{ column = "A", pad = 5 }', "1053", "01053"),
        ('{ column = "A", prefix = "COMMUNE:" }', "01053", "COMMUNE:01053"),
        ('{ column = "A", split = [" et ", ","] }', "Metz, Nancy et Toul", "Metz ; Nancy ; Toul"),
        ('{ column = "A", split = "/", pad = 2, prefix = "D" }', "1/ 45", "D01 ; D45"),
        (
            '{ column = "A", split = [" et "], keep = ["Eau et Vie"] }',
            "Eau et Vie et Metz",
            "Eau et Vie ; Metz",
        ),
    ],
)
def test_a_field_is_made_as_the_mapping_says(
    mapped: Rows, field: str, cell: str, made: str
) -> None:
    text = (
        f'[read]\nmissing = ["-"]\n[values.level]\n"Or" = "GOLD"\n[category]\nslug = "B"\n'
        f'label_fr = "B"\nlabel_en = "B"\nnote = {field}\n'
    )
    (cells,) = cells_of(mapped(text, f'A;B\n"{cell}";b\n'))
    assert cells["note"] == made


_CATEGORY = '[category]\nslug = { slug = "{A}" }\nlabel_fr = "A"\nlabel_en = "A"\n'


def test_rows_are_skipped_by_condition(mapped: Rows) -> None:
    skip = '[[skip]]\ncolumn = "B"\nis = ["Retiré", ""]\n[[skip]]\ncolumn = "A"\nmatches = "^Tot"\n'
    found = mapped(skip + _CATEGORY, "A;B\nEau;\nAir;x\nTotal;x\nBois;retire\n")
    assert [cells["slug"] for cells in cells_of(found)] == ["air"]


def test_once_makes_equal_rows_once_and_refuses_those_that_contradict(mapped: Rows) -> None:
    text = _CATEGORY.replace("[category]", "[category]\nonce = true").replace(
        'en = "A"', 'en = "B"'
    )
    found = mapped(text, "A;B\nEau;Water\nEau;Water\nEau;Aqua\n")
    assert isinstance(found[0], Native)
    assert faults_of(found[1:]) == [
        (4, "category", "eau", "is not what row 2 says of the same category; correct one of them")
    ]


def test_a_block_is_made_where_all_its_conditions_hold(mapped: Rows) -> None:
    when = 'when = [{ column = "A", is_not = ["Air"] }, { column = "B", matches = "x" }]\n'
    found = mapped(_CATEGORY + when, "A;B\nEau;x\nAir;x\nBois;\n")
    assert [cells["slug"] for cells in cells_of(found)] == ["eau"]


def test_joint_cells_of_unequal_parts_are_refused(mapped: Rows) -> None:
    each = 'each = { columns = ["A", "B"], split = ["/"] }\n'
    found = mapped(_CATEGORY + each, "A;B\nEau/Air;x/y\nBois;x/y\n")
    assert [each.cells["slug"] for each in found[:2] if isinstance(each, Native)] == ["eau", "air"]
    assert faults_of(found) == [(3, "category", "x/y", "has 2 parts, but A has 1; correct one")]


@pytest.mark.parametrize(
    ("field", "cell", "reason"),
    [
        (
            '{ column = "A", values = { "Or" = "x" } }',
            "Oor",
            "is not among the values; did you mean Or?",
        ),
        (
            '{ column = "A", values = { "Or" = "x" } }',
            "Fer",
            "is not among the values; add it to values in the mapping",
        ),
        (
            '{ column = "A", date = "dd/mm/yyyy" }',
            "2017",
            "is not of the form dd/mm/yyyy; correct it, or the mapping",
        ),
        ('"A"', "=1+1", "is a formula; write its value"),
    ],
)
def test_cells_that_do_not_fit_are_faults_of_the_column_of_the_list(
    mapped: Rows, field: str, cell: str, reason: str
) -> None:
    text = f'[category]\nslug = "B"\nlabel_fr = "B"\nlabel_en = "B"\nnote = {field}\n'
    assert faults_of(mapped(text, f"A;B\n{cell};b\n")) == [(2, "A", cell, reason)]


def test_cells_that_no_field_takes_are_faults_of_the_column_of_the_list(
    load: Callable[[str], Mapping], tmp_path: Path
) -> None:
    mapping = load(
        _FEED + '[edition]\nprize = { constant = "p" }\nyear = "An"\njury_date = "Jour"\n'
    )
    (tmp_path / "liste.csv").write_text("An;Jour\n2017;31/02/2017\n")
    (sheet,) = open_sheets(tmp_path / "liste.csv")
    (found,) = mapping.records(sheet)
    assert isinstance(found, Fault)
    assert (found.row, found.column, found.value) == (2, "Jour", "31/02/2017")
    assert "does not exist" in found.reason


def test_columns_that_the_list_lacks_are_told_with_suggestions(mapped: Rows) -> None:
    with pytest.raises(BrokenData) as refused:
        mapped(
            _CATEGORY.replace('fr = "A"', 'fr = "Tème"').replace('en = "A"', 'en = "xyz"'),
            "A;Thème\n",
        )
    assert errors_of(refused) == [
        (1, "Tème", "is no column of the list; did you mean Thème?"),
        (1, "xyz", "is no column of the list; the list has A, Thème"),
    ]


def test_a_column_that_stands_twice_is_refused_only_where_it_is_used(mapped: Rows) -> None:
    assert len(mapped(_CATEGORY, "A;B;B\nEau;x;y\n")) == 1
    with pytest.raises(BrokenData, match="A: stands twice in the header; rename one"):
        mapped(_CATEGORY, "A;A\nEau;x\n")


def test_ragged_rows_are_refused(mapped: Rows) -> None:
    assert faults_of(mapped(_CATEGORY, "A;B\nEau;x;y\n")) == [(2, "", "", "has 3 cells; write 2")]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("[feed\n", [(1, "", "is no TOML")]),
        (_FEED, [(0, "", "maps nothing; write a table such as [award]")]),
        (_CATEGORY, [(0, "feed", "lacks its key or title; write both")]),
        (
            _FEED + 'retrieved_on = "2026-02-31"\n' + _CATEGORY,
            [(4, "feed.retrieved_on", "is not a day; write it as 2017-11-14")],
        ),
        (
            f"{_FEED}[catgory]\n{_CATEGORY}",
            [(4, "catgory", "is not known; did you mean category?")],
        ),
        (
            _FEED + _CATEGORY + 'lable = "A"\n',
            [(8, "category.lable", "is not known; write one of slug")],
        ),
        (
            _FEED + _CATEGORY.replace('label_en = "A"\n', ""),
            [(4, "category", "lacks the field label_en; say where it comes from")],
        ),
        (
            _FEED + _CATEGORY + 'note = { colum = "A" }\n',
            [(8, "category.note.colum", "is not known; did you mean column?")],
        ),
        (
            _FEED + _CATEGORY + 'note = { column = "A", text = "{A}" }\n',
            [(8, "category.note", "needs one of column, text, slug, constant")],
        ),
        (
            _FEED + _CATEGORY + 'note = { column = "A", values = "level" }\n',
            [(8, "category.note.values", "names no table of values; write a table [values.level]")],
        ),
        (
            _FEED + _CATEGORY + 'note = { column = "A", extract = "(" }\n',
            [(8, "category.note.extract", "is no pattern")],
        ),
        (
            _FEED + _CATEGORY + 'note = { column = "A", date = "jour" }\n',
            [(8, "category.note.date", "write the form of the date, such as dd/mm/yyyy")],
        ),
        (
            _FEED + _CATEGORY + 'note = { text = "x" }\n',
            [(8, "category.note.text", "names no column; write {Année}, or use constant")],
        ),
        (_FEED + _CATEGORY + "note = 3\n", [(8, "category.note", "write the name of a column")]),
        (
            _FEED + '[read]\nheader_row = "3"\n' + _CATEGORY,
            [(5, "read.header_row", "is not a number")],
        ),
        (
            _FEED + '[[skip]]\ncolumn = "A"\n' + _CATEGORY,
            [(4, "skip", "needs a column and one of is, is_not, matches")],
        ),
        (
            _FEED + _CATEGORY + 'each = { column = "A" }\n',
            [(8, "category.each", "needs a column, or columns, and split")],
        ),
    ],
)
def test_a_wrong_mapping_is_refused_with_line_key_and_remedy(
    load: Callable[[str], Mapping], text: str, faults: list[tuple[int, str, str]]
) -> None:
    with pytest.raises(BrokenData) as refused:
        load(text)
    found = errors_of(refused)
    assert [(row, column) for row, column, _ in found] == [(row, col) for row, col, _ in faults]
    for (_, _, reason), (_, _, said) in zip(found, faults, strict=True):
        assert said in reason


def test_all_that_is_wrong_with_a_mapping_is_told_at_once(load: Callable[[str], Mapping]) -> None:
    text = _FEED.replace("title", "titel") + _CATEGORY.replace("label_fr", "lable_fr")
    with pytest.raises(BrokenData) as refused:
        load(text)
    assert len(refused.value.errors) == 4


def test_a_mapping_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenData, match=r"rien\.toml: cannot be read; write its path"):
        load_mapping(tmp_path / "rien.toml")


def test_long_slugs_are_cut_and_do_not_meet() -> None:
    first, second = shortened("mot-" * 40 + "a"), shortened("mot-" * 40 + "b")
    assert max(len(first), len(second)) <= 120
    assert first != second
    assert shortened("mot") == "mot"


def test_pieces_are_cut_and_kept() -> None:
    assert pieces_of(" A ;; B,C ", [";", ","], []) == ["A", "B", "C"]
    assert pieces_of("", [";"], []) == []


def test_the_feed_is_given_as_it_is_written(load: Callable[[str], Mapping]) -> None:
    feed: dict[str, Any] = load(_FEED + 'licence_name = "L"\n' + _CATEGORY).feed
    assert feed == {"key": "liste", "title": "Une liste", "licence_name": "L"}
