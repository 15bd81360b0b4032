"""Which records a search finds, and how well: the index of words, read in one query.

A record is found when it has every word, as written or by its stem, the last one also as a
beginning; when its text holds every phrase; and when it has nothing that is excluded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from graph.domain.text import SearchQuery, stem
from graph.storage.keys import is_among
from graph.storage.tables import SearchEntry, SearchPosting, SearchTerm, columns_of, table_of

_entry, _term, _posting = (columns_of(each) for each in (SearchEntry, SearchTerm, SearchPosting))

# Above every letter that a folded word can have.
_AFTER_ALL = "\U0010ffff"
# A word as it was written counts more than another one of the same stem.
_EXACT = 2

Shape = tuple[Any, ...]


def shape_of(query: SearchQuery, values: list[Any]) -> Shape:
    """The shape of a search; its values are added to `values`."""
    wanted = query.wanted
    for word in wanted:
        values.extend((word, stem(word)))
    if query.prefix:
        values.extend((query.prefix, query.prefix + _AFTER_ALL))
    values.extend(like(phrase) for phrase in (*query.phrases, *query.excluded_phrases))
    values.extend(stem(word) for word in query.excluded_words)
    counts = (len(query.phrases), len(query.excluded_phrases), len(query.excluded_words))
    prefix_at = wanted.index(query.prefix) if query.prefix else None
    return (len(wanted), prefix_at, *counts)


def like(folded: str) -> str:
    """The pattern of texts that hold whole folded words."""
    return f"% {escaped(folded)} %"


def escaped(text: str) -> str:
    """A text as a part of a LIKE pattern, with a backslash for escape."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def hits(type_name: str, shape: Shape, numbers: Iterator[int]) -> sa.Subquery:
    """`record_id` and `score` of what is found of the type that a parameter names."""
    query = _found(shape, numbers, _entry.record_id)
    is_of_type = _entry.type_name == sa.bindparam(type_name, type_=sa.String)
    return query.where(is_of_type).subquery("hits")


def _found(shape: Shape, numbers: Iterator[int], *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    words, prefix_at, phrases, excluded_phrases, excluded_words = shape
    candidates = _candidates(words, prefix_at, numbers)
    query = sa.select(*columns, candidates.c.score).join_from(
        candidates, table_of(SearchEntry), _entry.id == candidates.c.entry_id
    )
    for _ in range(phrases):
        query = query.where(_holds_phrase(next(numbers)))
    for _ in range(excluded_phrases):
        query = query.where(sa.not_(_holds_phrase(next(numbers))))
    for _ in range(excluded_words):
        term = _term.term == _text(next(numbers))
        having = sa.select(_posting.entry_id).join(
            table_of(SearchTerm), _term.id == _posting.term_id
        )
        query = query.where(_entry.id.not_in(having.where(term)))
    return query


def _candidates(words: int, prefix_at: int | None, numbers: Iterator[int]) -> sa.Subquery:
    """Entries that have every word, with their points for each summed."""
    if not words:  # phrases of stop words alone, which no index holds
        query = sa.select(_entry.id.label("entry_id"), sa.literal_column("0").label("score"))
        return query.subquery("candidate")
    found = [(_text(next(numbers)), _text(next(numbers))) for _ in range(words)]
    spans: list[sa.ColumnElement[bool]] = [sa.false()] * words
    if prefix_at is not None:
        start, end = _text(next(numbers)), _text(next(numbers))
        spans[prefix_at] = sa.and_(_term.term >= start, _term.term < end)
    parts = [
        _points(word, sa.or_(_term.term == word, _term.term == stemmed, span))
        for (word, stemmed), span in zip(found, spans, strict=True)
    ]
    if words == 1:
        return parts[0].subquery("candidate")
    each = sa.union_all(*parts).subquery("word")
    query = sa.select(
        each.c.entry_id, sa.cast(sa.func.sum(each.c.score), sa.Integer).label("score")
    )
    return query.group_by(each.c.entry_id).having(sa.func.count() == words).subquery("candidate")


def _points(word: sa.ColumnElement[str], is_meant: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The best of a word's points for each entry that has it."""
    exactness = sa.case(
        (_term.term == word, sa.literal_column(str(_EXACT))), else_=sa.literal_column("1")
    )
    points = sa.func.max(_posting.weight * _term.rarity * exactness)
    query = sa.select(_posting.entry_id, points.label("score"))
    query = query.join_from(
        table_of(SearchTerm), table_of(SearchPosting), _posting.term_id == _term.id
    )
    return query.where(is_meant).group_by(_posting.entry_id)


def _holds_phrase(number: int) -> sa.ColumnElement[bool]:
    is_held: sa.ColumnElement[bool] = _entry.words.like(_text(number), escape="\\")
    return is_held


def _text(number: int) -> sa.BindParameter[str]:
    return sa.bindparam(f"v{number}", type_=sa.String)


HIT = sa.table(
    "hit",
    sa.column("uid", sa.String),
    sa.column("type_name", sa.String),
    sa.column("score", sa.Integer),
    sa.column("prominence", sa.Integer),
    sa.column("label", sa.String),
    sa.column("text", sa.String),
    sa.column("query", sa.String),
)


@dataclass(frozen=True, slots=True)
class Hits:
    """The source of `HIT`: what a search finds among records of some types."""

    query: SearchQuery
    text: str
    types: tuple[str, ...]

    def shape_of(self, values: list[Any]) -> Shape:
        """The shape of the source; its values are added to `values`."""
        values.extend((self.types, self.text))
        return (_hit, shape_of(self.query, values))


def _hit(shape: Shape, numbers: Iterator[int], _needed: set[str], _dialect: str) -> list[sa.CTE]:
    is_of_types = is_among(_entry.type_name, f"v{next(numbers)}")
    asked = _text(next(numbers)).label("query")
    columns = (_entry.uid, _entry.type_name, _entry.prominence, _entry.label, _entry.text, asked)
    return [_found(shape[0], numbers, *columns).where(is_of_types).cte("hit")]
