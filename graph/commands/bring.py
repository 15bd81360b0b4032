"""`terrigraph import`: a list of others, from a file, a folder or an address."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import urlsplit

import orjson
import sqlalchemy as sa
import typer

from graph.commands.console import (
    BROKEN_DATA,
    HELD_BACK,
    AllowWithdrawals,
    AsJson,
    Database,
    console,
    opened,
    settings_of,
)
from graph.commands.harvest import fetching_of
from graph.commands.progress import progress
from graph.domain.codes import RunStatus
from seed import cells, faults, incoming
from seed.check import Input
from seed.faults import BrokenData, Fault
from seed.feed import Feed
from seed.harvest.entry import Format, Frequency, SourceEntry
from seed.harvest.fetch import Failed, Fetched, Fetcher, FetchSettings, Result
from seed.harvest.harvest import Import, Outcome
from seed.load import USUAL, Way, import_list
from seed.mapping import Mapping, load_mapping
from seed.names import Names
from seed.progress import Progress, silence
from seed.read import How, Sheet
from seed.report import Report
from seed.withdrawals import USUAL_PERCENT, HeldBack, held, remedy

IMPORT_EXAMPLES = (
    "Examples: terrigraph import awards.csv --list trophees --title 'Trophées' · "
    "terrigraph import palmares.xlsx --mapping palmares.toml --dry-run · "
    "terrigraph import https://example.org/laureats.csv --mapping laureats.toml --quarantine"
)
_STEPS_SHOWN = 50


@dataclass(frozen=True)
class Told:
    """What the operator says of a list, and the day when it was fetched, if it was."""

    path: Path
    feed: Feed
    mapping: Path | None = None
    how: How | None = None
    table: str | None = None
    way: Way = USUAL
    annotated: Path | None = None
    retrieved_on: str | None = None


def bring(  # noqa: PLR0913, PLR0917  # the options of a command
    source: Annotated[str, typer.Argument(help="A file, a folder, or an address.")],
    mapping: Annotated[
        Path | None, typer.Option(help="How to read other columns than the native ones.")
    ] = None,
    key: Annotated[
        str | None, typer.Option("--list", help="The key of the list, which never changes.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="The name of the list, in French.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who publishes it.")] = None,
    licence: Annotated[str | None, typer.Option(help="The name of its licence.")] = None,
    retrieved_on: Annotated[
        str | None,
        typer.Option(
            help="The day when it was taken from its publisher, such as 2026-01-31; without it, "
            "that of the fetch or of the import.",
            metavar="DATE",
        ),
    ] = None,
    table: Annotated[
        str | None, typer.Option(help="The native table, where no name or header tells it.")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="Instead of the detected one.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="Instead of the detected one.")] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of a workbook.")] = None,
    contact: Annotated[
        str | None, typer.Option(help="Where the publisher of an address may write to.")
    ] = None,
    database: Database = None,
    *,
    is_dry: Annotated[
        bool, typer.Option("--dry-run", help="Print what would change, and change nothing.")
    ] = False,
    has_quarantine: Annotated[
        bool, typer.Option("--quarantine", help="Import sound rows, keep the others aside.")
    ] = False,
    is_forced: Annotated[
        bool, typer.Option("--force", help="Read the same content again.")
    ] = False,
    reason: Annotated[
        str | None,
        typer.Option(help="Why records are withdrawn, where it is not that the list lost them."),
    ] = None,
    note: Annotated[str | None, typer.Option(help="A remark on the release.")] = None,
    allowed: AllowWithdrawals = None,
    annotated: Annotated[
        Path | None, typer.Option("--annotate", help="Write a CSV with the faults of each row.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import a list: all of it or nothing; what it no longer holds is withdrawn.

    Exit codes: 0 imported or unchanged, 1 an option cannot be used, 3 the list is refused, 4 the
    database cannot be used, 7 held back since too much would be withdrawn. With --quarantine
    refused rows do not change the code.
    """
    read = load_mapping(mapping) if mapping else None
    feed = _feed(
        read,
        key=key,
        title=title,
        publisher=publisher,
        licence_name=licence,
        retrieved_on=_read("--retrieved-on", retrieved_on, cells.DATE),
    )
    fetching = _fetching(database, contact) if _is_address(source) else None
    with _found(source, feed, fetching) as (path, fetched_on), opened(database) as engine:
        told = Told(
            path,
            feed,
            mapping,
            How(encoding, delimiter, sheet),
            table,
            Way(
                is_dry=is_dry,
                has_quarantine=has_quarantine,
                is_forced=is_forced,
                reason=_read("--reason", reason, cells.TEXT),
                note=_read("--note", note, cells.TEXT),
                withdrawals_max_percent=USUAL_PERCENT if allowed is None else allowed,
            ),
            annotated,
            fetched_on,
        )
        try:
            with progress() as tell:
                report = import_told(engine, told, tell)
        except BrokenData as error:
            if not as_json:
                raise
            sys.stdout.write(faults.as_json(error.errors) + "\n")
            sys.exit(BROKEN_DATA)
        except HeldBack as error:
            if not as_json:
                raise
            held_back = [asdict(each) for each in error.found]
            sys.stdout.write(orjson.dumps({"held_back": held_back}).decode() + "\n")
            sys.exit(HELD_BACK)
    write_report(report, as_json=as_json, is_dry=is_dry)
    if report.held_back:
        raise typer.Exit(HELD_BACK)


