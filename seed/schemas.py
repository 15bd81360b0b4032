"""The native tables as Table Schemas.

A Table Schema is the JSON that data.gouv.fr and Frictionless tools read:
https://specs.frictionlessdata.io/table-schema/. To write the published ones again:

    python -m seed.schemas docs/schemas
"""

import sys
from pathlib import Path
from typing import Any

import orjson

from seed import words
from seed.cells import Cell
from seed.files import TABLES, File
from seed.words import Column

_SPECIFICATION = "https://specs.frictionlessdata.io/schemas/table-schema.json"


def schema(table: str) -> dict[str, Any]:
    """The Table Schema of a native table; titles and descriptions in both languages."""
    file, said = TABLES[table], words.TABLES[table]
    described: dict[str, Any] = {
        "$schema": _SPECIFICATION,
        "name": f"terrigraph-{table.replace('_', '-')}",
        "title": said.title_fr,
        "title_en": said.title_en,
        "description": said.description_fr,
        "description_en": said.description_en,
        "fields": [
            _field(name, cell, words.COLUMNS[table][name], file)
            for name, cell in file.readable.items()
        ],
        "missingValues": [""],
    }
    key = [column for column in file.key if column in file.columns]
    if key:
        described["primaryKey"] = key
    foreign = _foreign_keys(file)
    if foreign:
        described["foreignKeys"] = foreign
    return described


def schema_text(table: str) -> str:
    """The same, as the file that is published."""
    return orjson.dumps(schema(table), option=orjson.OPT_INDENT_2).decode() + "\n"


def _field(name: str, cell: Cell, said: Column, file: File) -> dict[str, Any]:
    constraints = dict(cell.schema["constraints"])
    if cell.is_required and name not in file.defaults:
        constraints = {"required": True, **constraints}
    if (name,) in file.unique or file.key == (name,):
        constraints["unique"] = True
    field = {
        "name": name,
        "title": said.title_fr,
        "title_en": said.title_en,
        "description": said.description_fr,
        "description_en": said.description_en,
        "example": said.example,
        **{key: value for key, value in cell.schema.items() if key != "constraints"},
        "constraints": constraints,
    }
    return {key: value for key, value in field.items() if value not in ("", {})}


def _foreign_keys(file: File) -> list[dict[str, Any]]:
    """References that a Table Schema can tell: those whose columns are the whole key."""
    keys = {other.target: (table, other.key) for table, other in reversed([*TABLES.items()])}
    found = []
    for reference in file.references:
        table, key = keys[reference.target]
        if len(key) == len(reference.columns):
            target = {"resource": table, "fields": list(key)}
            found.append({"fields": list(reference.columns), "reference": target})
    return found


def main(folder: Path) -> None:
    """Writes the schema of each table into a folder."""
    for table in TABLES:
        (folder / f"{table}.json").write_text(schema_text(table), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
