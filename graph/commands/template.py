"""`terrigraph template`: the native tables, as empty lists and as Table Schemas."""

import sys
from typing import Annotated

import typer

from seed import schemas, words
from seed.files import TABLES
from seed.habits import did_you_mean

TEMPLATE_EXAMPLES = (
    "Examples: terrigraph template award > awards.csv · terrigraph template --list · "
    "terrigraph template metric --with-example · terrigraph template award --schema"
)


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
) -> None:
    """Print an empty list (CSV) of a native table, to fill in and import.

    Exit codes: 1 there is no such table.
    """
    if is_listed or table is None:
        sys.stdout.write(_listed())
        return
    if table not in TABLES:
        meant = did_you_mean(table, TABLES) or f"write one of {', '.join(TABLES)}"
        raise ValueError(f"{table!r} is no table; {meant}")
    sys.stdout.write(
        schemas.schema_text(table)
        if as_schema
        else schemas.template(table, with_example=with_example)
    )


def _listed() -> str:
    width = max(map(len, TABLES)) + 2
    said = words.TABLES
    return "".join(f"{table:<{width}}{said[table].description_en}\n" for table in TABLES)