def import_told(engine: sa.Engine, told: Told, tell: Progress) -> Report:
    """Imports a list as the operator says. BrokenData if it is refused."""
    mapping = load_mapping(told.mapping) if told.mapping else None
    names = Names(engine)
    sheets: list[Sheet] = []
    try:
        sheets = incoming.sheets_of(told.path, mapping.how if mapping else told.how)
        _say(sheets)
        inputs = _inputs(sheets, mapping, told, names)
        more = (told.mapping,) if told.mapping else ()
        listed = incoming.listed(
            told.path, told.feed, inputs, *more, retrieved_on=told.retrieved_on
        )
        report = import_list(engine, listed, tell, told.way)
    except BrokenData as error:
        _annotate(told, sheets, error.errors)
        raise
    finally:
        if not told.way.is_dry:
            names.remember()
    _annotate(told, sheets, report.refused)
    return report


def _inputs(sheets: list[Sheet], mapping: Mapping | None, told: Told, names: Names) -> list[Input]:
    if mapping:
        return incoming.mapped(sheets, mapping, names)
    return incoming.native(sheets, told.feed, names, told.table)


def _say(sheets: list[Sheet]) -> None:
    for sheet in sheets:
        encoding = f", {sheet.encoding}" if sheet.encoding else ""
        console.print(f"{sheet.name}: {sheet.dialect}{encoding}", highlight=False, markup=False)
        for note in sheet.notes:
            console.print(f"  {note}", highlight=False, markup=False)


def _annotate(told: Told, sheets: list[Sheet], found: Sequence[Fault]) -> None:
    if told.annotated and sheets and found:
        own = [each for each in found if each.file == sheets[0].name]
        told.annotated.write_text(
            "".join(faults.annotated(sheets[0], own)), encoding="utf-8", newline=""
        )


def _read(option: str, text: str | None, cell: cells.Cell) -> str | None:
    try:
        return None if text is None else str(cell.read(text))
    except ValueError as error:
        raise ValueError(f"{option} {text} {error}") from None


def _feed(mapping: Mapping | None, **given: str | None) -> Feed:
    said = {name: value for name, value in given.items() if value is not None}
    if mapping:
        return Feed(**{**mapping.feed, **said})
    if "key" not in said:
        raise ValueError("a list has a key, by which it is known again; write --list KEY")
    return Feed(**{"title": said["key"], **said})  # type: ignore[arg-type]  # texts by name


