"""Lists → runs: all that are due are fetched, each file is imported, each outcome recorded.

Hosts are asked side by side, each for one list at a time; files are imported one after another,
as they come. What goes wrong with a list is its own: the others go on.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from threading import Thread

import httpx
import sqlalchemy as sa

from graph.domain.codes import RunStatus
from seed.faults import BrokenData
from seed.harvest.alone import alone
from seed.harvest.entry import SourceEntry
from seed.harvest.fetch import Failed, Fetched, Fetcher, NotModified, Result, Stopped
from seed.harvest.history import Past, Run, pasts, record, written
from seed.withdrawals import HeldBack

log = logging.getLogger("terrigraph")

HOSTS_AT_ONCE = 4


@dataclass(frozen=True)
class Outcome:
    """What an import did with a file: IMPORTED, UNCHANGED, REFUSED or HELD_BACK, and the counts."""

    status: RunStatus
    release: str | None = None
    created: int = 0
    changed: int = 0
    withdrawn: int = 0
    quarantined: int = 0
    message: str | None = None


# BrokenData, too, says that a file is refused, and HeldBack that it would withdraw too much.
Import = Callable[[SourceEntry, Fetched], Outcome]
# Called with each run as it ends, how many have ended, and how many there are.
Tell = Callable[[Run, int, int], None]


@dataclass(frozen=True)
class _Answer:
    entry: SourceEntry
    started: datetime
    recipe: str | None
    result: Result


def due(
    entries: Iterable[SourceEntry], engine: sa.Engine, now: datetime | None = None
) -> list[SourceEntry]:
    """The lists to look at now, when none is named."""
    now = now or datetime.now(UTC)
    with engine.connect() as connection:
        known = pasts(connection)
    return [entry for entry in entries if known.get(entry.key, Past()).is_due(entry, now)]


def harvest(  # noqa: PLR0913  # what a harvest works with, and its two ways
    entries: Sequence[SourceEntry],
    import_one: Import,
    fetcher: Fetcher,
    engine: sa.Engine,
    *,
    tell: Tell = lambda _run, _done, _total: None,
    is_forced: bool = False,
    is_dry: bool = False,
) -> list[Run]:
    """Looks at these lists and gives their runs, in the order of the lists.

    A forced look asks without conditions and imports what it gets, changed or not. A dry one
    records nothing; the import that is given must do nothing then either. Whatever is raised
    here, an interruption as well, ends all fetching; what was recorded stays. AlreadyHarvesting
    when another harvest of the database is under way.
    """
    with alone(engine):
        return _harvest(
            entries, import_one, fetcher, engine, tell, is_forced=is_forced, is_dry=is_dry
        )


def _harvest(  # noqa: PLR0913  # as above
    entries: Sequence[SourceEntry],
    import_one: Import,
    fetcher: Fetcher,
    engine: sa.Engine,
    tell: Tell,
    *,
    is_forced: bool,
    is_dry: bool,
) -> list[Run]:
    with engine.connect() as connection:
        known = {} if is_forced else pasts(connection)
    runs: dict[str, Run] = {}
    answers: SimpleQueue[_Answer] = SimpleQueue()
    try:
        _start(entries, fetcher, known, answers)
        while len(runs) < len(entries):
            answer = answers.get()
            run = _run(answer, known.get(answer.entry.key, Past()), import_one)
            if not is_dry:
                record(engine, run)
            runs[run.source_key] = run
            tell(run, len(runs), len(entries))
    finally:
        fetcher.stop()
    return [runs[entry.key] for entry in entries]


def _start(
    entries: Sequence[SourceEntry],
    fetcher: Fetcher,
    known: dict[str, Past],
    answers: SimpleQueue[_Answer],
) -> None:
    by_host: dict[str, list[SourceEntry]] = {}
    for entry in entries:
        by_host.setdefault(httpx.URL(entry.address).host, []).append(entry)
    waiting: SimpleQueue[list[SourceEntry]] = SimpleQueue()
    for group in by_host.values():
        waiting.put(group)

    def work() -> None:
        try:
            while True:
                for entry in waiting.get_nowait():
                    answers.put(_ask(fetcher, entry, known.get(entry.key, Past())))
        except (Empty, Stopped):
            pass

    for _ in range(min(HOSTS_AT_ONCE, len(by_host))):
        # Nobody waits for them when the harvest is interrupted.
        Thread(target=work, daemon=True, name="harvest").start()


def _ask(fetcher: Fetcher, entry: SourceEntry, past: Past) -> _Answer:
    started, recipe = datetime.now(UTC), None
    result: Result
    try:
        recipe = entry.recipe()
        result = fetcher.fetch(entry, past.validators(recipe))
    except Stopped:
        raise
    except Exception as error:  # whatever it is, the other lists have no part in it
        log.exception("the fetch of %s broke", entry.key)
        result = Failed(f"the fetch broke: {error!r}", is_passing=False)
    return _Answer(entry, started, recipe, result)


def _run(answer: _Answer, past: Past, import_one: Import) -> Run:
    entry, result = answer.entry, answer.result
    begun = Run(entry.key, written(answer.started), "", RunStatus.FAILED, recipe=answer.recipe)
    match result:
        case Failed(reason, _, not_before):
            run = replace(
                begun, message=reason, not_before=written(not_before) if not_before else None
            )
        case NotModified():
            release = past.good.release if past.good else None
            size = past.good.size_bytes if past.good else None
            run = replace(
                begun,
                status=RunStatus.UNCHANGED,
                release=release,
                size_bytes=size,
                message=result.note,
            )
        case Fetched():
            run = _imported(begun, entry, result, import_one)
    if not isinstance(result, Failed):
        run = replace(
            run,
            etag=result.validators.etag,
            last_modified=result.validators.last_modified,
            digest=result.validators.digest,
        )
    return replace(run, ended_at=written(datetime.now(UTC)))


def _imported(begun: Run, entry: SourceEntry, fetched: Fetched, import_one: Import) -> Run:
    try:
        outcome = import_one(entry, fetched)
    except BrokenData as error:
        outcome = Outcome(RunStatus.REFUSED, message=str(error))
    except HeldBack as error:
        outcome = Outcome(RunStatus.HELD_BACK, message=str(error))
    except Exception as error:  # whatever it is, the other lists have no part in it
        log.exception("the import of %s broke", entry.key)
        cause = getattr(error, "orig", None) or error
        outcome = Outcome(RunStatus.FAILED, message=f"the import broke: {cause!r}")
    finally:
        fetched.path.unlink(missing_ok=True)
    notes = [note for note in (outcome.message, fetched.note) if note]
    return replace(
        begun,
        status=outcome.status,
        release=outcome.release,
        created=outcome.created,
        changed=outcome.changed,
        withdrawn=outcome.withdrawn,
        quarantined=outcome.quarantined,
        size_bytes=fetched.size_bytes,
        message="; ".join(notes) or None,
    )
