"""CSV as people send it: read right where the meaning is certain, else refused with its line."""

import codecs
import gzip
import tracemalloc
from pathlib import Path

import pytest

from seed.faults import BrokenData, Fault
from seed.read import Bounds, open_sheets
from tests.seed.hostile.opened import Open, opener, refused

_TABLE = "nom;département;valeur\nL’Haÿ-les-Roses;Val-de-Marne;14,9\nÉtampes;Essonne;2 730\n"
_ROWS = [
    (2, ["L’Haÿ-les-Roses", "Val-de-Marne", "14,9"]),
    (3, ["Étampes", "Essonne", "2 730"]),
]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    return opener(tmp_path, "liste.csv")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (_TABLE.encode(), "utf-8"),
        (codecs.BOM_UTF8 + _TABLE.encode(), "utf-8-sig"),
        (_TABLE.encode("cp1252"), "cp1252"),
        (codecs.BOM_UTF16_LE + _TABLE.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + _TABLE.encode("utf-16-be"), "utf-16"),
    ],
)
def test_encodings_are_detected_and_said(opened: Open, content: bytes, encoding: str) -> None:
    sheet = opened(content)
    assert sheet.encoding == encoding
    assert sheet.header == ("nom", "département", "valeur")
    assert list(sheet.rows()) == _ROWS


def test_an_encoding_is_found_behind_a_long_plain_beginning(opened: Open) -> None:
    lines = "x;y\n" * 200_000
    sheet = opened(f"a;b\n{lines}é;ü\n".encode("cp1252"))
    *_, last = sheet.rows()
    assert (sheet.encoding, last) == ("cp1252", (200_002, ["é", "ü"]))


