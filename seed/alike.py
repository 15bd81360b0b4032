"""The words that initiatives are alike by, made whole whenever one of them changes."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from math import log

import sqlalchemy as sa

from graph.domain.text import STOP_WORDS, fold, stem
from graph.storage import tables
from seed.progress import Progress
from seed.write import Values, batches, finish, insert

_WORD = re.compile(r"[^\W\d_]+")
# Shorter words are of grammar, or parts of an elision.
_MIN_LETTERS = 3
_BATCH = 1_000
# Words that say nothing of what an initiative is, though a search may look for them.
_GRAMMAR = (
    "ainsi ans avoir cela comme dont ete etre est etait fait font ont pas plus sans sont sera "
    "tous tout toute toutes tres"
)
_EMPTY_WORDS = STOP_WORDS.union(_GRAMMAR.split())


TABLE = tables.table_of(tables.InitiativeWord)


def replace(connection: sa.Connection, tell: Progress) -> None:
    """Makes these all the rows of the table, a few initiatives at a time."""
    connection.execute(sa.delete(TABLE))
    done = 0
    for batch in batches(rows(connection)):
        # How many there will be is known at the end.
        tell(f"write {TABLE.name}", done, done + len(batch) + 1)
        insert(connection, TABLE, batch)
        done += len(batch)
    tell(f"write {TABLE.name}", done, done)
    finish(connection, TABLE)


def rows(connection: sa.Connection) -> Iterator[Values]:
    """All words of titles and summaries, by initiative and stem.

    The texts are read twice, as how rare a word is has to be known before the first row.
    """
    number, used = 0, Counter[str]()
    for _, own in _initiatives(connection):
        number += 1
        used.update(own.keys())
    for initiative, own in _initiatives(connection):
        for root, shown in sorted(own.items()):
            yield initiative, root, shown, round(10 * log(number / used[root]))


def _initiatives(connection: sa.Connection) -> Iterator[tuple[int, dict[str, str]]]:
    initiative = tables.columns_of(tables.Initiative)
    texts = sa.select(initiative.id, initiative.title, initiative.summary)
    after = 0
    while True:
        page = texts.where(initiative.id > after).order_by(initiative.id).limit(_BATCH)
        found = connection.execute(page).all()
        for after, title, summary in found:
            yield after, _words(f"{title} {summary or ''}")
        if len(found) < _BATCH:
            return


def _words(text: str) -> dict[str, str]:
    """The words of a text as they stand there, in lower case, by their stems."""
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        root = _root(word)
        if root:
            found.setdefault(root, word.lower())
    return found


@lru_cache(16_384)
def _root(word: str) -> str:
    """The stem of a word; empty if it says nothing."""
    folded = fold(word)
    return stem(folded) if len(folded) >= _MIN_LETTERS and folded not in _EMPTY_WORDS else ""
