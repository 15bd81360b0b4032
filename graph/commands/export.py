"""`terrigraph export`: all records as native files."""

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer

from graph.commands.console import AsJson, Database, opened
from graph.commands.progress import progress
from seed.export import export as write

EXPORT_EXAMPLES = (
    "Examples: terrigraph export data · terrigraph export trophees --list trophees · "
    "terrigraph export data --json"
)


def export(
    folder: Annotated[Path, typer.Argument(help="Where the files are written.")],
    key: Annotated[
        str | None,
        typer.Option(
            "--list",
            help="Only the records that the list of this key brought.",
            metavar="KEY",
            show_default=False,
        ),
    ] = None,
    database: Database = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Write all records as native files, or those of one list.

    `terrigraph seed FOLDER` loads all again, `terrigraph import FOLDER --list KEY` those of a list.
    Files are replaced one by one, each once it is whole. Exit codes: 0 written, 1 the folder
    cannot be written or there is no such list, 4 the database cannot be used.
    """
    with opened(database) as engine:
        level = "REPEATABLE READ" if engine.dialect.name == "postgresql" else "SERIALIZABLE"
        reading = engine.execution_options(isolation_level=level)
        with reading.connect() as connection, progress() as tell:
            try:
                written = write(connection, folder, tell, key)
            except OSError as error:
                raise ValueError(f"{folder} cannot be written: {error.strerror}") from None
    if as_json:
        sys.stdout.write(orjson.dumps(written).decode() + "\n")
    else:
        width = max(map(len, written))
        sys.stdout.write("".join(f"{name:<{width}}  {rows:,}\n" for name, rows in written.items()))
