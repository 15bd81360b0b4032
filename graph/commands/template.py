"""`terrigraph template`: the native tables, as empty lists and as Table Schemas."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from seed import schemas, templates, words
from seed.files import TABLES
from seed.habits import did_you_mean

TEMPLATE_EXAMPLES = (
    "Examples: terrigraph template award > awards.csv · terrigraph template --list · "
    "terrigraph template metric --with-example · terrigraph template award --schema · "
    "terrigraph template edition --format xlsx > edition.xlsx"
)


class Format(StrEnum):
    """What a list is written as."""

    CSV = "csv"
    XLSX = "xlsx"


def template(
    table: Annotated[str | None, typer.Argument(help="The table, such as award.")] = None,
    *,
    is_listed: Annotated[bool, typer.Option("--list", help="Name the tables.")] = False,
    with_example: Annotated[
        bool, typer.Option("--with-example", help="Write a row that shows what to write.")
    ] = False,
    as_schema: Annotated[
        bool, typer.Option("--schema", help="Print the Table Schema (JSON) instead.")
    ] = False,
    form: Annotated[
        Format, typer.Option("--format", help="CSV, or a workbook whose cells are all text.")
    ] = Format.CSV,
) -> None:
    """Print an empty list of a native table, to fill in and import.

    Exit codes: 1 there is no such table.
    """
    if is_listed or table is None:
        sys.stdout.write(_listed())
        return
    if table not in TABLES:
        meant = did_you_mean(table, TABLES) or f"write one of {', '.join(TABLES)}"
        raise ValueError(f"{table!r} is no table; {meant}")
    if as_schema:
        sys.stdout.write(schemas.schema_text(table))
    elif form is Format.CSV:
        sys.stdout.write(templates.as_csv(table, with_example=with_example))
    else:
        sys.stdout.buffer.write(templates.as_workbook(table, with_example=with_example))


def _listed() -> str:
    width = max(map(len, TABLES)) + 2
    said = words.TABLES
    return "".join(f"{table:<{width}}{said[table].description_en}\n" for table in TABLES)
