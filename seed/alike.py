"""The words that initiatives are alike by, made whole whenever one of them changes."""

import re
from collections import Counter
from functools import lru_cache
from math import log

import sqlalchemy as sa

from graph.domain.text import STOP_WORDS, fold, stem
from graph.storage import tables
from seed.write import Contents

_WORD = re.compile(r"[^\W\d_]+")
# Shorter words are of grammar, or parts of an elision.
_MIN_LETTERS = 3
# Words that say nothing of what an initiative is, though a search may look for them.
_GRAMMAR = (
    "ainsi ans avoir cela comme dont ete etre est etait fait font ont pas plus sans sont sera "
    "tous tout toute toutes tres"
)
_EMPTY_WORDS = STOP_WORDS.union(_GRAMMAR.split())


def build(connection: sa.Connection) -> Contents:
    """All words of titles and summaries, by initiative and stem."""
    initiative = tables.columns_of(tables.Initiative)
    rows = connection.execute(sa.select(initiative.id, initiative.title, initiative.summary))
    words = {number: _words(f"{title} {summary or ''}") for number, title, summary in rows}
    used = Counter(stem for own in words.values() for stem in own)
    table = tables.table_of(tables.InitiativeWord)
    return {
        table: [
            (initiative, root, shown, round(10 * log(len(words) / used[root])))
            for initiative, own in sorted(words.items())
            for root, shown in sorted(own.items())
        ]
    }


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
