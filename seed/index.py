"""The search tables: what a record is found by, and how well; written where an import touches it.

Everything is derived here, so that both engines hold the same words with the same weights.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import log, log2
from typing import Any

import sqlalchemy as sa

from graph.domain.text import STOP_WORDS, stem
from graph.storage import tables
from graph.storage.keys import KEYS, bind_keys, is_among
from graph.storage.search import WEIGHT_STEPS, entry_id
from graph.storage.tables import table_of
from seed import affected
from seed.entries import Entry, Names, Row, Rows, entries, labels
from seed.progress import Progress
from seed.write import Values, finish, indexed_later, insert

# A word of a name counts two to six times as much as another: the fewer words, the more.
_WEIGHT = 50
_NAME_WEIGHT = 100
_NAME_WEIGHT_SHARED = 200
# 67 million inhabitants are the last step but one; the first prize is of 1986.
_STEPS_A_DOUBLING = 2.4
_FIRST_YEAR = 1980

_BATCH = 1_000
# Postings are written in the order of their key; the more at once, the fewer pages are touched.
_POSTINGS_HELD = 250_000
# The fewest; those of a commune are some eight.
_POSTINGS_AN_ENTRY = 8

_ENTRY = table_of(tables.SearchEntry)
_TERM = table_of(tables.SearchTerm)
_POSTING = table_of(tables.SearchPosting)
_RARITY = sa.Table(
    "rarity_now",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("rarity", sa.Integer),
    sa.Column("entries", sa.Integer),
    prefixes=["TEMPORARY"],
)


def update(connection: sa.Connection, tell: Progress) -> None:
    """Brings the entries of all that is affected to what the records say now."""
    called = names(connection)
    done, total = 0, affected.count(connection)
    with indexed_later(connection, _POSTING, total * _POSTINGS_AN_ENTRY):
        index = _Index(connection)
        for type_name, ids in affected.ids(connection, _BATCH):
            found = entries(rows(connection, type_name, ids), called)
            index.put(type_name, ids, {entry.record_id: entry for entry in found})
            tell("index", done, total)
            done += len(ids)
        index.close()
    tell("index", total, total)


def clear(connection: sa.Connection) -> None:
    """Forgets everything, for all to be made anew."""
    for table in (_POSTING, _TERM, _ENTRY):
        connection.execute(sa.delete(table))


def names(connection: sa.Connection) -> Names:
    """How all records are called in the entries of others."""
    place, edition = table_of(tables.Collectivity).c, table_of(tables.Edition).c
    prize, theme = table_of(tables.Prize).c, table_of(tables.Category).c
    places = connection.execute(sa.select(place.id, place.name, place.departement_id))
    themes = connection.execute(sa.select(theme.id, theme.label_fr))
    prizes = connection.execute(
        sa.select(edition.id, prize.name).join(prize.id.table, prize.id == edition.prize_id)
    )
    return Names(
        labels([dict(row) for row in places.mappings()]),
        dict(themes.all()),
        dict(prizes.all()),
    )


def rows(connection: sa.Connection, type_name: str, ids: Sequence[int]) -> Rows:
    """The rows that the entries of some records of a type are made of."""

    def select(
        model: Any, column: str, among: Sequence[int], names: tuple[str, ...]
    ) -> Sequence[Row]:
        table = table_of(model)
        columns = [table.c[name] for name in names]
        statement = sa.select(*columns).where(is_among(table.c[column], KEYS))
        found = connection.execute(
            statement.order_by(*table.primary_key), _keys(connection, among)
        ).all()
        return [dict(zip(names, row, strict=True)) for row in found]

    found: dict[str, Sequence[Row]] = dict.fromkeys(_NAMES, ())
    if type_name == "Collectivity":
        found["collectivity"] = select(tables.Collectivity, "id", ids, _PLACE)
    elif type_name == "Category":
        found["category"] = select(tables.Category, "id", ids, _THEME)
    elif type_name == "Initiative":
        found["initiative"] = select(tables.Initiative, "id", ids, _INITIATIVE)
        found["initiative_category"] = select(
            tables.InitiativeCategory, "initiative_id", ids, ("initiative_id", "category_id")
        )
        found["initiative_holder"] = select(tables.InitiativeHolder, "initiative_id", ids, _HOLDER)
        found["award_of_initiative"] = select(
            tables.Award, "initiative_id", ids, ("id", "initiative_id")
        )
        awards = [row["id"] for row in found["award_of_initiative"]]
        found["laureate"] = select(tables.Laureate, "award_id", awards, _LAUREATE)
    else:
        found["award"] = select(tables.Award, "id", ids, _AWARD)
        found["laureate"] = select(tables.Laureate, "award_id", ids, _LAUREATE)
        initiatives = {row["initiative_id"] for row in found["award"]} - {None}
        found["title"] = select(tables.Initiative, "id", sorted(initiatives), ("id", "title"))
    return found


def _keys(connection: sa.Connection, ids: Sequence[int]) -> dict[str, Any]:
    """A thousand ids as one parameter: so many would take longer to write than to look up."""
    is_sqlite = connection.dialect.name == "sqlite"
    return {KEYS: bind_keys(ids, "sqlite") if is_sqlite else [*ids]}


# The columns that entries are made of.
_PLACE = (
    "id",
    "uid",
    "kind",
    "sub_kind",
    "code",
    "name",
    "population",
    "postal_codes",
)
_THEME = ("id", "uid", "label_fr", "label_en", "note")
_INITIATIVE = ("id", "uid", "title", "summary", "year")
_HOLDER = ("initiative_id", "collectivity_id", "position")
_AWARD = (
    "id",
    "uid",
    "edition_id",
    "year",
    "level_as_printed",
    "category_id",
    "category_as_printed",
    "initiative_id",
)
_LAUREATE = ("award_id", "collectivity_id", "position", "name_as_printed")
_NAMES = (
    "collectivity",
    "category",
    "initiative",
    "initiative_category",
    "initiative_holder",
    "award_of_initiative",
    "laureate",
    "award",
    "title",
)


class _Index:
    """The search tables while they are changed."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        rows = connection.execute(sa.select(_TERM.c.term, _TERM.c.id))
        self._terms = _Terms(rows.all())
        self._postings: list[Values] = []
        self._terms_of = TermsOf()
        self._is_changed = False

    def put(self, type_name: str, ids: Sequence[int], found: Mapping[int, Entry]) -> None:
        """Makes `found` the entries of the records with these ids; others have none."""
        numbers = [entry_id(type_name, record_id) for record_id in ids]
        entry = _ENTRY.c
        statement = sa.select(
            entry.record_id, entry.prominence, entry.label, entry.text, entry.id, entry.words
        ).where(is_among(entry.id, KEYS))
        rows = self._connection.execute(statement, _keys(self._connection, numbers)).all()
        held = {row[0]: tuple(row) for row in rows}
        wanted = {key: (key, new.prominence, new.label, new.text) for key, new in found.items()}
        stale = [row[-2:] for key, row in held.items() if row[:-2] != wanted.get(key)]
        kept = {key for key, row in held.items() if row[:-2] == wanted.get(key)}
        fresh = [found[key] for key in sorted(found.keys() - kept)]
        self._remove(stale)
        insert(self._connection, _ENTRY, [self._add(each) for each in fresh])
        self._is_changed = self._is_changed or bool(stale or fresh)

    def close(self) -> None:
        """Writes what waits, and how rare each term is now."""
        if self._is_changed:
            self._flush()
            self._weigh()
            for table in (_ENTRY, _TERM, _POSTING):
                finish(self._connection, table)

    def _remove(self, stale: Sequence[Values]) -> None:
        """Takes entries out with their postings, which their words lead to."""
        if not stale:
            return
        self._flush()
        pairs = [
            {"of_term": self._terms[term], "of_entry": number}
            for number, own in stale
            for term in {term for word in own.split() for term in self._terms_of[word]}
            if term in self._terms
        ]
        posting = _POSTING.c
        gone = sa.delete(_POSTING).where(
            posting.term_id == sa.bindparam("of_term"), posting.entry_id == sa.bindparam("of_entry")
        )
        if pairs:
            self._connection.execute(gone, pairs)
        numbers = [number for number, _ in stale]
        self._connection.execute(sa.delete(_ENTRY).where(_ENTRY.c.id.in_(numbers)))

    def _add(self, entry: Entry) -> Values:
        """Adds the postings of an entry, and gives its row."""
        number, terms = entry_id(entry.type_name, entry.record_id), self._terms
        self._postings += [
            (terms[term], number, weight) for term, weight in weights(entry, self._terms_of).items()
        ]
        if len(self._postings) >= _POSTINGS_HELD:
            self._flush()
        return entry_row(entry)

    def _flush(self) -> None:
        new = self._terms.new
        insert(self._connection, _TERM, [(number, term, 1, 0) for term, number in new])
        insert(self._connection, _POSTING, sorted(self._postings))
        new.clear()
        self._postings = []

    def _weigh(self) -> None:
        """How many entries have each term, so how rare it is; terms that none has any more go."""
        entry_count = self._connection.scalar(sa.select(sa.func.count()).select_from(_ENTRY)) or 0
        posting = _POSTING.c
        counted = sa.select(posting.term_id, sa.func.count()).group_by(posting.term_id)
        now = {
            number: (rarity(entry_count, used), used)
            for number, used in self._connection.execute(counted).all()
        }
        term = _TERM.c
        terms = self._connection.execute(sa.select(term.id, term.rarity, term.entries))
        held = {number: (rare, used) for number, rare, used in terms.all()}
        _RARITY.drop(self._connection, checkfirst=True)
        _RARITY.create(self._connection)
        changed = [(number, *own) for number, own in now.items() if held[number] != own]
        insert(self._connection, _RARITY, changed)
        self._connection.execute(
            sa.update(_TERM)
            .where(term.id == _RARITY.c.id)
            .values(rarity=_RARITY.c.rarity, entries=_RARITY.c.entries)
        )
        unused = ~sa.exists().where(posting.term_id == term.id)
        if len(held) > len(now):
            self._connection.execute(sa.delete(_TERM).where(unused))


