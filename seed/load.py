"""The way of a list into a database: read, check, plan, apply, all of it or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path

import sqlalchemy as sa

from graph.storage.migrate import exclude_writers
from seed import (
    affected,
    alike,
    apply,
    check,
    claims,
    derive,
    folder,
    index,
    places,
    plan,
    quarantine,
    reasons,
    release,
    suggestions,
    withdrawals,
    write,
)
from seed.check import Input
from seed.faults import BrokenData, Fault
from seed.feed import COMMITTED, Feed
from seed.planned import Actions
from seed.progress import Progress, silence
from seed.records import Part
from seed.report import Count, Report, Step, read_coverage
from seed.rows import feed_row, rows_of
from seed.rules import rules_of
from seed.sources import DATA, Folder
from seed.staging import BY_TABLE, Stage
from seed.uncollected import uncollected

# Who has made so many faults has made one mistake; the rest would only be repeated.
_FAULTS_MAX = 10_000
_STEPS_SHOWN = 1_000
_ROWS_TOLD = 5_000


@dataclass(frozen=True)
class List:
    """A list to import: what it is, its rows by native table, a digest of its content.

    `retrieved_on` is the day in UTC when the content was fetched; without it, that of the import.
    """

    feed: Feed
    inputs: Sequence[Input]
    checksum: str
    retrieved_on: str | None = None


def load(
    engine: sa.Engine, source: Path | Folder = DATA, progress: Progress | None = None
) -> Report:
    """Brings the committed list to the state of the files in a folder; see `import_list`."""
    inputs, checksum = folder.read(source)
    # What goes from there was looked at when the files were changed.
    way = Way(withdrawals_max_percent=withdrawals.ALL)
    return import_list(engine, List(COMMITTED, inputs, checksum), progress or silence, way)


@dataclass(frozen=True)
class Way:
    """How a list is imported.

    A dry import plans everything, tells the steps and changes nothing. One with `quarantine`
    takes the rows that are sound and keeps the others there. A partial one brings some rows
    of its list, and withdraws none. A forced one reads the same content again. `reason` is why
    records are withdrawn, and `note` a remark on the release, where the operator tells them.
    Of each type of record that the list brought, `withdrawals_max_percent` may go; an import
    that would withdraw more is held back.
    """

    is_dry: bool = False
    has_quarantine: bool = False
    is_partial: bool = False
    is_forced: bool = False
    reason: str | None = None
    note: str | None = None
    withdrawals_max_percent: int = withdrawals.USUAL_PERCENT

    @property
    def reads_always(self) -> bool:
        """Whether content that was imported before is read again."""
        return self.is_dry or self.is_partial or self.is_forced


USUAL = Way()


def import_list(
    engine: sa.Engine, listed: List, tell: Progress = silence, way: Way = USUAL
) -> Report:
    """Brings what came with a list to its state now, and tells what it did.

    BrokenData, with every fault, if the list is not sound, and HeldBack if it would withdraw more
    than its way allows: then nothing is written. The same
    content again changes nothing and is not read. `tell` is called with a label, the steps
    done and all steps of that label; what it raises undoes the import.
    """
    with engine.connect() as connection:
        if not way.reads_always and _is_loaded(connection, listed):
            return _unchanged(connection, listed)
        connection.rollback()
        with uncollected():
            write.make_room(connection)
            run = _Import(connection, listed, tell, way)
            run.read()
            connection.commit()
            with connection.begin() as transaction:
                exclude_writers(connection)
                write.make_room(connection)
                if not way.reads_always and _is_loaded(connection, listed):
                    return _unchanged(connection, listed)
                report = run.write()
                if way.is_dry:
                    transaction.rollback()
        return report


def _is_loaded(connection: sa.Connection, listed: List) -> bool:
    feed_id = plan.feed_id_of(connection, listed.feed)
    is_same = feed_id is not None and release.is_loaded(connection, feed_id, listed.checksum)
    # Whatever list comes next makes anew what derives, if that is of another version.
    return is_same and not release.is_of_old_form(connection)


def _unchanged(connection: sa.Connection, listed: List) -> Report:
    given = (file.target for each in listed.inputs for file in each.files)
    counts = plan.held_counts(connection, listed.feed, given)
    return _report(connection, counts, is_unchanged=True)


def _report(connection: sa.Connection, counts: dict[str, Count], *, is_unchanged: bool) -> Report:
    newest = release.current(connection)
    version = newest.version if newest else ""
    return Report(version, is_unchanged, counts, read_coverage(connection))


def _faults_of(part: Part) -> Iterator[Fault]:
    """What is wrong with cells, then what rows break."""
    yield from part.faults
    for block in part.blocks:
        for rule in rules_of(block.file):
            yield from rule(block)


class _Import:
    """One import on its connection, which keeps the staged rows between two transactions."""

    def __init__(self, connection: sa.Connection, listed: List, tell: Progress, way: Way) -> None:
        self._connection = connection
        self._feed = listed.feed
        self._inputs = listed.inputs
        self._checksum = listed.checksum
        self._retrieved_on = listed.retrieved_on or datetime.now(UTC).date().isoformat()
        self._tell = tell
        self._way = way
        read = [file.target for each in listed.inputs for file in each.files]
        # The list is a source itself.
        self._given = dict.fromkeys(("source", *read))
        self._whole = frozenset() if way.is_partial else frozenset(read)
        self._rows = 0
        self._unread: set[str] = set()
        self._faults: list[Fault] = []
        self._stage = Stage(connection)

    def read(self) -> None:
        """Stages every row; nobody is kept waiting."""
        for number, given in enumerate(self._inputs):
            self._tell("read files", number, len(self._inputs))
            self._read(number, given)
        self._stage.add_source(feed_row(self._feed, self._retrieved_on), len(self._inputs))
        self._stage.close()
        self._tell("read files", len(self._inputs), len(self._inputs))
        self._tell("read rows", self._rows, self._rows)

    def _read(self, number: int, given: Input) -> None:
        empty = {file.target for file in given.files}
        is_faulty = False
        for part in given.parts():
            self._count(len(part))
            for found in sorted(_faults_of(part), key=attrgetter("row")):
                self._note(found)
            is_faulty = is_faulty or bool(part.faults)
            for block in part.blocks:
                for table, columns, lines in rows_of(block.file.name)(block):
                    self._stage.add(table, columns, number, lines)
                empty.discard(block.file.target)
        if is_faulty:
            self._unread |= empty

    def _count(self, rows: int) -> None:
        before, self._rows = self._rows, self._rows + rows
        if before // _ROWS_TOLD < self._rows // _ROWS_TOLD:
            # How many there are is known at the end.
            self._tell("read rows", self._rows, self._rows + 1)

    def _note(self, found: Fault) -> None:
        self._faults.append(found)
        if len(self._faults) >= _FAULTS_MAX:
            raise BrokenData(self._faults)

    def write(self) -> Report:
        """Checks, plans and applies, in a transaction that excludes other writers."""
        connection, tell = self._connection, self._tell
        refused = self._check()
        tell("compare", 0, 1)
        plan.make(self._stage, self._feed, self._given, self._whole)
        plan.leave_date(connection, self._feed)
        tell("compare", 1, 1)
        actions = Actions(connection)
        faults = list(check.still_referred_to(connection, actions))
        if faults:
            raise BrokenData(faults)
        held_back = self._held_back()
        steps: tuple[Step, ...] = ()
        if self._way.is_dry:
            is_unchanged = plan.is_empty(connection)
            steps = tuple(plan.steps(connection, _STEPS_SHOWN))
        else:
            is_unchanged = not self._carry_out(actions)
            if self._way.has_quarantine:
                quarantine.keep(
                    connection,
                    self._feed.key,
                    self._inputs,
                    refused,
                    is_partial=self._way.is_partial,
                )
        # Carrying it out adds to the plan what derives from it.
        counts = plan.counts(connection, Actions(connection), self._given)
        report = _report(connection, counts, is_unchanged=is_unchanged)
        return replace(report, steps=steps, refused=tuple(refused), held_back=held_back)

    def _held_back(self) -> tuple[withdrawals.Excess, ...]:
        """What is too much of the plan; a dry import goes on, to tell it with the rest."""
        feed_id = plan.feed_id_of(self._connection, self._feed)
        found = withdrawals.excess(self._connection, feed_id, self._way.withdrawals_max_percent)
        if found and not self._way.is_dry:
            raise withdrawals.HeldBack(found)
        return found

    def _carry_out(self, actions: Actions) -> bool:
        """Does what is planned, if it is anything; tells whether it was."""
        connection = self._connection
        is_stale = release.is_of_old_form(connection)
        if not plan.is_empty(connection) or is_stale:
            self._apply(actions, is_stale=is_stale)
            return True
        feed_id = plan.feed_id_of(connection, self._feed)
        if feed_id is not None:
            release.note_checksum(connection, feed_id, self._checksum)
        return False

    def _check(self) -> list[Fault]:
        """What is wrong with the rows that were taken out; BrokenData if none may be."""
        # Of a part, what the list brought before may be referred to as well.
        feed_id = None
        if not self._way.is_partial:
            feed_id = plan.feed_id_of(self._connection, self._feed)
        checks = check.Checks(self._connection, self._inputs, feed_id, frozenset(self._unread))
        # A winner that cannot be read is told already.
        told = {(each.file, each.row) for each in self._faults}
        faults = self._faults + [
            each
            for each in check.explain([*checks.findings()], self._inputs)
            if each.reason != check.UNWON or (each.file, each.row) not in told
        ]
        if faults and not self._way.has_quarantine:
            raise BrokenData(faults)
        if not faults:
            return []
        # The rest is to be looked at again with the same content.
        self._checksum = ""
        return quarantine.sift(self._connection, self._inputs, faults, checks)

    def _apply(self, actions: Actions, *, is_stale: bool) -> None:
        connection = self._connection
        affected.start(connection)
        affected.mark(connection, actions, affected.BEFORE)
        apply.apply_sources(connection, actions)
        feed_id = plan.feed_id_of(connection, self._feed)
        if feed_id is None:
            raise LookupError("the list was not written as a source")
        claims.keep(connection, feed_id, self._given, actions)
        apply.labels(connection, actions)
        merged = reasons.merged(connection)
        apply.apply(connection, actions, self._tell)
        derive.derive(connection)
        # What derives may have changed records that the list does not hold.
        actions = Actions(connection)
        affected.mark(connection, actions, affected.AFTER)
        if is_stale:
            index.clear(connection)
            affected.mark_all(connection)
        affected.close(connection)
        index.update(connection, self._tell)
        self._remake()
        counts = plan.counts(connection, actions, BY_TABLE)
        opened = release.add(connection, self._checksum, feed_id, counts.values(), self._way.note)
        apply.note(connection, actions, feed_id, opened.id)
        reasons.note(connection, opened.id, self._feed, self._way.reason, merged)

    def _remake(self) -> None:
        """Makes anew what is derived as a whole from a type of record that was touched."""
        connection = self._connection
        if affected.has_any(connection, "Collectivity"):
            write.replace(connection, suggestions.build(connection, self._tell), self._tell)
        places.update(connection)
        if affected.has_any(connection, "Initiative"):
            alike.replace(connection, self._tell)
