"""Whether a database agrees with itself: links, registry, log of changes, and all that derives.

What derives is made again from the records and compared, a few records at a time; nothing but
temporary tables is written.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import SQLModel

from graph.domain.codes import Action
from graph.storage import tables
from graph.storage.tables import table_of
from seed import alike, index, places, suggestions
from seed.affected import SEARCHED
from seed.entries import entries
from seed.postings import rarity, weights
from seed.progress import Progress, silence
from seed.staging import RECORDS
from seed.uncollected import uncollected
from seed.write import Values, insert

_BATCH = 1_000
_POSTINGS_HELD = 50_000
_SHOWN = 5

_STATE = table_of(tables.RecordState)
_CHANGE = table_of(tables.Change)
_RELEASE = table_of(tables.Release)
_CLAIM = table_of(tables.Claim)
_ENTRY = table_of(tables.SearchEntry)
_TERM = table_of(tables.SearchTerm)
_POSTING = table_of(tables.SearchPosting)
_REMADE = sa.Table(
    "posting_remade",
    sa.MetaData(),
    sa.Column("term_id", sa.Integer),
    sa.Column("entry_id", sa.Integer),
    sa.Column("weight", sa.Integer),
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True)
class Disagreement:
    """Rows of a table that do not fit the others: how many, and a few of them."""

    table: str
    reason: str
    rows: int
    examples: tuple[str, ...]

    def __str__(self) -> str:
        some = ", ".join(self.examples)
        more = ", …" if self.rows > len(self.examples) else ""
        return f"{self.table}: {self.rows:,} rows {self.reason}: {some}{more}"


@dataclass(frozen=True)
class Verdict:
    """What was found in a database whose newest release is `release`; `records` were looked at.

    Nothing can be made again from records with broken links: then `left_out` tells what was not
    looked at.
    """

    release: str | None
    records: int
    disagreements: tuple[Disagreement, ...]
    left_out: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing disagrees."""
        return not self.disagreements


def verify(engine: sa.Engine, tell: Progress = silence) -> Verdict:
    """Looks at everything, as it is at one moment; imports may go on meanwhile."""
    with engine.connect() as connection, uncollected():
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        else:
            # Reads alone would each see the newest state.
            connection.exec_driver_sql("BEGIN")
        found: list[Disagreement] = []
        left_out: list[str] = []
        are_broken = False
        for done, (label, look) in enumerate(_LOOKS.items()):
            tell("check", done, len(_LOOKS))
            if are_broken and label in _NEED_LINKS:
                left_out.append(label)
                continue
            found += look(connection)
            are_broken = are_broken or bool(found and label == _LINKS)
        tell("check", len(_LOOKS), len(_LOOKS))
        version = sa.select(_RELEASE.c.version).order_by(_RELEASE.c.id.desc()).limit(1)
        live = sa.select(sa.func.count()).where(_STATE.c.withdrawn_id.is_(None))
        verdict = Verdict(
            connection.scalar(version), connection.scalar(live) or 0, tuple(found), tuple(left_out)
        )
        connection.rollback()
    return verdict


Look = Callable[[sa.Connection], Iterator[Disagreement]]


def _rows(
    connection: sa.Connection, table: sa.Table | str, reason: str, found: sa.Select[Any]
) -> Iterator[Disagreement]:
    """The disagreement that these rows are, if there are any."""
    rows = found.order_by(None).subquery()
    number = connection.scalar(sa.select(sa.func.count()).select_from(rows)) or 0
    if number:
        some = connection.execute(found.limit(_SHOWN)).all()
        yield _disagreement(table, reason, number, some)


def _disagreement(
    table: sa.Table | str, reason: str, number: int, some: Iterable[Sequence[Any]]
) -> Disagreement:
    name = table if isinstance(table, str) else table.name
    examples = tuple(" ".join(map(str, row)) for row in some)
    return Disagreement(name, reason, number, examples)


def _file(connection: sa.Connection) -> Iterator[Disagreement]:
    """The pages of an SQLite file and its indexes; PostgreSQL sees to its own."""
    if connection.dialect.name == "sqlite":
        told = connection.exec_driver_sql("PRAGMA integrity_check").all()
        if told != [("ok",)]:
            yield _disagreement("file", "are damaged", len(told), told[:_SHOWN])