def import_into(engine: sa.Engine, is_dry: bool) -> Import:  # noqa: FBT001  # as harvests ask for it
    """What imports a harvested file into a database."""

    def import_one(entry: SourceEntry, fetched: Fetched) -> Outcome:
        feed = Feed(
            entry.key,
            entry.name,
            entry.publisher,
            entry.licence_name,
            entry.licence_url,
            entry.address,
            entry.rank,
        )
        # What the harvest asks to be imported has changed, or is read in another way.
        way = Way(
            is_dry=is_dry,
            has_quarantine=entry.is_quarantining,
            is_forced=True,
            withdrawals_max_percent=entry.withdrawals_max_percent,
        )
        told = Told(
            fetched.path,
            feed,
            entry.mapping,
            table=entry.table,
            way=way,
            retrieved_on=fetched.retrieved_on,
        )
        report = import_told(engine, told, silence)
        if report.held_back:
            raise HeldBack(report.held_back)
        counts = report.counts.values()
        return Outcome(
            RunStatus.UNCHANGED if report.is_unchanged else RunStatus.IMPORTED,
            report.release,
            created=sum(count.created for count in counts),
            changed=sum(count.changed for count in counts),
            withdrawn=sum(count.withdrawn for count in counts),
            quarantined=len({(each.file, each.row) for each in report.refused}),
        )

    return import_one


def _is_address(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def _fetching(database: str | None, contact: str | None) -> FetchSettings:
    if contact is None:
        raise ValueError("whom an address belongs to should know who asks; write --contact")
    return fetching_of(settings_of(database), contact)


@contextmanager
def _found(
    source: str, feed: Feed, fetching: FetchSettings | None
) -> Iterator[tuple[Path, str | None]]:
    """The file or folder; what is at an address is fetched, today, into a temporary folder."""
    if fetching is None:
        yield Path(source), None
        return
    with TemporaryDirectory(prefix="terrigraph-") as folder:
        entry = SourceEntry(
            key=feed.key,
            name=feed.title,
            publisher=feed.publisher or "",
            licence_name=feed.licence_name or "",
            licence_url=feed.licence_url,
            address=source,
            format=_format(source),
            mapping=None,
            table=None,
            frequency=Frequency.MANUAL,
            rank=feed.rank,
        )
        result = Fetcher(fetching, Path(folder)).fetch(entry)
        fetched = _fetched(result, source)
        yield fetched.path, fetched.retrieved_on


def _fetched(result: Result, source: str) -> Fetched:
    match result:
        case Fetched():
            return result
        case Failed():
            raise ValueError(f"{source} cannot be fetched: {result.reason}")
    raise ValueError(f"{source} cannot be fetched: nothing was sent")


def _format(address: str) -> Format:
    """By the ending of the path; most lists are CSV."""
    path = urlsplit(address).path.lower()
    found = (each for each in Format if path.endswith(f".{each}"))
    return max(found, key=len, default=Format.CSV)


def write_report(report: Report, *, as_json: bool, is_dry: bool = False) -> None:
    """Prints what an import did, or would do, and what it refused."""
    if as_json:
        sys.stdout.write(orjson.dumps(asdict(report)).decode() + "\n")
        return
    if is_dry:
        _write_plan(report)
    else:
        sys.stdout.write(report.summary(with_coverage=False) + "\n")
    for refused in report.refused:
        console.print(f"  {refused}", style="yellow", markup=False, highlight=False)
    if report.refused:
        where = "terrigraph quarantine list"
        console.print(f"{len(report.refused)} faults; the rows are kept: {where}", markup=False)


def _write_plan(report: Report) -> None:
    sys.stdout.write("plan, nothing is changed\n")
    for name, count in report.counts.items():
        sys.stdout.write(f"  {name:<12}  {count}\n")
    for step in report.steps[:_STEPS_SHOWN]:
        sys.stdout.write(f"{step.action.lower()} {step.type_name} {step.label}\n")
        for field, (before, after) in (step.fields or {}).items():
            sys.stdout.write(f"    {field}: {before!r} → {after!r}\n")
    if len(report.steps) > _STEPS_SHOWN:
        sys.stdout.write(f"  … and {len(report.steps) - _STEPS_SHOWN} more; --json has them\n")
    if report.held_back:
        found = report.held_back
        console.print(f"{held(found)}; {remedy(found)}", style="red", markup=False, highlight=False)
