"""Workbooks: what they show is read, what hides something or would fill a memory is refused."""

import datetime
import random
import tracemalloc
import zipfile
from collections import deque
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from seed import files
from seed.faults import BrokenData, Fault
from seed.read import BOUNDS, Bounds, How, Sheet, open_sheets
from seed.read.cells_of_workbook import letters_of, number_of
from seed.read.sheet import Row
from seed.typed import records
from tests.seed.hostile import workbooks
from tests.seed.hostile.workbooks import row, shared_xml, sheet_xml

Open = Callable[..., list[Sheet]]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Opens a workbook of one sheet with the given rows, or of given sheets."""

    def open_all(
        sheets: str | dict[str, str],
        how: How | None = None,
        bounds: Bounds = BOUNDS,
        **parts: object,
    ) -> list[Sheet]:
        named = {"Feuil1": sheet_xml(sheets)} if isinstance(sheets, str) else sheets
        path = workbooks.write(tmp_path / "liste.xlsx", named, **parts)  # type: ignore[arg-type]  # by name
        return list(open_sheets(path, how, bounds))

    return open_all


def rows_of(sheets: list[Sheet]) -> list[Row]:
    (sheet,) = sheets
    return list(sheet.rows())


def fault_of(sheets: list[Sheet]) -> Fault:
    (found,) = (each for each in rows_of(sheets) if isinstance(each, Fault))
    return found


def reason_of(make: Callable[[], list[Sheet]]) -> str:
    with pytest.raises(BrokenData) as refused:
        rows_of(make())
    return refused.value.errors[0].reason


def test_a_workbook_of_a_real_library_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Palmarès"
    sheet.append(["nom", "jour", "heure", "nombre", "part", "oui", "vide"])
    moment = datetime.datetime(2017, 11, 14, 9, 30)  # noqa: DTZ001  # a workbook knows no zones
    sheet.append(["L’Haÿ", datetime.date(2017, 11, 14), moment, 2730, 0.149, True, None])
    sheet.append(["Étampes", datetime.date(1999, 1, 1), None, 14.9, 1, False])
    for number in (2, 3):
        sheet.cell(number, 5).number_format = "0.0%"
    book.save(tmp_path / "liste.xlsx")
    (read,) = open_sheets(tmp_path / "liste.xlsx")
    assert (read.name, read.dialect, read.encoding) == ("liste.xlsx#Palmarès", "XLSX", None)
    assert read.header == ("nom", "jour", "heure", "nombre", "part", "oui", "vide")
    assert list(read.rows()) == [
        (2, ["L’Haÿ", "2017-11-14", "2017-11-14T09:30:00", "2730", "14.9 %", "1", ""]),
        (3, ["Étampes", "1999-01-01", "", "14.9", "100 %", "0", ""]),
    ]


@pytest.mark.parametrize(
    ("code", "stored", "text"),
    [
        ("dd/mm/yyyy", "43053", "2017-11-14"),
        ("[$-40C]d\\ mmmm\\ yyyy;@", "43053", "2017-11-14"),
        ("mmm yyyy", "43040", "2017-11"),
        ("yyyy", "43040", "2017"),
        ("dd/mm/yyyy hh:mm", "43053.5", "2017-11-14T12:00:00"),
        ("hh:mm", "0.5", "12:00:00"),
        ("dd/mm/yyyy", "1", "1900-01-01"),
        ("dd/mm/yyyy", "59", "1900-02-28"),
        ("dd/mm/yyyy", "61", "1900-03-01"),
        ("0.0%", "0.14899999999999999", "14.9 %"),
        ('0" % de"', "3", "3"),
        ('# ##0 "jours"', "2730", "2730"),
        ("[Red]0.00", "14.899999999999999", "14.9"),
        ("General", "1E+3", "1000"),
        ("General", "1.5E-3", "0.0015"),
        ("0", "2017", "2017"),
    ],
)
def test_a_number_is_read_as_it_is_shown(opened: Open, code: str, stored: str, text: str) -> None:
    cells = row(1, "valeur") + f'<row r="2"><c r="A2" s="1"><v>{stored}</v></c></row>'
    assert rows_of(opened(cells, formats={1: code})) == [(2, [text])]


def test_days_count_from_1904_where_the_workbook_says_so(opened: Open) -> None:
    cells = row(1, "jour") + '<row r="2"><c r="A2" s="1"><v>41591</v></c></row>'
    book = opened(cells, formats={1: "dd/mm/yyyy"}, attributes='date1904="1"')
    assert rows_of(book) == [(2, ["2017-11-14"])]


@pytest.mark.parametrize("stored", ["60", "-1", "1e300", "3000000"])
def test_a_day_that_does_not_exist_is_refused_with_its_cell(opened: Open, stored: str) -> None:
    cells = row(1, "nom", "jour") + f'<row r="2"><c r="B2" s="1"><v>{stored}</v></c></row>'
    found = fault_of(opened(cells, formats={1: "dd/mm/yyyy"}))
    assert (found.row, found.column) == (2, "jour (B2)")


def test_a_formula_counts_as_its_value(opened: Open) -> None:
    cells = row(1, "nom", "total", "texte") + (
        '<row r="2"><c r="A2" t="inlineStr"><is><t>Albi</t></is></c><c r="B2"><f>1+2</f><v>3</v>'
        '</c><c r="C2" t="str"><f>"a"</f><v>a</v></c></row>'
    )
    assert rows_of(opened(cells)) == [(2, ["Albi", "3", "a"])]


def test_a_formula_without_a_value_is_refused_with_its_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["nom", "total"])
    sheet.append(["Albi", "=1+2"])
    sheet.append(["Agen", 3])
    book.save(tmp_path / "liste.xlsx")
    (read,) = open_sheets(tmp_path / "liste.xlsx")
    found, last = read.rows()
    assert str(found) == (
        "liste.xlsx#Sheet, row 2, total (B2): is a formula without a value; open the workbook, "
        "calculate it and save it"
    )
    assert last == (3, ["Agen", "3"])


def test_an_error_of_a_formula_is_refused_with_its_cell(opened: Open) -> None:
    cells = row(1, "total") + '<row r="2"><c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    found = fault_of(opened(cells))
    assert (found.column, found.value) == ("total (A2)", "#DIV/0!")
    assert found.reason == "is the error #DIV/0!; correct the formula"


def test_hidden_sheets_are_left_out_and_said(opened: Open) -> None:
    sheets = {"Liste": sheet_xml(row(1, "nom") + row(2, "Albi"))}
    sheets |= {"Brouillon": sheet_xml(row(1, "nom") + row(2, "Agen")), "Vide": sheet_xml("")}
    states = {"Brouillon": "veryHidden"}
    (sheet,) = opened(sheets, states=states)
    assert sheet.notes == [
        "sheet Brouillon is hidden and was not read; unhide it or ask for it by name"
    ]
    assert rows_of(opened(sheets, How(sheet="Brouillon"), states=states)) == [(2, ["Agen"])]
    assert rows_of(opened(sheets, How(sheet="1"), states=states)) == [(2, ["Albi"])]
    reason = reason_of(lambda: opened(sheets, How(sheet="Autre")))
    assert reason == "has no such sheet; write one of Liste, Brouillon, Vide"


def test_cells_merged_downwards_count_for_each_row_and_it_is_said(opened: Open) -> None:
    cells = row(1, "année", "nom") + row(2, "2017", "Albi") + row(3, "", "Agen")
    cells += row(4, "", "Aix") + row(5, "2018", "Apt")
    merged = '<mergeCells count="1"><mergeCell ref="A2:A4"/></mergeCells>'
    (sheet,) = opened({"Feuil1": sheet_xml(cells, merged)})
    assert [cells for _, cells in sheet.rows() if cells] == [  # type: ignore[misc]  # no faults
        ["2017", "Albi"],
        ["2017", "Agen"],
        ["2017", "Aix"],
        ["2018", "Apt"],
    ]
    assert sheet.notes == [
        "the value of cells that are merged downwards counts for each row: A2:A4"
    ]


def test_cells_merged_over_columns_are_refused_below_the_header_alone(opened: Open) -> None:
    cells = row(1, "Palmarès") + row(2, "année", "nom") + row(3, "2017", "") + row(4, "2018", "b")
    merged = '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A3:B3"/></mergeCells>'
    found, last = rows_of(opened({"Feuil1": sheet_xml(cells, merged)}, How(header_row=2)))
    assert isinstance(found, Fault)
    assert (found.row, found.column) == (3, "A3:B3")
    assert last == (4, ["2018", "b"])


def test_a_merge_of_the_whole_sheet_costs_nothing(opened: Open) -> None:
    merged = (
        '<mergeCells><mergeCell ref="B1:XFD1048576"/><mergeCell ref="A1:A1048576"/></mergeCells>'
    )
    cells = row(1, "nom") + row(1_048_576, "Albi")
    found = fault_of(opened({"Feuil1": sheet_xml(cells, merged)}))
    assert found.row == 1_048_576


def test_shared_texts_are_read_without_their_pronunciation(opened: Open) -> None:
    shared = shared_xml(
        "<t>nom</t>",
        "<r><t>Al</t></r><r><t>bi</t></r><rPh><t>XX</t></rPh>",
        "<t>a_x000D_b</t>",
    )
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    cells += (
        '<row r="2"><c r="A2" t="s"><v>1</v></c></row><row r="3"><c r="A3" t="s"><v>2</v></c></row>'
    )
    assert rows_of(opened(cells, shared=shared)) == [(2, ["Albi"]), (3, ["a\rb"])]


def test_a_missing_shared_text_is_refused(opened: Open) -> None:
    cells = row(1, "nom") + '<row r="2"><c r="A2" t="s"><v>7</v></c></row>'
    assert "refers to a text that is missing" in fault_of(opened(cells)).reason


def test_rows_and_cells_without_numbers_are_counted(opened: Open) -> None:
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'
    cells = "<row>" + cell.format("nom") + cell.format("note") + "</row>"
    cells += '<row r="3">' + cell.format("Albi") + "</row>"
    assert rows_of(opened(cells)) == [(3, ["Albi", ""])]


def test_a_cell_right_of_the_header_makes_its_row_wider(opened: Open) -> None:
    assert rows_of(opened(row(1, "nom") + row(2, "Albi", "", "x"))) == [(2, ["Albi", "", "x"])]


def test_elements_may_have_a_prefix(opened: Open) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = sheet_xml(row(1, "nom") + row(2, "Albi")).replace(f' xmlns="{main}"', "")
    for name in ("worksheet", "sheetData", "row", "c ", "is", "t"):
        xml = xml.replace(f"</{name}>", f"</x:{name}>").replace(f"<{name}", f"<x:{name}")
    xml = xml.replace("</c>", "</x:c>").replace("<x:worksheet", f'<x:worksheet xmlns:x="{main}"')
    xml = xml.replace("<x:x:", "<x:").replace("</x:x:", "</x:")
    assert rows_of(opened({"Feuil1": xml})) == [(2, ["Albi"])]


@pytest.mark.parametrize("where", ["own", "shared"])
def test_a_cell_of_10_mb_is_refused_with_its_column_in_flat_memory(
    opened: Open, where: str
) -> None:
    long = random.Random(5).randbytes(5_000_000).hex()
    cell = '<c r="B2" t="s"><v>0</v></c>' if where == "shared" else workbooks.text("B2", long)
    cells = row(1, "nom", "note") + row(2, "Albi", cell) + row(3, "Agen", "x")
    shared = shared_xml(f"<t>{long}</t>") if where == "shared" else ""
    (sheet,) = opened(cells, shared=shared)
    tracemalloc.start()
    found, last = sheet.rows()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(found, Fault)
    assert (found.row, found.column) == (2, "note (B2)")
    assert found.reason == "is too long; write at most 100,000 characters"
    assert last == (3, ["Agen", "x"])
    assert peak < 3_000_000


@pytest.mark.parametrize("part", ["sheet", "shared"])
def test_a_zip_bomb_is_refused(opened: Open, part: str) -> None:
    zeros = ("<!--" + "0" * 10_000 + "-->") * 4000
    cells = row(1, "nom") + row(2, "Albi")
    sheet = sheet_xml(cells, zeros if part == "sheet" else "")
    shared = shared_xml("<t>x</t>").replace("</sst>", f"{zeros}</sst>") if part == "shared" else ""
    reason = reason_of(lambda: opened({"Feuil1": sheet}, shared=shared))
    assert "uncompresses to more than 200 times its size" in reason


def test_a_part_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = workbooks.write(tmp_path / "liste.xlsx", {"a": sheet_xml(row(1, "nom") + row(2, "b"))})
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
        size = info.file_size.to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (9).to_bytes(4, "little")))
    assert "is damaged" in reason_of(lambda: list(open_sheets(path)))


def test_a_tag_without_end_is_refused(opened: Open) -> None:
    """expat takes a time that grows with the square of its length."""
    long = random.Random(5).randbytes(4_000_000).hex()
    cells = row(1, "nom") + f'<row r="2" note="{long}">{workbooks.text("A2", "b")}</row>'
    assert "has a tag of more than 2,097,152 bytes" in reason_of(lambda: opened(cells))


def test_a_million_laughs_are_refused(opened: Open) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    xml = sheet_xml(row(1, "nom") + row(2, "x")).replace("x</t>", "&l9;</t>")
    xml = xml.replace("?><", f"?><!DOCTYPE worksheet [{entities}]><", 1)
    assert "declares a document type" in reason_of(lambda: opened({"Feuil1": xml}))


def test_an_outside_entity_is_refused(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    outside = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]>'
    xml = sheet_xml(row(1, "nom") + row(2, "x")).replace("x</t>", "&e;</t>")
    xml = xml.replace("?><", f"?>{outside}<", 1)
    assert "declares a document type" in reason_of(lambda: opened({"Feuil1": xml}))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ('<row r="2"/><row r="2"/>', "is numbered as a row before it"),
        ('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>', "two cells in one place"),
        ('<row r="1"><c r="ZZZ1"><v>1</v></c></row>', "is too far to the right"),
        ('<row r="1"><c r="1"><v>1</v></c></row>', "is too far to the right"),
        ('<row r="1"><c r="A1"><v>x</v></c></row>', "is no number"),
    ],
)
def test_contradictory_sheets_are_refused(opened: Open, cells: str, said: str) -> None:
    assert said in reason_of(lambda: opened(cells))


def test_a_cut_workbook_is_refused(tmp_path: Path) -> None:
    path = workbooks.write(tmp_path / "liste.xlsx", {"a": sheet_xml(row(1, "nom"))})
    path.write_bytes(path.read_bytes()[:300])
    assert reason_of(lambda: list(open_sheets(path))) == "is damaged; save it again as .xlsx"


def test_broken_xml_is_refused(opened: Open) -> None:
    sheet = sheet_xml(row(1, "nom") + row(2, "b")).replace("</row>", "", 1)
    assert "is damaged" in reason_of(lambda: opened({"Feuil1": sheet}))


def test_a_zip_file_without_a_workbook_is_refused(tmp_path: Path) -> None:
    path = workbooks.pack(tmp_path / "liste.zip", {"liste.csv": "nom\nAlbi\n"})
    assert "is a ZIP file without a workbook" in reason_of(lambda: list(open_sheets(path)))


def test_a_link_out_of_the_workbook_leads_nowhere(tmp_path: Path) -> None:
    path = workbooks.write(tmp_path / "liste.xlsx", {"a": sheet_xml(row(1, "nom"))})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    links = parts["xl/_rels/workbook.xml.rels"]
    parts["xl/_rels/workbook.xml.rels"] = links.replace(b"worksheets/", b"../../../etc/")
    workbooks.pack(path, parts)
    assert list(open_sheets(path)) == []


def test_fifteen_thousand_rows_are_read_in_flat_memory(opened: Open) -> None:
    shared = shared_xml("<t>nom</t>", *(f"<t>commune {n}</t>" for n in range(15_000)))
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + "".join(
        f'<row r="{n + 1}"><c r="A{n + 1}" t="s"><v>{n}</v></c></row>' for n in range(1, 15_001)
    )
    tracemalloc.start()
    (sheet,) = opened(cells, shared=shared)
    del cells, shared
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    (last,) = deque(sheet.rows(), maxlen=1)
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert last == (15_001, ["commune 14999"])
    assert peak < 2_000_000


def test_too_many_rows_are_refused(opened: Open) -> None:
    cells = "".join(row(number, "a") for number in range(1, 20))
    assert "more than 10 rows" in reason_of(lambda: opened(cells, bounds=Bounds(rows=10)))


def test_columns_are_named_as_spreadsheets_do() -> None:
    assert [letters_of(n) for n in (0, 25, 26, 701, 702, 16_383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]
    assert [number_of(c) for c in (b"A", b"Z", b"AA", b"ZZ", b"AAA", b"XFD")] == (
        [0, 25, 26, 701, 702, 16_383]
    )


def test_native_columns_of_a_workbook_are_typed(opened: Open) -> None:
    cells = row(1, "prize", "year", "source", "jury_date") + row(
        2,
        "prix",
        '<c r="B2"><v>2017</v></c>',
        "https://example.org",
        '<c r="D2" s="1"><v>43053</v></c>',
    )
    (sheet,) = opened(cells, formats={1: "dd/mm/yyyy"})
    (record,) = records(files.EDITIONS, sheet)
    assert not isinstance(record, Fault)
    assert (record["year"], record["jury_date"], record.line) == (2017, "2017-11-14", 2)
