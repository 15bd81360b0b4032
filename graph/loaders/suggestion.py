"""Collectivities for what is typed into a form field, the likeliest first."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from graph.domain.codes import Kind
from graph.domain.suggest import (
    SUGGESTIONS_MAX,
    SuggestQuery,
    corrections,
    has_tail,
    label_of,
    meant,
    squeeze,
)
from graph.domain.text import fold
from graph.loaders.batch import ascending
from graph.storage.criteria import Shape
from graph.storage.keys import KEYS, bind_keys
from graph.storage.read import Reader, Row
from graph.storage.selection import ROOT_KEY, Relation, Selection
from graph.storage.statements import LIMIT, Columns
from graph.storage.suggestion import KINDS, find_all, find_best, name_collectivities


class Suggestion(NamedTuple):
    """A collectivity and how it is shown among others."""

    collectivity_id: int
    kind: Kind
    code: str
    label: str


def load_suggestions(reader: Reader, query: SuggestQuery) -> list[Suggestion]:
    """At most `first` suggestions, each once. Two statements, three to look for typos.

    Whole names and codes come first, larger collectivities before smaller ones, what is found
    by a correction after what is not, and OTHER last.
    """
    size = SUGGESTIONS_MAX if query.label else query.first
    ids = _best(reader, query, query.prefixes, size)
    if len(ids) < query.first:
        ids = list(dict.fromkeys(ids + _corrected(reader, query)))
    named = _name(reader, ids[:size])
    if query.label:
        named.sort(key=lambda each: _unlikeness(each.label, query.label))
    return named[: query.first]


def _unlikeness(label: str, chosen: str) -> tuple[bool, bool]:
    shown = squeeze(fold(label))
    return shown != chosen, not shown.startswith(chosen)


def _corrected(reader: Reader, query: SuggestQuery) -> list[int]:
    beginnings = corrections(query)
    if not beginnings:
        return []
    if not has_tail(query):
        return _best(reader, query, beginnings, query.first)
    rows = reader.rows(find_all(reader.dialect), _bound(reader, query, beginnings))
    keys = meant([key for _, _, key in rows], query)
    found = sorted((rank, identity) for identity, rank, key in rows if key in keys)
    return [identity for _, identity in found]


def _best(reader: Reader, query: SuggestQuery, beginnings: Collection[str], size: int) -> list[int]:
    bound = _bound(reader, query, beginnings)
    return [row[0] for row in reader.rows(find_best(reader.dialect), {**bound, LIMIT: size})]


def _bound(reader: Reader, query: SuggestQuery, beginnings: Collection[str]) -> dict[str, Any]:
    return {
        KEYS: bind_keys(beginnings, reader.dialect),
        KINDS: bind_keys(query.kinds, reader.dialect),
    }


def _name(reader: Reader, ids: list[int]) -> list[Suggestion]:
    if not ids:
        return []
    bound = {KEYS: bind_keys(ids, reader.dialect)}
    rows = {row[0]: row[1:] for row in reader.rows(name_collectivities(reader.dialect), bound)}
    return [
        Suggestion(identity, Kind(kind), code, label_of(kind, code, name, departement))
        for identity in ids
        for kind, code, name, departement in [rows[identity]]
    ]


SUGGESTION = sa.table(
    "suggestion",
    sa.column("collectivity_id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("code", sa.String),
    sa.column("label", sa.String),
)


@dataclass(frozen=True, slots=True)
class Suggested:
    """The source of `SUGGESTION`, which is read in its own way."""

    query: SuggestQuery

    def shape_of(self, _values: list[Any]) -> Shape:
        """No shape: what is asked is in no statement that could be composed."""
        return ()


def _load(
    reader: Reader, selection: Selection, _keys: Collection[Any], columns: Columns
) -> list[Row]:
    assert isinstance(selection.source, Suggested)  # noqa: S101  # its only source
    found = load_suggestions(reader, selection.source.query)
    return [(ROOT_KEY, *(getattr(each, str(column.key)) for column in columns)) for each in found]


suggestions = Relation(
    "suggestions", "Suggestion", SUGGESTION, ascending(SUGGESTION.c.collectivity_id), load=_load
)
