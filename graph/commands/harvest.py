"""`terrigraph harvest` and `terrigraph sources`: lists of others, fetched and told of."""

import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import orjson
import sqlalchemy as sa
import typer

from graph.commands.console import AllowWithdrawals, AsJson, Database, console, opened, settings_of
from graph.loaders.run import RECORDS
from graph.settings import Settings
from graph.storage.tables import Source, columns_of, table_of
from seed.harvest.addresses import parse_networks
from seed.harvest.entry import SourceEntry
from seed.harvest.fetch import Fetcher, FetchSettings
from seed.harvest.harvest import Import, due, harvest
from seed.harvest.history import Past, Run, pasts, written
from seed.harvest.sources import read_sources

# Some lists failed, were refused or held back; the others are done.
INCOMPLETE = 6
_INTERRUPTED = 128

SOURCES_EXAMPLES = "Examples: terrigraph sources · terrigraph sources --json"
HARVEST_EXAMPLES = (
    "Examples: terrigraph harvest · terrigraph harvest trophees-eau · "
    "terrigraph harvest --force · terrigraph harvest --dry-run --json"
)

# The import of a harvest into a database; a dry one plans and changes nothing.
ImportInto = Callable[[sa.Engine, bool], Import]

SourcesFile = Annotated[
    Path, typer.Option("--sources", help="The file that names the lists.", metavar="FILE")
]
_USUAL = Path("sources.toml")


def harvest_command(import_into: ImportInto) -> Callable[..., None]:
    """The command that brings lists in by an import."""

    def command(  # noqa: PLR0913  # what may be told of a harvest
        keys: Annotated[
            list[str] | None,
            typer.Argument(help="The lists; without any, those that are due.", metavar="[KEY]..."),
        ] = None,
        sources: SourcesFile = _USUAL,
        database: Database = None,
        *,
        force: Annotated[
            bool,
            typer.Option("--force", help="All lists, or those named, even if nothing changed."),
        ] = False,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Fetch and plan; change and record nothing.")
        ] = False,
        allowed: AllowWithdrawals = None,
        as_json: AsJson = False,
    ) -> None:
        """Fetch the lists of sources.toml that are due and import what has changed.

        Exit codes: 0 each is as its publisher has it, 1 a key or a setting cannot be used or
        another harvest is under way, 3 sources.toml has faults, 4 the database cannot be used,
        6 some lists failed, were refused or held back, 130 or 143 interrupted.
        """
        read = read_sources(sources)
        with opened(database) as engine, _interruptible():
            chosen = _chosen(read.named(keys or []), list(read.entries), engine, is_all=force)
            if allowed is not None:
                chosen = [replace(each, withdrawals_max_percent=allowed) for each in chosen]
            fetching = fetching_of(settings_of(database), read.contact)
            with tempfile.TemporaryDirectory(prefix="terrigraph-harvest-") as folder:
                runs = harvest(
                    chosen,
                    import_into(engine, dry_run),
                    Fetcher(fetching, Path(folder)),
                    engine,
                    tell=_tell,
                    is_forced=force,
                    is_dry=dry_run,
                )
        sys.stdout.write(_runs_in_json(runs) if as_json else _runs_in_words(runs))
        if not all(run.is_good for run in runs):
            raise typer.Exit(INCOMPLETE)

    return command


def _chosen(
    named: list[SourceEntry], entries: list[SourceEntry], engine: sa.Engine, *, is_all: bool
) -> list[SourceEntry]:
    if named:
        return named
    return entries if is_all else due(entries, engine)