def _links(connection: sa.Connection) -> Iterator[Disagreement]:
    for table in SQLModel.metadata.sorted_tables:
        for key in table.foreign_keys:
            column, other = key.parent, key.column.table.alias("other")
            known = sa.exists().where(other.c[key.column.name] == column)
            lost = sa.select(column).where(column.is_not(None), ~known).order_by(column)
            reason = f"have a {column.name} that is no {key.column.table.name}"
            yield from _rows(connection, table, reason, lost)


def _registry(connection: sa.Connection) -> Iterator[Disagreement]:
    state = _STATE.c
    of = state.type_name
    for target in RECORDS:
        uid = target.table.c.uid
        known = sa.exists().where(
            state.uid == uid, of == target.type_name, state.withdrawn_id.is_(None)
        )
        yield from _rows(
            connection,
            target.table,
            "are not in record_state, or withdrawn there",
            sa.select(uid).where(~known).order_by(uid),
        )
        there = sa.exists().where(uid == state.uid)
        is_live = (of == target.type_name, state.withdrawn_id.is_(None))
        yield from _rows(
            connection,
            _STATE,
            f"are of a {target.name} that is not there",
            sa.select(state.uid).where(*is_live, ~there).order_by(state.uid),
        )
    yield from _rows(
        connection,
        _STATE,
        "are of an unknown type",
        sa.select(state.uid, of).where(of.not_in([each.type_name for each in RECORDS])),
    )
    yield from _lists(connection)
    for name in ("created_id", "touched_id", "withdrawn_id"):
        known = sa.exists().where(_RELEASE.c.id == state[name])
        yield from _rows(
            connection,
            _STATE,
            f"have a {name} that is no release",
            sa.select(state.uid, state[name]).where(state[name].is_not(None), ~known),
        )


def _lists(connection: sa.Connection) -> Iterator[Disagreement]:
    state, source = _STATE.c, table_of(tables.Source)
    for table in (_STATE, _CLAIM):
        known = sa.exists().where(source.c.id == table.c.feed_id)
        yield from _rows(
            connection,
            table,
            "have a feed_id that is no source",
            sa.select(table.c.uid, table.c.feed_id).where(~known),
        )
    other = sa.exists().where(
        state.uid == _CLAIM.c.uid, state.feed_id != _CLAIM.c.feed_id, state.withdrawn_id.is_(None)
    )
    yield from _rows(
        connection,
        _CLAIM,
        "dispute nothing that another list shows",
        sa.select(_CLAIM.c.uid, _CLAIM.c.feed_id).where(~other).order_by(_CLAIM.c.uid),
    )


def _log(connection: sa.Connection) -> Iterator[Disagreement]:
    """The last that the log tells of a record is what the registry says of it.

    Records that were there before the log have none.
    """
    state, change = _STATE.c, _CHANGE.c
    newest = sa.select(sa.func.max(change.id).label("id")).group_by(change.uid).subquery()
    ends = sa.select(change.uid, change.action, change.release_id).join(
        newest, newest.c.id == change.id
    )
    is_gone = change.action == Action.WITHDRAWN
    same = sa.exists().where(
        state.uid == change.uid,
        state.type_name == change.type_name,
        state.touched_id == change.release_id,
        sa.or_(
            sa.and_(is_gone, state.withdrawn_id == change.release_id),
            sa.and_(~is_gone, state.withdrawn_id.is_(None)),
        ),
    )
    reason = "end otherwise than record_state"
    yield from _rows(connection, _CHANGE, reason, ends.where(~same).order_by(change.uid))
    told = sa.exists().where(change.uid == state.uid, change.release_id == state.touched_id)
    is_later = sa.or_(state.touched_id != state.created_id, state.withdrawn_id.is_not(None))
    silent = sa.select(state.uid, state.touched_id).where(is_later, ~told).order_by(state.uid)
    yield from _rows(connection, _STATE, "were touched by a release without a change", silent)
    yield from _counters(connection)


