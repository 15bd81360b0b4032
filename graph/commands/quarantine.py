"""`terrigraph quarantine`: rows that an import refused, to be looked at, tried again or dropped."""

import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import orjson
import typer

from graph.commands.bring import write_report
from graph.commands.console import AsJson, Database, opened
from graph.commands.progress import progress
from seed import incoming
from seed import quarantine as rows
from seed.load import List, Way, import_list
from seed.mapping import load_mapping
from seed.names import Names
from seed.plan import feed_of
from seed.quarantine import Refused

quarantine = typer.Typer(
    help="Rows that imports refused, with their reasons.", no_args_is_help=True
)

Key = Annotated[str | None, typer.Option("--list", help="The key of a list.", show_default=False)]


@quarantine.command(
    "list",
    epilog="Examples: terrigraph quarantine list · "
    "terrigraph quarantine list --list trophees --json",
)
def list_rows(key: Key = None, database: Database = None, *, as_json: AsJson = False) -> None:
    """List the rows in quarantine: list, file, row and what is wrong.

    Exit codes: 0 listed, also where nothing is; 4 the database cannot be used.
    """
    with opened(database) as engine, engine.connect() as connection:
        _write(rows.listed(connection, key), as_json=as_json)


@quarantine.command(
    epilog="Examples: terrigraph quarantine drop trophees · terrigraph quarantine drop trophees 3 4"
)
def drop(
    key: Annotated[str, typer.Argument(help="The key of a list.", metavar="LIST")],
    numbers: Annotated[
        list[int] | None, typer.Argument(help="Numbers of rows; without any, all of the list.")
    ] = None,
    database: Database = None,
) -> None:
    """Forget rows in quarantine; the list itself still has them.

    Exit codes: 0 dropped, 1 nothing was there, 4 the database cannot be used.
    """
    with opened(database) as engine, engine.begin() as connection:
        dropped = rows.drop(connection, key, numbers or None)
    if not dropped:
        raise ValueError(f"no such row of {key!r} is in quarantine; see terrigraph quarantine list")
    sys.stdout.write(f"dropped {dropped} row{'s' if dropped > 1 else ''}\n")


@quarantine.command(
    epilog="Examples: terrigraph quarantine retry trophees · "
    "terrigraph quarantine retry trophees --mapping trophees.toml"
)
def retry(
    key: Annotated[str, typer.Argument(help="The key of a list.", metavar="LIST")],
    mapping: Annotated[
        Path | None, typer.Option(help="The mapping that the list is read by.")
    ] = None,
    database: Database = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Import the rows of a list that are sound by now, as after a review of names.

    Exit codes: 0 tried, 1 there is nothing to try or the mapping lacks, 4 the database cannot be
    used.
    """
    read = load_mapping(mapping) if mapping else None
    with opened(database) as engine:
        with engine.connect() as connection:
            found = list(rows.listed(connection, key))
            feed = feed_of(connection, key)
        if not found or feed is None:
            raise ValueError(f"nothing of {key!r} is in quarantine; see terrigraph quarantine list")
        triable = rows.triable(found)
        if not triable:
            raise ValueError(f"no row of {key!r} can be sound by itself; mend the list, import it")
        names = Names(engine)
        inputs = incoming.kept(triable, feed, names, read)
        way = Way(has_quarantine=True, is_partial=True)
        with progress() as tell:
            report = import_list(engine, List(feed, inputs, ""), tell, way)
        names.remember()
    write_report(report, as_json=as_json)


def _write(found: Iterable[Refused], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(orjson.dumps([asdict(each) for each in found]).decode() + "\n")
        return
    for each in found:
        sys.stdout.write(f"{each.number}  {each.feed}\n")
        for fault in each.faults:
            sys.stdout.write(f"    {fault}\n")