class _Terms(dict[str, int]):
    """The number of each term; one that is `new` gets the next."""

    def __init__(self, known: Iterable[Any]) -> None:
        super().__init__(known)
        self.new: list[tuple[str, int]] = []
        self._next = max(self.values(), default=0) + 1

    def __missing__(self, term: str) -> int:
        number = self[term] = self._next
        self._next += 1
        self.new.append((term, number))
        return number


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
        f" {' '.join(entry.words)} ",
    )


def weights(entry: Entry, terms_of: "TermsOf") -> dict[str, int]:
    """The terms that find an entry, and how well; words of its name weigh more."""
    named = set(entry.named) - STOP_WORDS
    step = _step(entry)
    usual = _WEIGHT * WEIGHT_STEPS + step
    high = (_NAME_WEIGHT + _NAME_WEIGHT_SHARED // max(len(named), 1)) * WEIGHT_STEPS + step
    found = {term: usual for word in entry.words for term in terms_of[word]}
    found.update({term: high for word in named for term in terms_of[word]})
    return found


def rarity(entry_count: int, used: int) -> int:
    """How rare a term is that so many of all entries have."""
    return max(1, round(100 * log(1 + entry_count / used)))


def _step(entry: Entry) -> int:
    """What raises the larger collectivity and the later record among equals."""
    if entry.type_name == "Collectivity":
        return min(round(_STEPS_A_DOUBLING * log2(entry.prominence + 1)), WEIGHT_STEPS - 1)
    return min(max(entry.prominence - _FIRST_YEAR, 0), WEIGHT_STEPS - 1)


class TermsOf(dict[str, tuple[str, ...]]):
    """What a word is found by: itself and its stem; nothing for a stop word."""

    def __missing__(self, word: str) -> tuple[str, ...]:
        if word in STOP_WORDS:
            terms: tuple[str, ...] = ()
        else:
            terms = (word,) if word.isdigit() else tuple({word, stem(word)})
        self[word] = terms
        return terms