def _counters(connection: sa.Connection) -> Iterator[Disagreement]:
    """What releases say they did, beside the log; a release before the log counts nothing."""
    change, release = _CHANGE.c, _RELEASE.c
    kinds = {
        "created": (Action.CREATED, Action.RESTORED),
        "changed": (Action.CHANGED,),
        "withdrawn": (Action.WITHDRAWN,),
    }
    for name, actions in kinds.items():
        logged = (
            sa.select(sa.func.count())
            .where(change.release_id == release.id, change.action.in_(actions))
            .scalar_subquery()
        )
        differing = sa.select(release.version, release[name], logged).where(release[name] != logged)
        yield from _rows(
            connection,
            _RELEASE,
            f"have another number of {name} records than the log",
            differing.order_by(release.id),
        )


def _derived(connection: sa.Connection) -> Iterator[Disagreement]:
    award, initiative = table_of(tables.Award).c, table_of(tables.Initiative)
    first = (
        sa.select(sa.func.min(award.year))
        .where(award.initiative_id == initiative.c.id)
        .scalar_subquery()
    )
    stale = initiative.c.year.is_distinct_from(first)
    yield from _rows(
        connection,
        initiative,
        "have another year than their first award",
        sa.select(initiative.c.uid, initiative.c.year, first).where(stale),
    )
    links = (
        (table_of(tables.InitiativeCategory), "category_id"),
        (table_of(tables.InitiativeSource), "source_id"),
    )
    for link, name in links:
        said = sa.select(award.initiative_id, award[name]).where(
            award.initiative_id.is_not(None), award[name].is_not(None)
        )
        held = sa.select(link.c.initiative_id, link.c[name])
        yield from _compared(connection, link, held, said)
    for name in ("award_id", "initiative_id"):
        table, _, query = places.placed(name)
        order = [column.name for column in query.selected_columns]
        held = sa.select(*(table.c[column] for column in order))
        yield from _compared(connection, table, held, query)


def _compared(
    connection: sa.Connection, table: sa.Table, held: sa.Select[Any], said: sa.Select[Any]
) -> Iterator[Disagreement]:
    for reason, rows in (
        ("are missing", said.except_(held)),
        ("do not follow from the records", held.except_(said)),
    ):
        found = rows.subquery()
        yield from _rows(connection, table, reason, sa.select(found))


def _search(connection: sa.Connection) -> Iterator[Disagreement]:
    """Entries are compared as they are made again; postings once all of them are."""
    _REMADE.drop(connection, checkfirst=True)
    _REMADE.create(connection)
    numbers = _Numbers(connection)
    columns = tuple(_ENTRY.c)
    wrong: list[Values] = []
    waiting: list[Values] = []
    made = 0
    for type_name, ids in _ids(connection):
        found = [*entries(type_name, index.rows(connection, type_name, ids))]
        rows = {entry.uid: index.entry_row(entry) for entry in found}
        statement = sa.select(*columns).where(_ENTRY.c.uid.in_(list(rows)))
        held = {row[1]: tuple(row) for row in connection.execute(statement).all()}
        wrong += [(uid,) for uid, row in rows.items() if held.get(uid) != row]
        made += len(rows)
        for entry in found:
            number = rows[entry.uid][0]
            waiting += [(numbers[term], number, to) for term, to in weights(entry).items()]
        if len(waiting) >= _POSTINGS_HELD:
            insert(connection, _REMADE, waiting)
            waiting = []
    insert(connection, _REMADE, waiting)
    if wrong:
        reason = "are missing or differ from what the records say"
        yield _disagreement(_ENTRY, reason, len(wrong), wrong[:_SHOWN])
    yield from _strangers(connection)
    yield from _postings(connection, numbers)
    yield from _terms(connection)


class _Numbers(dict[str, int]):
    """The number of each term; those that are not there have a negative one."""

    def __init__(self, connection: sa.Connection) -> None:
        held = connection.execute(sa.select(_TERM.c.term, _TERM.c.id)).all()
        super().__init__({term: number for term, number in held})  # noqa: C416  # typed

    def __missing__(self, term: str) -> int:
        return self.setdefault(term, -len(self) - 1)


