"""The words that entries are found by, and how well: the terms and postings of the search."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import lru_cache
from itertools import chain, count, repeat
from math import log, log2

import sqlalchemy as sa

from graph.domain.text import STOP_WORDS, stem
from graph.storage import tables
from graph.storage.keys import KEYS, is_among, keyed
from graph.storage.search import WEIGHT_STEPS, entry_id
from graph.storage.tables import table_of
from seed.entries import Entry
from seed.write import Values, batches, finish, indexed_later, insert

# A word of a name counts two to six times as much as another: the fewer words, the more.
_WEIGHT = 50
_NAME_WEIGHT = 100
_NAME_WEIGHT_SHARED = 200
# 67 million inhabitants are the last step but one; the first prize is of 1986.
_STEPS_A_DOUBLING = 2.4
_FIRST_YEAR = 1980

# So many phrases wait, which make some four times as many postings. These are written in the
# order of their key: the more at once, the fewer pages are touched.
_PHRASES_HELD = 200_000
_BATCH_POSTINGS = 20_000
_BATCH_TERMS = 1_000

_ENTRY = table_of(tables.SearchEntry)
_TERM = table_of(tables.SearchTerm)
_POSTING = table_of(tables.SearchPosting)
# How many entries more have a term.
_MORE = sa.Table(
    "entries_more",
    sa.MetaData(),
    sa.Column("term_id", sa.Integer, primary_key=True),
    sa.Column("more", sa.Integer, nullable=False),
    prefixes=["TEMPORARY"],
)
_RARITY = sa.Table(
    "rarity_now",
    sa.MetaData(),
    sa.Column("entries", sa.Integer, primary_key=True),
    sa.Column("rarity", sa.Integer, nullable=False),
    prefixes=["TEMPORARY"],
)

# Entries with the weight that each gives to a phrase.
_Weighed = list[tuple[int, int]]


class Postings:
    """The postings while they are changed; those of new entries wait by phrase.

    Phrases repeat from entry to entry, so their words are looked up once for all of them.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._terms = _Terms(connection)
        self._more = Counter[int]()
        self._later = ExitStack()
        self._is_sized = False
        self.are_changed = False
        self._plain: defaultdict[str, _Weighed] = defaultdict(list)
        self._named: defaultdict[str, _Weighed] = defaultdict(list)
        self._waiting = 0

    def add(self, entry: Entry) -> None:
        """Lets an entry be found."""
        self.are_changed = True
        number = entry_id(entry.type_name, entry.record_id)
        usual, high = _weights(entry)
        for phrase in entry.more:
            self._plain[phrase].append((number, usual))
        for phrase in entry.named:
            self._named[phrase].append((number, high))
        self._waiting += len(entry.more) + len(entry.named)

    def remove(self, entries: Iterable[Values]) -> None:
        """Takes out the postings of entries, told by id and words; their words lead to them."""
        self.are_changed = True
        terms_of = {number: _terms_of_phrase(words) for number, words in entries}
        known = self._terms.known(chain.from_iterable(terms_of.values()))
        pairs = [
            {"of_term": known[term], "of_entry": number}
            for number, own in terms_of.items()
            for term in own
            if term in known
        ]
        if not pairs:
            return
        posting = _POSTING.c
        gone = sa.delete(_POSTING).where(
            posting.term_id == sa.bindparam("of_term"), posting.entry_id == sa.bindparam("of_entry")
        )
        self._connection.execute(gone, pairs)
        self._more.subtract(pair["of_term"] for pair in pairs)

    def write_many(self, times: float) -> None:
        """Writes what waits if it is much; at the end there will be some so many times as much."""
        if self._waiting >= _PHRASES_HELD:
            self._write(times)

    def close(self) -> None:
        """Writes what waits, and how rare each term is now."""
        if self.are_changed:
            self._write(1)
            self._later.close()
            self._weigh()
            for table in (_TERM, _POSTING):
                finish(self._connection, table)

    def _write(self, times: float) -> None:
        numbers, new = self._terms.numbered(of_term := self._by_term())
        of_number = {numbers[term]: own for term, own in of_term.items()}
        if not self._is_sized:
            self._is_sized = True
            size = times * sum(len(own) for lists in of_number.values() for own in lists)
            later = indexed_later(self._connection, _POSTING, round(size))
            self._later.enter_context(later)
        used = Counter[int]()
        for rows in batches(_postings(of_number, used), _BATCH_POSTINGS):
            insert(self._connection, _POSTING, rows)
        added = [(numbers[term], term, 1, used.pop(numbers[term])) for term in new]
        insert(self._connection, _TERM, added)
        self._more.update(used)

    def _by_term(self) -> dict[str, list[_Weighed]]:
        """Takes what waits, by term."""
        found: defaultdict[str, list[_Weighed]] = defaultdict(list)
        # A word of the name counts as such, wherever else it stands.
        for phrases in (self._plain, self._named):
            for phrase, own in phrases.items():
                for term in _terms_of_phrase(phrase):
                    found[term].append(own)
            phrases.clear()
        self._waiting = 0
        return found

    def _weigh(self) -> None:
        """How many entries have each term, so how rare it is; terms that none has any more go."""
        connection, term = self._connection, _TERM.c
        _fill(connection, _MORE, [(number, more) for number, more in self._more.items() if more])
        more = sa.update(_TERM).where(term.id == _MORE.c.term_id)
        connection.execute(more.values(entries=term.entries + _MORE.c.more))
        connection.execute(sa.delete(_TERM).where(term.entries == 0))
        total = connection.scalar(sa.select(sa.func.count()).select_from(_ENTRY)) or 0
        used = connection.scalars(sa.select(term.entries).distinct()).all()
        _fill(connection, _RARITY, [(number, rarity(total, number)) for number in used])
        now = sa.update(_TERM).where(term.entries == _RARITY.c.entries)
        now = now.where(term.rarity != _RARITY.c.rarity)
        connection.execute(now.values(rarity=_RARITY.c.rarity))


