"""Hits of a search, best first; what is shown of them is read for the rows of a page alone."""

import sys
from dataclasses import replace
from functools import lru_cache

import sqlalchemy as sa

from graph.domain.text import stem
from graph.loaders.batch import ascending, load_rows
from graph.storage.keys import KEYS, bind_keys, is_among
from graph.storage.order import OrderKey
from graph.storage.read import Reader, Row
from graph.storage.search import HIT, Hits
from graph.storage.selection import ROOT_KEY, Relation, Selection
from graph.storage.statements import Columns, Statement, compiled
from graph.storage.tables import SearchEntry, SearchTerm, columns_of

_entry, _term = columns_of(SearchEntry), columns_of(SearchTerm)
_ranked = Relation("ranked_hits", "SearchHit", HIT, ascending(HIT.c.entry_id))
_SHOWN = ("uid", "label", "text")

HIT_ORDER = (OrderKey(HIT.c.score, is_descending=True), OrderKey(HIT.c.entry_id))


def _load(reader: Reader, selection: Selection, columns: Columns) -> list[Row]:
    """The hits of a page, by two statements: to join before sorting would read all of them.

    A third one ahead of them, where there are several words, finds the rarest to begin with.
    """
    assert isinstance(selection.source, Hits)  # noqa: S101  # the only source of hits
    source = replace(selection.source, rarest=_rarest(reader, selection.source))
    ranked = replace(selection, relation=_ranked, source=source)
    found = load_rows(reader, ranked, {ROOT_KEY}, (HIT.c.entry_id, HIT.c.score))
    if not found:
        return []
    keys = {KEYS: bind_keys([row[1] for row in found], reader.dialect)}
    shown = {row[0]: row[1:] for row in reader.rows(_entries(reader.dialect), keys)}
    text = source.text
    rows = []
    for _, entry_id, score, *position in found:
        values = dict(zip(_SHOWN, shown[entry_id], strict=True))
        values |= {"entry_id": entry_id, "score": score, "query": text}
        rows.append((ROOT_KEY, *(values[str(column.key)] for column in columns), *position))
    return rows


def _rarest(reader: Reader, source: Hits) -> str | None:
    words = source.query.wanted
    if len(words) < 2:  # noqa: PLR2004  # one is the rarest
        return None
    forms = {word: (word, stem(word)) for word in words}
    keys = bind_keys({form for each in forms.values() for form in each}, reader.dialect)
    rarities: dict[str, int] = dict(reader.rows(_rarities(reader.dialect), {KEYS: keys}))
    # A word that is in no record has the rarity of none, and ends the search at once.
    worth = {
        word: min(rarities[form] for form in each if form in rarities)
        if any(form in rarities for form in each)
        else sys.maxsize
        for word, each in forms.items()
    }
    return max(worth, key=lambda word: worth[word])


@lru_cache(maxsize=2)
def _rarities(dialect: str) -> Statement:
    query = sa.select(_term.term, _term.rarity).where(is_among(_term.term, KEYS))
    return compiled(query, dialect)


@lru_cache(maxsize=2)
def _entries(dialect: str) -> Statement:
    query = sa.select(_entry.id, *(_entry[name] for name in _SHOWN))
    return compiled(query.where(is_among(_entry.id, KEYS)), dialect)


hits = Relation("hits", "SearchHit", HIT, ascending(HIT.c.entry_id), load=_load)
