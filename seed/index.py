"""The search tables: what a record is found by, and how well; written where an import touches it.

Everything is derived here, so that both engines hold the same words with the same weights.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

import sqlalchemy as sa

from graph.storage import tables
from graph.storage.keys import KEYS, is_among, keyed
from graph.storage.search import entry_id
from graph.storage.tables import columns_of, table_of
from seed import affected
from seed.entries import Entry, Rows, entries
from seed.postings import Postings
from seed.progress import Progress
from seed.write import Values, finish, insert

_BATCH = 1_000
_ENTRY = table_of(tables.SearchEntry)
_TERM = table_of(tables.SearchTerm)
_POSTING = table_of(tables.SearchPosting)
_PLACE = table_of(tables.Collectivity)
_DEPARTEMENT = _PLACE.alias("departement")
_is_other = sa.and_(_DEPARTEMENT.c.id == _PLACE.c.departement_id, _DEPARTEMENT.c.id != _PLACE.c.id)
_THEME = table_of(tables.Category)
_PRIZE = table_of(tables.Prize)
_EDITION = table_of(tables.Edition)
_INITIATIVE = table_of(tables.Initiative)
_AWARD = table_of(tables.Award)
_LAUREATE = table_of(tables.Laureate)


def update(connection: sa.Connection, tell: Progress) -> None:
    """Brings the entries of all that is affected to what the records say now."""
    postings = Postings(connection)
    done, total = 0, affected.count(connection)
    for type_name, ids in affected.ids(connection, _BATCH):
        found = [*entries(type_name, rows(connection, type_name, ids))]
        _put(connection, postings, [entry_id(type_name, each) for each in ids], found)
        tell("index", done, total)
        done += len(ids)
        postings.write_many(total / done)
    postings.close()
    if postings.are_changed:
        finish(connection, _ENTRY)
    tell("index", total, total)


def clear(connection: sa.Connection) -> None:
    """Forgets everything, for all to be made anew."""
    for table in (_POSTING, _TERM, _ENTRY):
        connection.execute(sa.delete(table))


def rows(connection: sa.Connection, type_name: str, ids: Sequence[int]) -> Rows:
    """The rows that the entries of some records of a type are made of."""

    def of(statement: sa.Select[Any], among: sa.ColumnElement[int]) -> Sequence[Any]:
        statement = statement.where(is_among(among, KEYS))
        return connection.execute(statement, keyed(ids, connection.dialect.name)).all()

    return _ROWS[type_name](of)


class _Of(Protocol):
    """The rows of a statement where a column is one of the ids."""

    def __call__(self, statement: sa.Select[Any], among: sa.ColumnElement[int], /) -> Any: ...


def _collectivities(of: _Of) -> Rows:
    place = _PLACE.c
    own = (place.id, place.uid, place.kind, place.sub_kind, place.code)
    query = sa.select(*own, place.population, place.postal_codes, place.name, _DEPARTEMENT.c.name)
    query = query.join_from(_PLACE, _DEPARTEMENT, _is_other, isouter=True)
    return Rows(of(query.order_by(place.id), place.id))


def _categories(of: _Of) -> Rows:
    theme = _THEME.c
    query = sa.select(theme.id, theme.uid, theme.label_fr, theme.label_en, theme.note)
    return Rows(of(query.order_by(theme.id), theme.id))


def _initiatives(of: _Of) -> Rows:
    initiative, award = _INITIATIVE.c, _AWARD.c
    holder, link = columns_of(tables.InitiativeHolder), columns_of(tables.InitiativeCategory)
    own = sa.select(
        initiative.id, initiative.uid, initiative.title, initiative.summary, initiative.year
    )
    holders = _placed(holder.initiative_id, holder.collectivity_id)
    themes = sa.select(link.initiative_id, _THEME.c.label_fr)
    themes = themes.join(_THEME, _THEME.c.id == link.category_id)
    printed = sa.select(award.initiative_id, _LAUREATE.c.name_as_printed)
    printed = printed.join(_LAUREATE, _LAUREATE.c.award_id == award.id)
    return Rows(
        of(own.order_by(initiative.id), initiative.id),
        of(holders.order_by(holder.initiative_id, holder.position), holder.initiative_id),
        of(themes, link.initiative_id),
        of(printed, award.initiative_id),
    )


def _awards(of: _Of) -> Rows:
    award, edition, prize = _AWARD.c, _EDITION.c, _PRIZE.c
    own = (award.id, award.uid, prize.name, award.year, award.level_as_printed)
    said = (_THEME.c.label_fr, award.category_as_printed, _INITIATIVE.c.title)
    awards = (
        sa.select(*own, *said)
        .join_from(_AWARD, _EDITION, edition.id == award.edition_id)
        .join(_PRIZE, prize.id == edition.prize_id)
        .join(_THEME, _THEME.c.id == award.category_id, isouter=True)
        .join(_INITIATIVE, _INITIATIVE.c.id == award.initiative_id, isouter=True)
    )
    laureate = _LAUREATE.c
    winners = _placed(laureate.award_id, laureate.collectivity_id)
    winners = winners.add_columns(laureate.name_as_printed)
    return Rows(
        of(awards.order_by(award.id), award.id),
        of(winners.order_by(laureate.award_id, laureate.position), laureate.award_id),
    )


_ROWS: Final[Mapping[str, Callable[[_Of], Rows]]] = {
    "Collectivity": _collectivities,
    "Category": _categories,
    "Initiative": _initiatives,
    "Award": _awards,
}


def _placed(record: sa.ColumnElement[int], place: sa.ColumnElement[int]) -> sa.Select[Any]:
    """Records with the name of a collectivity each, and of its département."""
    query = sa.select(record, _PLACE.c.name, _DEPARTEMENT.c.name)
    query = query.join_from(record.table, _PLACE, _PLACE.c.id == place)
    return query.join(_DEPARTEMENT, _is_other, isouter=True)


def _put(
    connection: sa.Connection, postings: Postings, ids: Sequence[int], found: Sequence[Entry]
) -> None:
    """Makes `found` the entries with these ids; others there are none."""
    held_by, entry = is_among(_ENTRY.c.id, KEYS), _ENTRY.c
    statement = sa.select(
        entry.record_id, entry.prominence, entry.label, entry.text, entry.id, entry.words
    ).where(held_by)
    dialect = connection.dialect.name
    held = connection.execute(statement, keyed(ids, dialect)).all()
    wanted = {new.record_id: (new.prominence, new.label, new.text) for new in found}
    stale = {row[0]: row[-2:] for row in held if row[1:-2] != wanted.get(row[0])}
    kept = {row[0] for row in held} - stale.keys()
    fresh = [new for new in found if new.record_id not in kept]
    if stale:
        postings.remove(stale.values())
        numbers = [number for number, _ in stale.values()]
        connection.execute(sa.delete(_ENTRY).where(held_by), keyed(numbers, dialect))
    insert(connection, _ENTRY, [entry_row(each) for each in fresh])
    for each in fresh:
        postings.add(each)


def entry_row(entry: Entry) -> Values:
    """The row of an entry, in the order of the columns."""
    return (
        entry_id(entry.type_name, entry.record_id),
        entry.uid,
        entry.type_name,
        entry.record_id,
        entry.prominence,
        entry.label,
        entry.text,
        f" {entry.words} ",
    )
