"""The command line: serve, load the committed data, print the schema."""

import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import orjson
import typer
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from graph.app import build_app
from graph.commands.bring import IMPORT_EXAMPLES, bring, import_into
from graph.commands.check import CHECK_EXAMPLES, check
from graph.commands.console import (
    BROKEN_DATA,
    FAILED,
    HELD_BACK,
    NO_DATABASE,
    Database,
    console,
    settings_of,
    stop,
)
from graph.commands.export import EXPORT_EXAMPLES, export
from graph.commands.harvest import (
    HARVEST_EXAMPLES,
    SOURCES_EXAMPLES,
    harvest_command,
    sources,
)
from graph.commands.identify import EXAMPLES, identify
from graph.commands.progress import progress
from graph.commands.quarantine import quarantine
from graph.commands.review import review
from graph.commands.template import TEMPLATE_EXAMPLES, template
from graph.http import logs
from graph.http.server import Server, affordable, configured
from graph.schema.build import build_schema
from graph.settings import Settings
from graph.storage.engine import open_engine
from graph.storage.migrate import upgrade
from seed.faults import BrokenData
from seed.load import load
from seed.report import Report
from seed.sources import DATA
from seed.withdrawals import HeldBack

cli = typer.Typer(
    help="Terrigraph: an open GraphQL API over what French collectivities try, win and measure.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.command("import", epilog=IMPORT_EXAMPLES)(bring)
cli.command(epilog=CHECK_EXAMPLES)(check)
cli.add_typer(quarantine, name="quarantine")
cli.command(epilog=EXPORT_EXAMPLES)(export)
cli.command(epilog=EXAMPLES)(identify)
cli.add_typer(review, name="review")
cli.command(epilog=TEMPLATE_EXAMPLES)(template)
cli.command(epilog=SOURCES_EXAMPLES)(sources)
cli.command("harvest", epilog=HARVEST_EXAMPLES)(harvest_command(import_into))


# Of 19. A process that computes all the time then takes a tenth of what one of 0 can have.
_NICE = 10


def main() -> None:
    """Run a command; what stops it is told in a sentence."""
    _stand_back(sys.argv[1:])
    try:
        cli()
    except BrokenData as error:
        stop(str(error), BROKEN_DATA)
    except HeldBack as error:
        stop(str(error), HELD_BACK)
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        stop(f"the database cannot be used: {cause}", NO_DATABASE)
    except ValidationError as error:
        faults = [f"{fault['loc'][0]}: {fault['msg']}" for fault in error.errors()]
        stop("a setting cannot be used: " + "; ".join(faults), FAILED)
    except ValueError as error:
        stop(str(error), FAILED)


def _stand_back(words: Sequence[str]) -> None:
    """Leaves the processor to servers: who asks should not feel that a list is imported."""
    if words[:1] != ["serve"] and hasattr(os, "nice"):
        os.nice(_NICE)


def prepare(settings: Settings, folder: Path | None = None) -> Report:
    """Bring the database to the newest tables and the committed data, with progress."""
    engine = open_engine(settings.database_url)
    try:
        upgrade(engine)
        with progress() as tell:
            return load(engine, folder or DATA, tell)
    finally:
        engine.dispose()


@cli.command(
    epilog="Examples: terrigraph serve · terrigraph serve --port 8080 "
    "--database postgresql://user@host/terrigraph"
)
def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The port to listen on.")
    ] = None,
    database: Database = None,
) -> None:
    """Serve the API; the first start creates the database from the committed data.

    Exit codes: 1 a setting or the port cannot be used, 3 a file is refused, 4 the database
    cannot be used.
    """
    settings = affordable(settings_of(database, host=host, port=port))
    report = prepare(settings)
    console.print(_in_a_line(report), markup=False, highlight=False)
    logs.configure(settings)
    config = configured(build_app(settings), settings)
    try:
        listener = config.bind_socket()
    except SystemExit:  # uvicorn has told the reason; its code is our BROKEN_DATA
        sys.exit(FAILED)
    address = f"http://{settings.host}:{listener.getsockname()[1]}"
    console.print(f"GraphQL  {address}/graphql\nSchema   {address}/schema.graphql")
    Server(config).run(sockets=[listener])


def _in_a_line(report: Report) -> str:
    rows = sum(count.created + count.changed + count.unchanged for count in report.counts.values())
    state = "is current" if report.is_unchanged else "is loaded"
    return f"Release  {report.release} {state}, {rows:,} records"


@cli.command(epilog="Examples: terrigraph seed · terrigraph seed --json · terrigraph seed FOLDER")
def seed(
    folder: Annotated[
        Path | None, typer.Argument(help="A folder of files in the committed form.")
    ] = None,
    database: Database = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Load the committed data, or a folder of the same form; changes nothing twice.

    Exit codes: 0 loaded or unchanged, 3 a file is refused, 4 the database cannot be used.
    """
    if folder and not folder.is_dir():
        stop(f"{folder} is no folder; name one that holds files in the committed form", BROKEN_DATA)
    report = prepare(settings_of(database), folder)
    if as_json:
        sys.stdout.write(
            orjson.dumps(asdict(report), option=orjson.OPT_NON_STR_KEYS).decode() + "\n"
        )
    else:
        sys.stdout.write(report.summary() + "\n")


@cli.command(
    epilog="Examples: terrigraph schema · terrigraph schema --check graph/schema/schema.graphql"
)
def schema(
    check: Annotated[
        Path | None, typer.Option(help="Compare with this file; exit code 1 when they differ.")
    ] = None,
) -> None:
    """Print the schema in SDL, or check that a file holds it."""
    sdl = build_schema().as_str() + "\n"
    if check is None:
        sys.stdout.write(sdl)
    elif not check.is_file() or check.read_text(encoding="utf-8") != sdl:
        stop(f"{check} is not current; write it again: terrigraph schema > {check}", FAILED)


if __name__ == "__main__":
    main()
