"""Hits of a search, best first; what is shown of them is read for the rows of a page alone."""

from dataclasses import replace
from functools import lru_cache

import sqlalchemy as sa

from graph.loaders.batch import ascending, load_rows
from graph.storage.keys import KEYS, bind_keys, is_among
from graph.storage.order import OrderKey
from graph.storage.read import Reader, Row
from graph.storage.search import HIT, Hits
from graph.storage.selection import ROOT_KEY, Relation, Selection
from graph.storage.statements import Columns, Statement, compiled
from graph.storage.tables import SearchEntry, columns_of

_entry = columns_of(SearchEntry)
_ranked = Relation("ranked_hits", "SearchHit", HIT, ascending(HIT.c.entry_id))
_SHOWN = ("uid", "label", "text")

HIT_ORDER = (OrderKey(HIT.c.score, is_descending=True), OrderKey(HIT.c.entry_id))


def _load(reader: Reader, selection: Selection, columns: Columns) -> list[Row]:
    """The hits of a page, by two statements: to join before sorting would read all of them."""
    ranked = replace(selection, relation=_ranked)
    found = load_rows(reader, ranked, {ROOT_KEY}, (HIT.c.entry_id, HIT.c.score))
    if not found:
        return []
    keys = {KEYS: bind_keys([row[1] for row in found], reader.dialect)}
    shown = {row[0]: row[1:] for row in reader.rows(_entries(reader.dialect), keys)}
    assert isinstance(selection.source, Hits)  # noqa: S101  # the only source of hits
    text = selection.source.text
    rows = []
    for _, entry_id, score, *position in found:
        values = dict(zip(_SHOWN, shown[entry_id], strict=True))
        values |= {"entry_id": entry_id, "score": score, "query": text}
        rows.append((ROOT_KEY, *(values[str(column.key)] for column in columns), *position))
    return rows


@lru_cache(maxsize=2)
def _entries(dialect: str) -> Statement:
    query = sa.select(_entry.id, *(_entry[name] for name in _SHOWN))
    return compiled(query.where(is_among(_entry.id, KEYS)), dialect)


hits = Relation("hits", "SearchHit", HIT, ascending(HIT.c.entry_id), load=_load)
