"""The search tables from the rows of a load: what a record is found by, and how well.

Everything is derived here, so that both engines hold the same words with the same weights.
"""

from collections import defaultdict
from math import log, log2

from graph.domain.text import STOP_WORDS, stem, words
from graph.storage import tables
from graph.storage.search import WEIGHT_STEPS, entry_id
from seed.entries import Entry, Rows, entries
from seed.progress import Progress
from seed.reconcile import Contents, Values

# A word of a name counts two to six times as much as another: the fewer words, the more.
_WEIGHT = 50
_NAME_WEIGHT = 100
_NAME_WEIGHT_SHARED = 200
# 67 million inhabitants are the last step but one; the first prize is of 1986.
_STEPS_A_DOUBLING = 2.4
_FIRST_YEAR = 1980


def build(rows: Rows, tell: Progress) -> Contents:
    """All that the search tables should hold; the same records give the same rows."""
    tell("index", 0, 1)
    found = sorted(entries(rows))
    terms = _Terms()
    entry_rows: list[Values] = []
    for entry in found:
        number = entry_id(entry.type_name, entry.record_id)
        own = words(entry.text)
        entry_rows.append(_values(number, entry, own))
        terms.add(number, own, entry)
    term_rows, posting_rows = terms.rows(len(found))
    tell("index", 1, 1)
    return {
        tables.table_of(tables.SearchEntry): entry_rows,
        tables.table_of(tables.SearchTerm): term_rows,
        tables.table_of(tables.SearchPosting): posting_rows,
    }


def _values(number: int, entry: Entry, own: list[str]) -> Values:
    return (
        number,
        entry.uid,
        entry.type_name,
        entry.record_id,
        entry.prominence,
        entry.label,
        entry.text,
        f" {' '.join(own)} ",
    )


class _Terms:
    """The terms of the entries so far, each with its entries and the weight in them."""

    def __init__(self) -> None:
        self._found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        self._terms_of = _TermsOf()

    def add(self, number: int, own: list[str], entry: Entry) -> None:
        """Adds an entry with its words; those of its name weigh more."""
        terms_of, found = self._terms_of, self._found
        named = set(words(entry.name)) - STOP_WORDS
        step = _step(entry)
        usual = (number, _WEIGHT * WEIGHT_STEPS + step)
        name_weight = _NAME_WEIGHT + _NAME_WEIGHT_SHARED // max(len(named), 1)
        high = (number, name_weight * WEIGHT_STEPS + step)
        pairs = {term: usual for word in own for term in terms_of[word]}
        pairs.update({term: high for word in named for term in terms_of[word]})
        for term, pair in pairs.items():
            found[term].append(pair)

    def rows(self, entries: int) -> tuple[list[Values], list[Values]]:
        """The terms among so many entries, by their letters, and the postings in this order."""
        terms: list[Values] = []
        postings: list[Values] = []
        for number, term in enumerate(sorted(self._found), 1):
            found = self._found[term]
            rarity = round(100 * log(1 + entries / len(found)))
            terms.append((number, term, max(1, rarity)))
            postings += [(number, entry, weight) for entry, weight in found]
        return terms, postings


def _step(entry: Entry) -> int:
    """What raises the larger collectivity and the later record among equals."""
    if entry.type_name == "Collectivity":
        return min(round(_STEPS_A_DOUBLING * log2(entry.prominence + 1)), WEIGHT_STEPS - 1)
    return min(max(entry.prominence - _FIRST_YEAR, 0), WEIGHT_STEPS - 1)


class _TermsOf(dict[str, tuple[str, ...]]):
    """What a word is found by: itself and its stem; nothing for a stop word."""

    def __missing__(self, word: str) -> tuple[str, ...]:
        if word in STOP_WORDS:
            terms: tuple[str, ...] = ()
        else:
            terms = (word,) if word.isdigit() else tuple({word, stem(word)})
        self[word] = terms
        return terms
