"""What all commands share: where they write, their exit codes, their settings."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn

import sqlalchemy as sa
import typer
from rich.console import Console

from graph.settings import Settings
from graph.storage.engine import open_engine
from graph.storage.migrate import upgrade

# Exit codes, for scripts.
FAILED = 1
BROKEN_DATA = 3
NO_DATABASE = 4
UNDECIDED = 5
HELD_BACK = 7

# Faults are read by programs as well: a line each, however long.
console = Console(stderr=True, soft_wrap=True)

Database = Annotated[
    str | None,
    typer.Option("--database", help="Overrides DATABASE_URL.", metavar="URL", show_default=False),
]
AllowWithdrawals = Annotated[
    int | None,
    typer.Option(
        "--allow-withdrawals",
        min=0,
        max=100,
        help="How many percent of what a list brought of a type may go at once; 20 unless told.",
        metavar="PERCENT",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def settings_of(database: str | None = None, **given: object) -> Settings:
    """The settings of the environment, but for those that are given."""
    known = {name: value for name, value in given.items() if value is not None}
    if database:
        known["DATABASE_URL"] = database
    return Settings(**known)  # type: ignore[arg-type]  # checked by the model


def stop(message: str, code: int) -> NoReturn:
    """Tells what is wrong in a sentence and ends with an exit code."""
    console.print(message, style="red", markup=False, highlight=False)
    sys.exit(code)


@contextmanager
def opened(database: str | None) -> Iterator[sa.Engine]:
    """The database, with the newest tables."""
    engine = open_engine(settings_of(database).database_url)
    try:
        upgrade(engine)
        yield engine
    finally:
        engine.dispose()
