"""A list is known as a native table by its name, its sheet, or its columns alone."""

from pathlib import Path

import pytest

from seed.faults import BrokenData
from seed.files import FILES, TABLES
from seed.native import table_of
from seed.read import Sheet, open_sheets
from seed.sources import DATA
from seed.templates import as_csv
from tests.seed.hostile import workbooks
from tests.seed.hostile.workbooks import row, sheet_xml


def _sheet(path: Path, text: str) -> Sheet:
    path.write_text(text, encoding="utf-8")
    (sheet,) = open_sheets(path)
    return sheet


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_committed_files_are_known_by_name(file: object) -> None:
    (sheet,) = open_sheets(DATA / file.name)  # type: ignore[attr-defined]  # a File
    assert TABLES[table_of(sheet)] is file


@pytest.mark.parametrize("table", TABLES)
def test_templates_are_known_by_their_columns_whatever_their_name(
    table: str, tmp_path: Path
) -> None:
    assert table_of(_sheet(tmp_path / "liste du 3 mai.csv", as_csv(table))) == table


def test_a_table_that_is_told_is_taken(tmp_path: Path) -> None:
    sheet = _sheet(tmp_path / "liste.csv", as_csv("award"))
    assert table_of(sheet, "edition") == "edition"
    with pytest.raises(BrokenData, match=r"'awrd' is no table; did you mean award\?"):
        table_of(sheet, "awrd")


def test_a_sheet_is_known_by_its_title(tmp_path: Path) -> None:
    sheets = {"Award": sheet_xml(row(1, "x")), "Metric": sheet_xml(row(1, "y"))}
    path = workbooks.write(tmp_path / "initiative.xlsx", sheets)
    assert [table_of(sheet) for sheet in open_sheets(path)] == ["award", "metric"]


def test_columns_of_no_table_are_refused(tmp_path: Path) -> None:
    sheet = _sheet(tmp_path / "liste.csv", "Année,Lauréat\n")
    with pytest.raises(BrokenData, match="has columns of no table; name the file after its table"):
        table_of(sheet)
