"""What must hold between rows, looked up in the staged tables and in those that are served.

A check finds where a rule is broken; `explain` reads the rows in question again, so that a
fault can show what stands there without the stage having to keep it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa

from graph.domain.codes import Action
from graph.storage import tables
from graph.storage.tables import columns_of, table_of
from seed import files
from seed.faults import Fault, fault
from seed.files import File, Reference
from seed.planned import PLANNED, Actions
from seed.records import Part, Record
from seed.rules import key_of, metric_key, printed
from seed.staging import BY_TABLE, TARGETS, Target

# Who has made so many faults of one kind has made one mistake.
_FINDINGS_MAX = 1_000

# How the reasons begin that tell of two rows for one thing.
TWICE = "is already "
UNWON = f"has no winner; add a row to {files.LAUREATES.name}, or its name to laureates"

_STATE = table_of(tables.RecordState)
_COLLECTIVITY = columns_of(tables.Collectivity)


class Input(Protocol):
    """The rows of one or more native tables, read from one place; they can be read again.

    `table` is the native table whose columns it has; empty where a mapping reads it.
    """

    name: str
    files: tuple[File, ...]
    table: str

    def records(self) -> Iterator[tuple[File, Record] | Fault]:
        """The rows in their order, and what is wrong with their cells."""

    def parts(self) -> Iterator[Part]:
        """The same, some rows at once."""

    def cells(self, lines: Collection[int]) -> Iterator[tuple[int, dict[str, str]]]:
        """Some rows as they stand there: text by column."""


class Finding(NamedTuple):
    """A row of a table that breaks a rule: `value` reads from it what is wrong."""

    input: int
    file: File
    line: int
    column: str
    reason: str
    value: Callable[[Record], str]


class Checks:
    """The checks of one import from the list `feed_id`. `unread` tables say nothing."""

    def __init__(
        self,
        connection: sa.Connection,
        inputs: Sequence[Input],
        feed_id: int | None,
        unread: frozenset[str],
    ) -> None:
        self._connection = connection
        self._inputs = inputs
        self._feed_id = feed_id
        self._unread = unread
        self._given = dict.fromkeys(file.target for each in inputs for file in each.files)

    def findings(self) -> Iterator[Finding]:
        """Every rule that is broken by the staged rows."""
        for name in self._given:
            yield from self._duplicates(BY_TABLE[name])
        for number, given in enumerate(self._inputs):
            for file in given.files:
                for reference in file.references:
                    yield from self._dangling(number, file, reference)
        yield from self._shared_sirens()
        yield from self._circles()
        for file, owner in ((files.LAUREATES, "award"), (files.HOLDERS, "initiative")):
            yield from self._places(file, owner)
        yield from self._unwon()

    def _rows(self, statement: sa.Select[Any]) -> Sequence[Any]:
        return self._connection.execute(statement.limit(_FINDINGS_MAX)).all()

    def _duplicates(self, target: Target) -> Iterator[Finding]:
        key = _KEYS.get(target.name, ("uid",))
        for row, line, first_file, first in self._repeated(target, key):
            file, other = self._file(row, target), self._file(first_file, target)
            if file is not other:
                reason = f"{TWICE}in {self._inputs[first_file].name}; write another code"
                value = _printed(file.key[-1:])
                yield Finding(row, file, line, file.key[-1], reason, value)
            elif file is files.METRICS:
                reason = f"{TWICE}on row {first}; give another name_fr, as_of or year"
                yield Finding(row, file, line, "name_fr", reason, metric_key)
            else:
                reason = f"{TWICE}on row {first}; keep one of the two"
                yield Finding(row, file, line, file.key[-1], reason, _printed(file.key))

    def _file(self, number: int, target: Target) -> File:
        """The file by which an input fills a table."""
        return next(file for file in self._inputs[number].files if file.target == target.name)

    def _repeated(self, target: Target, key: tuple[str, ...]) -> Sequence[Any]:
        staged = target.staged.c
        columns = [staged[name] for name in key]
        repeated = (
            sa.select(*columns)
            .where(*(column.is_not(None) for column in columns))
            .group_by(*columns)
            .having(sa.func.count() > 1)
            .subquery()
        )
        among = sa.and_(*(repeated.c[name] == staged[name] for name in key))
        order = (staged.file, staged.line)
        numbered = (
            sa.select(
                *order,
                sa.func.first_value(staged.file)
                .over(partition_by=columns, order_by=order)
                .label("first_file"),
                sa.func.first_value(staged.line)
                .over(partition_by=columns, order_by=order)
                .label("first_line"),
                sa.func.row_number().over(partition_by=columns, order_by=order).label("n"),
            )
            .join(repeated, among)
            .subquery()
        )
        found = numbered.c
        return self._rows(
            sa.select(found.file, found.line, found.first_file, found.first_line)
            .where(found.n > 1)
            .order_by(found.file, found.line)
        )

    def _dangling(self, number: int, file: File, reference: Reference) -> Iterator[Finding]:
        if reference.target in self._unread:
            return
        staged, target = BY_TABLE[file.target].staged.c, BY_TABLE[reference.target]
        uid = staged[reference.into]
        missing = (
            sa.select(staged.line)
            .where(staged.file == number, uid.is_not(None))
            .where(~sa.exists().where(target.staged.alias().c.uid == uid))
            .where(~self._stays(uid, target))
            .order_by(staged.line)
        )
        reason = f"is not known; write the key of a {reference.target} that exists"
        for (line,) in self._rows(missing):
            yield Finding(number, file, line, reference.columns[-1], reason, _referred(reference))

    def _stays(self, uid: sa.ColumnElement[Any], target: Target) -> sa.Exists:
        """Whether a record is served and this import, which does not give it, leaves it there."""
        state = _STATE.c
        stays = sa.exists().where(state.uid == uid, state.withdrawn_id.is_(None))
        if target.name in self._given and self._feed_id is not None:
            stays = stays.where(state.feed_id != self._feed_id)
        return stays

    def _shared_sirens(self) -> Iterator[Finding]:
        target = BY_TABLE["collectivity"]
        for number, line, _, first in self._repeated(target, ("siren",)):
            reason = f"{TWICE}on row {first}; keep one of the two"
            file = self._file(number, target)
            yield Finding(number, file, line, "siren", reason, _printed(("siren",)))
        staged = target.staged.c
        taken = (
            sa.select(staged.file, staged.line, _COLLECTIVITY.name)
            .join(target.table, _COLLECTIVITY.siren == staged.siren)
            .where(_COLLECTIVITY.uid != staged.uid, self._stays(_COLLECTIVITY.uid, target))
            .where(~sa.exists().where(target.staged.alias().c.uid == _COLLECTIVITY.uid))
        )
        for number, line, name in self._rows(taken):
            reason = f"is that of {name}; write its own"
            file = self._file(number, target)
            yield Finding(number, file, line, "siren", reason, _printed(("siren",)))

    def _circles(self) -> Iterator[Finding]:
        staged = BY_TABLE["collectivity"].staged.c
        bodies = sa.select(staged.uid, staged.parent_id, staged.file, staged.line).where(
            staged.code != sa.func.upper(staged.code)
        )
        rows = self._connection.execute(bodies).all()
        parents = {uid: parent for uid, parent, _, _ in rows}
        for uid, place, number, line in rows:
            above = {uid}
            while place in parents and place not in above:
                above.add(place)
                place = parents[place]  # noqa: PLW2901  # climbs
            if place in above:
                reason = "belongs to itself in the end; write what it really belongs to"
                yield Finding(
                    number, files.BODIES, line, "parent_code", reason, _printed(("parent_code",))
                )

    def _places(self, file: File, owner: str) -> Iterator[Finding]:
        target = BY_TABLE[file.target]
        if target.name in self._unread:
            return
        staged = target.staged.c
        for number, line, _, first in self._repeated(target, (target.owner, "position")):
            reason = f"{TWICE}on row {first}; keep one of the two"
            yield Finding(number, file, line, "position", reason, _printed((owner, "position")))
        members = (
            sa.select(staged[target.owner], sa.func.count().label("members"))
            .group_by(staged[target.owner])
            .subquery()
        )
        gaps = (
            sa.select(staged.file, staged.line)
            .join(members, members.c[target.owner] == staged[target.owner])
            .where(staged.position >= members.c.members)
            .order_by(staged.file, staged.line)
        )
        reason = f"leaves a gap; number the rows of one {owner} from 0"
        for number, line in self._rows(gaps):
            yield Finding(number, file, line, "position", reason, _printed(("position",)))

    def _unwon(self) -> Iterator[Finding]:
        if "laureate" in self._unread:
            return
        award, laureate = BY_TABLE["award"].staged.c, BY_TABLE["laureate"].staged.c
        unwon = (
            sa.select(award.file, award.line)
            .where(~sa.exists().where(laureate.award_id == award.uid))
            .order_by(award.file, award.line)
        )
        for number, line in self._rows(unwon):
            yield Finding(number, files.AWARDS, line, "key", UNWON, _printed(("key",)))


# What tells the rows of a table apart where it is not a uid.
_KEYS = {
    "former_code": ("code",),
    "postal_code": ("code", "collectivity_id"),
    "initiative_holder": ("initiative_id", "collectivity_id"),
    "laureate": ("award_id", "collectivity_id"),
}


def _printed(columns: tuple[str, ...]) -> Callable[[Record], str]:
    return lambda record: printed(key_of(record, columns))


def _referred(reference: Reference) -> Callable[[Record], str]:
    def value(record: Record) -> str:
        key = key_of(record, reference.columns)
        return printed(key if reference.kind is None else (reference.kind.value, *key))

    return value


def explain(findings: Sequence[Finding], inputs: Sequence[Input]) -> Iterator[Fault]:
    """The faults behind findings, with what stands in the rows."""
    by_row: defaultdict[int, dict[tuple[str, int], list[Finding]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for finding in findings:
        by_row[finding.input][finding.file.name, finding.line].append(finding)
    for number, wanted in by_row.items():
        given = inputs[number]
        for row in given.records():
            if isinstance(row, Fault):
                continue
            file, record = row
            for finding in wanted.pop((file.name, record.line), ()):
                value = finding.value(record)
                yield fault(given.name, record.line, finding.column, value, finding.reason)


def still_referred_to(connection: sa.Connection, actions: Actions) -> Iterator[Fault]:
    """Records that the import withdraws although rows of other lists refer to them."""
    for target in TARGETS:
        for column, table in target.references.items():
            is_going = actions.have(BY_TABLE[table.name].type_name, (Action.WITHDRAWN,))
            if is_going and column != target.owner:
                yield from _referrers(connection, target, column, table)


def _referrers(
    connection: sa.Connection, target: Target, column: str, table: sa.Table
) -> Iterator[Fault]:
    own = target.references[target.owner] if target.owner else target.table
    row, goal = target.table.alias("referrer"), table.alias("goal")
    record = own.alias("record")
    owner_id = row.c[target.owner] if target.owner else row.c.id
    gone, going = PLANNED.alias("gone"), PLANNED.alias("going")
    statement = (
        sa.select(goal.c.uid, sa.func.count())
        .join_from(gone, goal, sa.and_(gone.c.uid == goal.c.uid, gone.c.action == "WITHDRAWN"))
        .join(row, row.c[column] == goal.c.id)
        .join(record, record.c.id == owner_id)
        .outerjoin(going, sa.and_(going.c.uid == record.c.uid, going.c.action == "WITHDRAWN"))
        .where(going.c.uid.is_(None))
        .where(~sa.exists().where(BY_TABLE[own.name].staged.c.uid == record.c.uid))
        .group_by(goal.c.uid)
        .limit(_FINDINGS_MAX)
    )
    for uid, count in connection.execute(statement):
        reason = (
            f"is no longer in the list, but {count} rows of {own.name} refer to it; "
            "keep it, or withdraw those first"
        )
        yield fault(f"{table.name}", 0, "", uid, reason)