def _ids(connection: sa.Connection) -> Iterator[tuple[str, list[int]]]:
    for type_name, table in SEARCHED.items():
        after = 0
        while True:
            page = sa.select(table.c.id).where(table.c.id > after).order_by(table.c.id)
            ids = list(connection.scalars(page.limit(_BATCH)))
            if not ids:
                break
            yield type_name, ids
            after = ids[-1]


def _strangers(connection: sa.Connection) -> Iterator[Disagreement]:
    entry = _ENTRY.c
    known = [
        sa.exists().where(entry.type_name == type_name, table.c.id == entry.record_id)
        for type_name, table in SEARCHED.items()
    ]
    of_none = sa.select(entry.uid).where(~sa.or_(*known)).order_by(entry.uid)
    yield from _rows(connection, _ENTRY, "are of no record", of_none)


def _postings(connection: sa.Connection, numbers: _Numbers) -> Iterator[Disagreement]:
    """Both sides as sets, which takes a sort of one and no look-up by an entry.

    Of as many rows, none twice, those of one side are not there if and only if some of the
    other are not.
    """
    made = sa.select(*_REMADE.c)
    held = sa.select(*(_POSTING.c[column.name] for column in _REMADE.c))
    missing = [
        *_differing(connection, "are missing or have another weight", made.except_(held), numbers)
    ]
    yield from missing
    sizes = [connection.scalar(sa.select(sa.func.count()).select_from(t)) for t in _BOTH]
    if missing or sizes[0] != sizes[1]:
        reason = "are of no entry or term that has them"
        yield from _differing(connection, reason, held.except_(made), numbers)


_BOTH = (_REMADE, _POSTING)


def _differing(
    connection: sa.Connection, reason: str, rows: sa.CompoundSelect[Any], numbers: _Numbers
) -> Iterator[Disagreement]:
    found = rows.subquery().c
    ordered = sa.select(found.term_id, found.entry_id).order_by(*found)
    for each in _rows(connection, _POSTING, reason, ordered):
        terms = {number: term for term, number in numbers.items()}
        some = connection.execute(ordered.limit(_SHOWN)).all()
        shown = [(terms.get(number, number), entry) for number, entry in some]
        yield _disagreement(_POSTING, reason, each.rows, shown)


def _terms(connection: sa.Connection) -> Iterator[Disagreement]:
    number = connection.scalar(sa.select(sa.func.count()).select_from(_ENTRY)) or 0
    posting, term = _POSTING.c, _TERM.c
    counted = sa.select(posting.term_id, sa.func.count().label("used")).group_by(posting.term_id)
    used = counted.subquery()
    rows = connection.execute(
        sa.select(term.term, term.rarity, term.entries, used.c.used).join_from(
            _TERM, used, used.c.term_id == term.id, isouter=True
        )
    ).all()
    wrong = [
        (word,)
        for word, held, told, found in rows
        if (told, held) != (found, found and rarity(number, found))
    ]
    if wrong:
        reason = "have another number of entries or rarity than their postings"
        yield _disagreement(_TERM, reason, len(wrong), wrong[:_SHOWN])


def _made_whole(connection: sa.Connection) -> Iterator[Disagreement]:
    """Tables that imports make as a whole from one type of record."""
    words = {alike.TABLE: [*alike.rows(connection)]}
    contents = {**words, **suggestions.build(connection, silence)}
    for table, rows in contents.items():
        made = set(map(tuple, rows))
        strangers: list[Values] = []
        pages = connection.execute(sa.select(table).execution_options(yield_per=_BATCH))
        for page in pages.partitions():
            held = set(map(tuple, page))
            strangers += held - made
            made -= held
        if made:
            yield _disagreement(table, "are missing", len(made), sorted(made)[:_SHOWN])
        if strangers:
            reason = "do not follow from the records"
            yield _disagreement(table, reason, len(strangers), sorted(strangers)[:_SHOWN])


_LINKS: Final = "links"
_NEED_LINKS: Final = frozenset(("derived rows", "search", "suggestions and words"))
_LOOKS: Final[dict[str, Look]] = {
    "file": _file,
    _LINKS: _links,
    "registry": _registry,
    "log of changes": _log,
    "derived rows": _derived,
    "search": _search,
    "suggestions and words": _made_whole,
}
