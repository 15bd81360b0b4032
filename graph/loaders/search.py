"""Hits of a search, best first; what is shown of them is read for the rows of a page alone."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from graph.domain.text import SearchQuery, stem
from graph.loaders.batch import ascending, load_rows
from graph.storage.keys import KEYS, bind_keys, is_among
from graph.storage.order import OrderKey
from graph.storage.read import Reader, Row
from graph.storage.search import AFTER_ALL, HIT, Hits
from graph.storage.selection import ROOT_KEY, Relation, Selection, Window
from graph.storage.statements import Columns, Statement, compiled
from graph.storage.tables import SearchEntry, SearchTerm, columns_of

_entry, _term = columns_of(SearchEntry), columns_of(SearchTerm)
_ranked = Relation("ranked_hits", "SearchHit", HIT, ascending(HIT.c.entry_id))
_SHOWN = ("uid", "label", "text")
# So many of the best of each word are looked at first, and then, before all are. More than a
# page has rows, so that the best of a single word are enough.
_LOOKS = (200, 1_000)
# Where so few have the rarest word, all of them are read and asked for the others.
_FEW = 1_500
# To look for another word in what has the rarest takes as long as to make a set of so many times
# as many that have the other.
_ONE_LOOK = 7
# To look at the best of each word again takes as long as to make sets of so many entries.
_SECOND_LOOK = 50_000
# The number of entries of a word that is in none.
_NO_TERM = -1

HIT_ORDER = (OrderKey(HIT.c.score, is_descending=True), OrderKey(HIT.c.entry_id))


def _load(
    reader: Reader, selection: Selection, _keys: Collection[Any], columns: Columns
) -> list[Row]:
    """The hits of a page, by three statements: to join before sorting would read all.

    The first one tells how many have each word, so that the rarest comes first. Where that is
    common as well, a first page is looked for among the best of each word; if others could come
    before these, by a fourth statement among more of them, and by a fifth among all.
    """
    assert isinstance(selection.source, Hits)  # noqa: S101  # the only source of hits
    source = selection.source
    sizes = _sizes(reader, source.query)
    if sizes and min(sizes.values()) == _NO_TERM:
        return []
    found: list[Row] = []
    for way in _ways(source, sizes, selection.window, reader.dialect):
        ranked = replace(selection, relation=_ranked, source=way)
        found = load_rows(reader, ranked, {ROOT_KEY}, (HIT.c.entry_id, HIT.c.score))
        if selection.window is None or len(found) > selection.window.size:
            break
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


def _sizes(reader: Reader, query: SearchQuery) -> dict[str, int]:
    """How many entries have each word, by the most frequent of what it means, or `_NO_TERM`."""
    forms = {word: {word, stem(word)} for word in query.wanted}
    if not forms:
        return {}
    values = {
        KEYS: bind_keys({form for own in forms.values() for form in own}, reader.dialect),
        "begin": query.prefix or "",
        "end": query.prefix + AFTER_ALL if query.prefix else "",
    }
    numbers: dict[str | None, Any] = dict(reader.rows(_frequencies(reader.dialect), values))
    begun = numbers.pop(None)  # null where no term begins so
    return {
        word: max(
            *(numbers.get(form, _NO_TERM) for form in own),
            _NO_TERM if begun is None or word != query.prefix else begun,
        )
        for word, own in forms.items()
    }


def _ways(
    source: Hits, sizes: dict[str, int], window: Window | None, dialect: str
) -> Iterator[Hits]:
    """Ways to the hits of a page, to be taken until it is full or they end."""
    if not sizes:
        yield source
        return
    rarest, *others = sorted(sizes, key=lambda word: sizes[word])
    is_common = sizes[rarest] > _FEW
    is_even = all(sizes[word] < _ONE_LOOK * sizes[rarest] for word in others)
    # PostgreSQL takes the words for rare, and would compare each of a set with each of another.
    by_sets = is_common and is_even and bool(others) and dialect == "sqlite"
    every = replace(source, rarest=rarest, by_sets=by_sets)
    if is_common and window is not None and window == Window(window.size):
        for number in _LOOKS[: 1 + (sum(sizes.values()) > _SECOND_LOOK)]:
            yield replace(every, best_of=number)
        query = source.query
        if not others and not (query.prefix or query.phrases or query.excluded_phrases):
            return
    yield every


@lru_cache(maxsize=2)
def _frequencies(dialect: str) -> Statement:
    """The number of entries of each term; beside a null, those of all that begin so, added up."""
    forms = sa.select(_term.term, _term.entries).where(is_among(_term.term, KEYS))
    begun = sa.select(sa.cast(sa.null(), sa.String), sa.func.sum(_term.entries)).where(
        _term.term >= sa.bindparam("begin", type_=sa.String),
        _term.term < sa.bindparam("end", type_=sa.String),
    )
    return compiled(sa.select(sa.union_all(forms, begun).subquery()), dialect)


@lru_cache(maxsize=2)
def _entries(dialect: str) -> Statement:
    query = sa.select(_entry.id, *(_entry[name] for name in _SHOWN))
    return compiled(query.where(is_among(_entry.id, KEYS)), dialect)


hits = Relation("hits", "SearchHit", HIT, ascending(HIT.c.entry_id), load=_load)