def _postings(of_term: dict[int, list[_Weighed]], used: Counter[int]) -> Iterator[Values]:
    """The rows in the order of their key; how many there are of each term is `used`.

    All of it is done by what is written in C, for there are half a million in a flush.
    """

    def of(term_id: int) -> Iterator[Values]:
        found = dict(chain.from_iterable(of_term[term_id]))
        used[term_id] = len(found)
        ids = sorted(found)
        return zip(repeat(term_id), ids, map(found.__getitem__, ids), strict=False)

    return chain.from_iterable(map(of, sorted(of_term)))


def _fill(connection: sa.Connection, table: sa.Table, rows: Sequence[Values]) -> None:
    table.drop(connection, checkfirst=True)
    table.create(connection)
    insert(connection, table, rows)


class _Terms:
    """The numbers of terms, those that were asked for; a new one gets the next."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._numbers: dict[str, int] = {}
        self._last = connection.scalar(sa.select(sa.func.max(_TERM.c.id))) or 0
        self._has_any = bool(self._last)

    def known(self, terms: Iterable[str]) -> dict[str, int]:
        """The numbers of all terms that have one, these at least."""
        asked = [term for term in dict.fromkeys(terms) if term not in self._numbers]
        statement = sa.select(_TERM.c.term, _TERM.c.id).where(is_among(_TERM.c.term, KEYS))
        for some in batches(asked if self._has_any else (), _BATCH_TERMS):
            keys = keyed(some, self._connection.dialect.name)
            self._numbers.update(map(tuple, self._connection.execute(statement, keys)))
        return self._numbers

    def numbered(self, terms: Collection[str]) -> tuple[dict[str, int], list[str]]:
        """The numbers of all terms, these at least, and which of these are new."""
        known = self.known(terms)
        new = [term for term in terms if term not in known]
        self._numbers.update(zip(new, count(self._last + 1), strict=False))
        self._last += len(new)
        return self._numbers, new


def weights(entry: Entry) -> dict[str, int]:
    """The terms that find an entry, and how well; words of its name weigh more."""
    usual, high = _weights(entry)
    found = {term: usual for phrase in entry.more for term in _terms_of_phrase(phrase)}
    found.update({term: high for phrase in entry.named for term in _terms_of_phrase(phrase)})
    return found


def _weights(entry: Entry) -> tuple[int, int]:
    """What a word of an entry weighs, and what a word of its name does."""
    step = _step(entry)
    named = len(frozenset().union(*map(_telling, entry.named)))
    high = _NAME_WEIGHT + _NAME_WEIGHT_SHARED // max(named, 1)
    return _WEIGHT * WEIGHT_STEPS + step, high * WEIGHT_STEPS + step


def _step(entry: Entry) -> int:
    """What raises the larger collectivity and the later record among equals."""
    if entry.type_name == "Collectivity":
        return min(round(_STEPS_A_DOUBLING * log2(entry.prominence + 1)), WEIGHT_STEPS - 1)
    return min(max(entry.prominence - _FIRST_YEAR, 0), WEIGHT_STEPS - 1)


def rarity(entry_count: int, used: int) -> int:
    """How rare a term is that so many of all entries have."""
    return max(1, round(100 * log(1 + entry_count / used)))


@lru_cache(16_384)
def _telling(phrase: str) -> frozenset[str]:
    """The words of a phrase that say something."""
    return frozenset(phrase.split()) - STOP_WORDS


def _terms_of_phrase(phrase: str) -> dict[str, None]:
    """What a phrase is found by: its words and their stems, each once."""
    return dict.fromkeys(chain.from_iterable(map(_terms_of, phrase.split())))


@lru_cache(65_536)
def _terms_of(word: str) -> tuple[str, ...]:
    """What a word is found by: itself and its stem; nothing for a stop word."""
    if word in STOP_WORDS:
        return ()
    return (word,) if word.isdigit() else tuple(dict.fromkeys((word, stem(word))))
