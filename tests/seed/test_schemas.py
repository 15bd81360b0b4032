"""The published Table Schemas and templates say what an import reads."""

import csv
import io
import re
from pathlib import Path

import openpyxl
import orjson
import pytest

from seed import words
from seed.faults import Fault
from seed.files import FILES, TABLES
from seed.read import open_sheets
from seed.schemas import main, schema, schema_text
from seed.templates import as_csv, as_workbook
from seed.typed import Reader, records

_PUBLISHED = Path(__file__).parents[2] / "docs" / "schemas"


@pytest.mark.parametrize("table", TABLES)
def test_the_published_schema_is_current(table: str) -> None:
    published = (_PUBLISHED / f"{table}.json").read_text(encoding="utf-8")
    assert published == schema_text(table), "write it again: python -m seed.schemas docs/schemas"


def test_the_schemas_are_written_into_a_folder(tmp_path: Path) -> None:
    main(tmp_path)
    assert (tmp_path / "award.json").read_text(encoding="utf-8") == schema_text("award")


def test_no_other_schema_is_published() -> None:
    assert {path.stem for path in _PUBLISHED.iterdir()} == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_described_in_both_languages(table: str) -> None:
    columns = words.COLUMNS[table]
    assert list(columns) == list(TABLES[table].readable)
    assert all(all(said[:4]) for said in (*columns.values(), words.TABLES[table]))


def test_every_file_is_a_table() -> None:
    assert tuple(TABLES.values()) == FILES
    assert set(words.TABLES) == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_the_example_is_read_without_faults(table: str, tmp_path: Path) -> None:
    (tmp_path / "liste.csv").write_text(as_csv(table, with_example=True), encoding="utf-8")
    (tmp_path / "liste.xlsx").write_bytes(as_workbook(table, with_example=True))
    (from_csv, from_workbook) = (
        list(records(TABLES[table], sheet)) for sheet in open_sheets(tmp_path)
    )
    assert not isinstance(from_csv[0], Fault)
    assert from_csv == from_workbook


@pytest.mark.parametrize("table", TABLES)
def test_the_template_has_the_columns_of_the_schema_and_no_row(table: str) -> None:
    (header,) = csv.reader(io.StringIO(as_csv(table)))
    assert header == [field["name"] for field in schema(table)["fields"]]


@pytest.mark.parametrize("table", TABLES)
def test_the_constraints_of_a_schema_hold_for_its_examples(table: str) -> None:
    for field in schema(table)["fields"]:
        constraints, example = field.get("constraints", {}), field.get("example", "")
        assert example or not constraints.get("required"), field["name"]
        if not example:
            continue
        assert re.fullmatch(constraints.get("pattern", ".*"), example), field["name"]
        assert len(example) <= constraints.get("maxLength", 10_000)
        assert example in constraints.get("enum", [example])


@pytest.mark.parametrize("table", TABLES)
def test_required_are_the_columns_that_a_list_must_have(table: str) -> None:
    required = [
        field["name"]
        for field in schema(table)["fields"]
        if field.get("constraints", {}).get("required")
    ]
    assert required == Reader(TABLES[table]).lacking([])


def test_foreign_keys_lead_to_published_tables() -> None:
    for table in TABLES:
        for key in schema(table).get("foreignKeys", []):
            fields = {field["name"] for field in schema(key["reference"]["resource"])["fields"]}
            assert set(key["reference"]["fields"]) <= fields


def test_a_schema_is_json_with_types_that_frictionless_knows() -> None:
    award = orjson.loads(schema_text("award"))
    types = {field["name"]: field["type"] for field in award["fields"]}
    assert (types["year"], types["level"], types["note"]) == ("year", "string", "string")
    assert schema("initiative")["fields"][2]["trueValues"] == ["1"]
    assert award["foreignKeys"][0] == {
        "fields": ["prize", "year"],
        "reference": {"resource": "edition", "fields": ["prize", "year"]},
    }


def test_cells_of_a_template_are_text_to_a_real_library(tmp_path: Path) -> None:
    (tmp_path / "liste.xlsx").write_bytes(as_workbook("collectivity", with_example=True))
    book = openpyxl.load_workbook(tmp_path / "liste.xlsx")
    header, example = book["collectivity"].iter_rows()
    assert [cell.value for cell in header] == list(TABLES["collectivity"].readable)
    assert {cell.number_format for cell in example} == {"@"}
    assert as_workbook("award") == as_workbook("award")