def fetching_of(settings: Settings, contact: str) -> FetchSettings:
    """The bounds of a fetch, as the settings have them."""
    return FetchSettings(
        contact=contact,
        networks=parse_networks(" ".join(settings.harvest_networks)),
        max_bytes=settings.harvest_max_bytes,
        whole_timeout_s=settings.harvest_timeout_s,
        version=version("terrigraph"),
    )


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ends in order, with the exit code of the signal, when it is asked to end."""
    received: list[int] = []

    def interrupt(number: int, _frame: object) -> None:
        received.append(number)
        raise KeyboardInterrupt

    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, interrupt) for each in signals]
    try:
        yield
    except KeyboardInterrupt:
        console.print("interrupted; what is recorded stays", style="red")
        raise typer.Exit(_INTERRUPTED + (received or [signal.SIGINT])[0]) from None
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)


def _tell(run: Run, done: int, total: int) -> None:
    text = f"{done} of {total}  {run.source_key}: {_word(run.status)}"
    console.print(text, markup=False, highlight=False)


def _runs_in_json(runs: list[Run]) -> str:
    return orjson.dumps([asdict(run) for run in runs], option=_PRETTY).decode()


def _runs_in_words(runs: list[Run]) -> str:
    if not runs:
        return "nothing is due; terrigraph sources tells when\n"
    width = max(len(run.source_key) for run in runs)
    return "".join(f"{run.source_key:<{width}}  {_in_words(run)}\n" for run in runs)


def _word(status: str) -> str:
    return status.lower().replace("_", " ")


def _in_words(run: Run) -> str:
    numbers = (
        (run.created, "created"),
        (run.changed, "changed"),
        (run.withdrawn, "withdrawn"),
        (run.quarantined, "kept apart"),
    )
    told = [_word(run.status)]
    if run.release:
        told.append(f"release {run.release}")
    told += [f"{number:,} {word}" for number, word in numbers if number]
    return ", ".join(told) + (f": {run.message}" if run.message else "")


def sources(
    sources: SourcesFile = _USUAL,
    database: Database = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Tell of each list of sources.toml: its last look, when it is due, how many records it has.

    Exit codes: 0, 3 sources.toml has faults, 4 the database cannot be used.
    """
    entries = read_sources(sources).entries
    now = datetime.now(UTC)
    with opened(database) as engine, engine.connect() as connection:
        known, records = pasts(connection), _records(connection)
    told = [
        _told(entry, known.get(entry.key, Past()), records.get(entry.key, 0), now)
        for entry in entries
    ]
    sys.stdout.write(orjson.dumps(told, option=_PRETTY).decode() if as_json else _table(told))


def _records(connection: sa.Connection) -> dict[str, int]:
    """How many records each source has, by key."""
    source = columns_of(Source)
    statement = sa.select(source.key, RECORDS.c.records).join_from(
        table_of(Source), RECORDS, RECORDS.c.id == source.id
    )
    return {key: number for key, number in connection.execute(statement)}  # noqa: C416  # typed


def _told(entry: SourceEntry, past: Past, records: int, now: datetime) -> dict[str, Any]:
    due_at = past.due_at(entry)
    return {
        "key": entry.key,
        "name": entry.name,
        "publisher": entry.publisher,
        "licence": entry.licence_name,
        "address": entry.address,
        "frequency": entry.frequency.value,
        "rank": entry.rank,
        "last_run": past.last and asdict(past.last),
        "is_due": past.is_due(entry, now),
        "due_at": written(max(due_at, now)) if due_at else None,
        "records": records,
    }


_HEAD = ("list", "last look", "outcome", "due", "records")


def _table(told: list[dict[str, Any]]) -> str:
    rows = [_HEAD, *map(_row, told)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEAD))]
    lines = []
    for row, entry in zip(rows, [None, *told], strict=True):
        cells = zip(row, widths, strict=True)
        lines.append("  ".join(f"{cell:<{width}}" for cell, width in cells).rstrip())
        if entry and entry["last_run"] and entry["last_run"]["message"]:
            lines += [f"    {line}" for line in entry["last_run"]["message"].splitlines()]
    return "\n".join(lines) + "\n"


def _row(told: dict[str, Any]) -> tuple[str, ...]:
    last = told["last_run"]
    due_at = "now" if told["is_due"] else told["due_at"] or "when named"
    return (
        told["key"],
        last["ended_at"] if last else "never",
        _word(last["status"]) if last else "",
        due_at,
        f"{told['records']:,}",
    )


_PRETTY = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
