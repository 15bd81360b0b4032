"""Sheets with native columns, in any order and with optional ones missing, as typed records."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seed import files
from seed.faults import BrokenData, Fault, annotated, as_json, as_text
from seed.files import FILES, TABLES, File
from seed.read import Sheet, open_sheets
from seed.records import Record, parse
from seed.rows import rows_of
from seed.sources import DATA
from seed.staging import BY_TABLE
from seed.typed import Reader, parts, records

Write = Callable[[str], Sheet]


@pytest.fixture
def sheet(tmp_path: Path) -> Write:
    def write(text: str) -> Sheet:
        (tmp_path / "liste.csv").write_text(text, encoding="utf-8")
        (opened,) = open_sheets(tmp_path / "liste.csv")
        return opened

    return write


def faults_of(file: File, opened: Sheet) -> list[Fault]:
    try:
        return [found for found in records(file, opened) if isinstance(found, Fault)]
    except BrokenData as refused:
        return list(refused.errors)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_committed_files_are_read_as_before(file: File) -> None:
    (opened,) = open_sheets(DATA / file.name)
    before, faults = parse(file, (DATA / file.name).read_bytes())
    now = list(records(file, opened))
    assert faults == []
    assert now == [{**record, **dict.fromkeys(file.extra)} for record in before]
    assert [record.line for record in now if isinstance(record, Record)] == [
        record.line for record in before
    ]


def staged(file: File, opened: Sheet) -> tuple[dict[str, list[tuple[Any, ...]]], list[Fault]]:
    """The rows by table as they are staged, each with its line, and the faults."""
    rows: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    faults: list[Fault] = []
    for part in parts(file, opened):
        faults += part.faults
        for block in part.blocks:
            for table, columns, lines in rows_of(file.name)(block):
                of = [columns[name] for name in BY_TABLE[table].columns]
                rows[table] += zip(lines, *of, strict=True)
    return rows, faults


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_rows_are_staged_alike_at_once_and_one_by_one(file: File) -> None:
    """A row that cannot be read makes those beside it be read one by one."""
    (opened,) = open_sheets(DATA / file.name)
    broken = replace(opened, read=lambda: ([*rows, (0, [])] for rows in opened.read()))
    rows, faults = staged(file, opened)
    assert rows
    assert faults == []
    again, faults = staged(file, broken)
    assert again == rows
    assert [found.row for found in faults] == [0] * sum(1 for _ in opened.read())


def test_every_file_is_a_table_that_people_can_name() -> None:
    assert tuple(TABLES.values()) == FILES


def test_columns_come_in_any_order_and_optional_ones_may_lack(sheet: Write) -> None:
    (record,) = records(files.CATEGORIES, sheet("Label FR;label-en;SLUG\nEau;Water;eau\n"))
    assert record == {"slug": "eau", "label_fr": "Eau", "label_en": "Water", "note": None}


def test_required_columns_with_a_default_may_lack(sheet: Write) -> None:
    (record,) = records(files.INITIATIVES, sheet("slug,title\ncarte,Carte\n"))
    assert isinstance(record, Record)
    assert (record["title_is_descriptive"], record["summary"]) == (False, None)


def test_the_caller_gives_defaults_too(sheet: Write) -> None:
    opened = sheet("key;prize;year\np-2017-or;p;2017\n")
    (record,) = records(files.AWARDS, opened, {"source": "https://example.org/liste"})
    assert isinstance(record, Record)
    assert (record["source"], record["level"]) == ("https://example.org/liste", "UNKNOWN")


def test_names_of_winners_may_stand_in_the_list_of_awards(sheet: Write) -> None:
    text = "key;prize;year;source;laureates\np-2017;p;2017;s;Ville de Paris ; CD45\n"
    (record,) = records(
        files.AWARDS, sheet(text.replace("Ville de Paris ; CD45", '"Paris ; CD45"'))
    )
    assert isinstance(record, Record)
    assert record["laureates"] == "Paris ; CD45"


def test_constants_of_a_table_are_in_its_records(sheet: Write) -> None:
    (record,) = records(files.BODIES, sheet("code,sub_kind,name\nccas,CCAS,CCAS d’Albi\n"))
    assert isinstance(record, Record)
    assert (record["kind"], record["is_current"]) == ("OTHER", True)


def test_a_mistyped_column_is_refused_with_a_suggestion(sheet: Write) -> None:
    found = faults_of(files.CATEGORIES, sheet("slug,label_fr,lable_en\neau,Eau,W\n"))
    assert [(fault.row, fault.column, fault.reason) for fault in found] == [
        (1, "label_en", "is missing; add the column"),
        (1, "lable_en", "is not known; did you mean label_en?"),
    ]


def test_a_column_that_is_named_by_its_title_is_told_its_name(sheet: Write) -> None:
    text = "slug,Libellé,label_en\neau,Eau,Water\n"
    reasons = {found.reason for found in faults_of(files.CATEGORIES, sheet(text))}
    assert "is not known; did you mean label_fr?" in reasons


def test_unknown_missing_repeated_and_nameless_columns_are_told_at_once(sheet: Write) -> None:
    found = faults_of(files.CATEGORIES, sheet("slug,Slug,,couleur\na,b,c,d\n"))
    assert [(fault.row, fault.column, fault.reason) for fault in found] == [
        (1, "", "column 3 has no name; write one, or remove the column"),
        (1, "Slug", "stands twice; keep one of the two columns"),
        (1, "couleur", "is not known; remove the column, or write a mapping"),
        (1, "label_en", "is missing; add the column"),
        (1, "label_fr", "is missing; add the column"),
    ]


def test_all_faults_of_a_row_are_told_with_line_column_and_value(sheet: Write) -> None:
    opened = sheet("prize;year;source;jury_date\np;2017;s;\np;17;s;31/02/2017\np;2019;s;1/2/2019\n")
    first, *found, last = records(files.EDITIONS, opened)
    assert [(f.file, f.row, f.column, f.value) for f in found if isinstance(f, Fault)] == [
        ("liste.csv", 3, "year", "17"),
        ("liste.csv", 3, "jury_date", "31/02/2017"),
    ]
    assert isinstance(first, Record)
    assert isinstance(last, Record)
    assert (first.line, last.line, last["jury_date"]) == (2, 4, "2019-02-01")


def test_a_faulty_row_is_kept_when_asked_for(sheet: Write) -> None:
    opened = sheet("slug;label_fr;label_en\nDe l’eau;Eau;Water\n")
    found, record = records(files.CATEGORIES, opened, keep_faulty=True)
    assert isinstance(found, Fault)
    assert record == {"slug": None, "label_fr": "Eau", "label_en": "Water", "note": None}


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("eau;Eau", "has 2 cells; write 3"),
        ("eau;Eau;Water;x", "has 4 cells; write 3, and quote cells that hold the delimiter"),
    ],
)
def test_ragged_rows_are_refused(sheet: Write, cells: str, reason: str) -> None:
    (found,) = faults_of(files.CATEGORIES, sheet(f"slug;label_fr;label_en\n{cells}\n"))
    assert (found.row, found.reason) == (2, reason)


@pytest.mark.parametrize(("unit", "is_sound"), [("%", True), ("personne", False)])
def test_a_percentage_has_the_unit_percent(sheet: Write, unit: str, *, is_sound: bool) -> None:
    text = f"initiative;name_fr;name_en;value;unit;source\ncarte;part;share;14,9 %;{unit};s\n"
    (found,) = records(files.METRICS, sheet(text))
    assert isinstance(found, Record) is is_sound
    if isinstance(found, Record):
        assert found["value"] == 14_900_000
    else:
        assert (found.column, found.value) == ("value", "14,9 %")


def test_different_cells_are_not_all_kept(sheet: Write) -> None:
    opened = sheet("code;commune\n" + "".join(f"{n:05};01001\n" for n in range(10_000)))
    reader = Reader(files.FORMER_CODES)
    found = reader.bind(opened).records(keep_faulty=False)
    kept = [len(reader.known("code")) for each in found if isinstance(each, Record)]
    assert (len(kept), max(kept)) == (10_000, 4096)
    assert len(reader.known("commune")) == 1


def test_faults_are_shown_as_text_as_json_and_beside_their_rows(sheet: Write) -> None:
    opened = sheet('slug;label_fr;label_en\neau;Eau;Water\nDe l’air;=1+1;Air\nAgen;"x\n')
    found = faults_of(files.CATEGORIES, opened)
    assert as_text(found).splitlines()[0] == (
        "liste.csv, row 3, slug: 'De l’air' is not a slug; write at most 120 of a-z, 0-9 and "
        "hyphens, such as de-l-air"
    )
    assert '"column": "label_fr",\n    "value": "=1+1"' in as_json(found)
    lines = list(annotated(opened, found))
    assert lines[0] == "slug,label_fr,label_en,row,faults\n"
    assert lines[1] == "eau,Eau,Water,2,\n"
    assert lines[2].startswith("De l’air,'=1+1,Air,3,\"slug: is not a slug;")
    assert lines[2].endswith('| label_fr: is a formula; write its value"\n')
    assert lines[3].startswith(',,,4,"label_fr: opens a quote')
    assert list(annotated(opened, found, only_faulty=True)) == [lines[0], *lines[2:]]


def test_a_fault_holds_nothing_that_a_database_or_terminal_cannot(sheet: Write) -> None:
    (found,) = faults_of(
        files.CATEGORIES, sheet("slug;label_fr;label_en\neau;E\x00au\x1b[2J;Water\n")
    )
    assert found.value == "E\\x00au\\x1b[2J"


def test_an_annotated_list_is_read_again_once_it_is_mended(sheet: Write) -> None:
    opened = sheet("slug;label_fr;label_en\nDe l’eau;'=Eau;Water\n")
    text = "".join(annotated(opened, faults_of(files.CATEGORIES, opened)))
    (record,) = records(files.CATEGORIES, sheet(text.replace("De l’eau", "eau", 1)))
    assert record == {"slug": "eau", "label_fr": "=Eau", "label_en": "Water", "note": None}