@pytest.mark.parametrize(
    ("delimiter", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")]
)
def test_delimiters_are_detected_and_said(opened: Open, delimiter: str, name: str) -> None:
    text = "nom;note\nAlbi;a, b et c\nAgen;d | e, f\n".replace(";", delimiter)
    quoted = text.replace("a, b et c", '"a, b et c"').replace("d | e, f", '"d | e, f"')
    sheet = opened(quoted)
    assert sheet.dialect == f"CSV, {name}"
    assert list(sheet.rows()) == [(2, ["Albi", "a, b et c"]), (3, ["Agen", "d | e, f"])]


def test_a_first_line_that_names_the_delimiter_is_no_header(opened: Open) -> None:
    sheet = opened("sep=;\nnom;note\nAlbi;a,b,c\n")
    assert (sheet.header_row, sheet.header) == (2, ("nom", "note"))
    assert list(sheet.rows()) == [(3, ["Albi", "a,b,c"])]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_of_any_system_are_read(opened: Open, ending: str) -> None:
    assert list(opened(_TABLE.replace("\n", ending)).rows()) == _ROWS


def test_title_lines_are_skipped_when_told(opened: Open) -> None:
    sheet = opened('Palmarès "2017\n\nnom;note\nAlbi;x\n', header_row=3)
    assert (sheet.header_row, list(sheet.rows())) == (3, [(4, ["Albi", "x"])])


def test_a_cell_over_several_lines_counts_its_lines(opened: Open) -> None:
    sheet = opened('nom;note\nAlbi;"a\nb"\nAgen;c\n')
    assert list(sheet.rows()) == [(2, ["Albi", "a\nb"]), (4, ["Agen", "c"])]


def test_empty_rows_and_columns_of_spreadsheets_are_left_out(opened: Open) -> None:
    sheet = opened("nom;note;;\nAlbi;x;;\n;;;\n\nAgen;y;;\n;;;\n")
    assert sheet.header == ("nom", "note")
    assert list(sheet.rows()) == [(2, ["Albi", "x"]), (5, ["Agen", "y"])]


def test_ragged_rows_are_given_as_wide_as_they_are(opened: Open) -> None:
    sheet = opened("nom;note\nAlbi\nAgen;y;z\n")
    assert list(sheet.rows()) == [(2, ["Albi"]), (3, ["Agen", "y", "z"])]


def test_mixed_encodings_are_refused_with_each_line(opened: Open, tmp_path: Path) -> None:
    mixed = b"nom;note\n" + "Étampes;é\n".encode() + "Évry;à\n".encode("cp1252") + b"Albi;x\n"
    found = refused(opened, mixed)
    assert (found.row, found.value) == (3, "Évry;à")
    assert found.reason == "is not UTF-8 while other lines are; write it again and save as UTF-8"


def test_bytes_without_meaning_in_any_encoding_are_refused_with_their_line(opened: Open) -> None:
    found = refused(opened, b"nom;note\nAlbi;\x81\xe9\n")
    assert (found.row, found.value) == (2, "byte 81")
    assert "save the file as UTF-8" in found.reason


def test_an_encoding_that_is_told_and_wrong_is_refused_with_its_line(opened: Open) -> None:
    found = refused(opened, "nom;note\nAlbi;é\n".encode("cp1252"), encoding="utf-8")
    assert (found.row, found.reason) == (2, "is not UTF-8; save the file as UTF-8")


def test_an_unknown_encoding_is_refused(opened: Open) -> None:
    found = refused(opened, _TABLE, encoding="utf-9")
    assert found.reason == "cannot be read as 'utf-9'; write utf-8, utf-16 or cp1252"


def test_an_encoding_is_told_where_it_cannot_be_detected(opened: Open) -> None:
    sheet = opened(_TABLE.replace("’", "'").encode("mac_roman"), encoding="mac_roman")
    assert next(sheet.rows()) == (2, ["L'Haÿ-les-Roses", "Val-de-Marne", "14,9"])


def test_utf_16_without_its_mark_is_refused(opened: Open) -> None:
    assert "UTF-16 without its mark" in refused(opened, _TABLE.encode("utf-16-le")).reason


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n \n", "is empty"),
        (b";;;\n;;\n", "is empty"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", ".xls"),
        (b"<!DOCTYPE html><table>", "is a web page"),
        (codecs.BOM_UTF32_LE + "nom".encode("utf-32-le"), "UTF-32"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_send(
    opened: Open, content: bytes, said: str
) -> None:
    assert said in refused(opened, content).reason


def test_a_quote_that_nothing_closes_hides_no_other_row(opened: Open) -> None:
    bad = opened('nom,note\nAlbi,x\nAgen,"y\nAix,z\nApt,w\n')
    first, found, *rest = bad.rows()
    assert first == (2, ["Albi", "x"])
    assert isinstance(found, Fault)
    assert (found.row, found.column, found.value) == (3, "note", '"y')
    assert found.reason == "opens a quote that nothing closes; close it, or double it"
    assert rest == [(4, ["Aix", "z"]), (5, ["Apt", "w"])]


def test_a_quote_that_another_row_seems_to_close_is_found_where_it_opens(opened: Open) -> None:
    rows = list(opened('nom,note\nAgen,"y\nAix,"z"\nApt,w\n').rows())
    assert [row.row for row in rows if isinstance(row, Fault)] == [2]
    assert rows[1:] == [(3, ["Aix", "z"]), (4, ["Apt", "w"])]


def test_a_stray_quote_is_refused_in_its_row_alone(opened: Open) -> None:
    found, last = opened('nom,note\n"Le "bon" prix",x\nApt,w\n').rows()
    assert isinstance(found, Fault)
    assert (found.row, found.column) == (2, "nom")
    assert "double its quotes" in found.reason
    assert last == (3, ["Apt", "w"])


def test_quotes_that_are_never_closed_end_the_reading_once_they_are_many(opened: Open) -> None:
    sheet = opened("nom,note\n" + 'Albi,"x\n' * 1000)
    with pytest.raises(BrokenData) as error:
        list(sheet.rows())
    assert "too many quotes" in error.value.errors[0].reason


def test_a_cell_of_10_mb_is_refused_with_its_column_in_flat_memory(opened: Open) -> None:
    sheet = opened("nom,note,lieu\nAlbi,x,a\nAgen," + "y" * 10_000_000 + ",b\nApt,w,c\n")
    tracemalloc.start()
    first, found, last = sheet.rows()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(found, Fault)
    assert (found.row, found.column) == (3, "note")
    assert found.reason == "is too long; write at most 131,072 characters"
    assert (first, last) == ((2, ["Albi", "x", "a"]), (4, ["Apt", "w", "c"]))
    assert peak < 20_000_000


def test_a_cell_of_10_mb_over_many_lines_is_a_quote_that_nothing_closes(opened: Open) -> None:
    rows = list(opened('nom,note\nAlbi,"' + "ligne\n" * 2000 + '"\nApt,w\n').rows())
    assert isinstance(rows[0], Fault)
    assert (rows[0].row, rows[0].column) == (2, "note")
    assert (2003, ["Apt", "w"]) in rows


def test_too_many_columns_are_refused(opened: Open) -> None:
    found = refused(opened, ",".join(f"c{number}" for number in range(501)) + "\n")
    assert (found.row, found.reason) == (1, "has 501 columns; keep at most 500")


def test_too_many_rows_are_refused(opened: Open) -> None:
    found = refused(opened, "nom\n" + "a\n" * 11, bounds=Bounds(rows=10))
    assert found.reason == "has more than 10 rows; split the file"


def test_too_many_bytes_are_refused(opened: Open) -> None:
    found = refused(opened, "nom\n" + "a\n" * 2**20, bounds=Bounds(file_bytes=2**20))
    assert found.reason == "has more than 1 MiB; split the file"


def test_gzip_is_read_by_what_it_holds(opened: Open) -> None:
    assert list(opened(gzip.compress(_TABLE.encode()), "liste.csv").rows()) == _ROWS


def test_a_cut_gzip_file_is_refused(opened: Open) -> None:
    whole = gzip.compress(_TABLE.encode() * 1000)
    found = refused(opened, whole[: len(whole) // 2], name="liste.csv.gz")
    assert found.reason == "is damaged; compress the file again with gzip"


def test_a_gzip_bomb_is_refused_before_it_fills_anything(opened: Open) -> None:
    bomb = gzip.compress(b"nom\n" + b"a\n" * 25_000_000)
    tracemalloc.start()
    found = refused(opened, bomb, name="bombe.csv.gz")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "uncompresses to more than 200 times its size" in found.reason
    assert peak < 20_000_000


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenData, match="is not there; write the path of a file or a folder"):
        list(open_sheets(tmp_path / "rien.csv"))


def test_a_folder_gives_its_lists_by_name_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "LICENCE.md", ".caché.csv", "~$a.xlsx"):
        (tmp_path / name).write_text("nom\nAlbi\n")
    (tmp_path / "plus").mkdir()
    assert [sheet.name for sheet in open_sheets(tmp_path)] == ["a.csv", "b.csv"]


def test_a_hundred_thousand_rows_are_read_in_flat_memory(opened: Open) -> None:
    sheet = opened("nom;valeur\n" + "".join(f"commune {n};{n}\n" for n in range(100_000)))
    tracemalloc.start()
    assert sum(1 for _ in sheet.rows()) == 100_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
