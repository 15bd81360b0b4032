"""Which records a search finds, and how well: the index of words, read in one query.

A record is found when it has every word, as written or by its stem, the last one also as a
beginning; when its text holds every phrase; and when it has nothing that is excluded.
"""

from collections.abc import Callable, Iterator
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

# The id of an entry holds its type and the id of its record, so that neither is looked up.
_TYPES = ("Category", "Collectivity", "Initiative", "Award")
_BLOCK = 100_000_000
# Parts of a point: what is worth as many points is told apart by how large or how late it is.
WEIGHT_STEPS = 64
# A word that only begins as asked is worth as much as one that every third record has, however
# rare it is: else "saint" would find Saintigny before all Saints. Beside other words it counts
# as in a text, whatever its place.
_BEGINNING_RARITY = 100
_BEGINNING_POINTS = 50 * WEIGHT_STEPS * _BEGINNING_RARITY

Shape = tuple[Any, ...]


def entry_id(type_name: str, record_id: int) -> int:
    """The id of the entry of a record."""
    return _TYPES.index(type_name) * _BLOCK + record_id


def shape_of(query: SearchQuery, values: list[Any], rarest: str | None = None) -> Shape:
    """The shape of a search; its values are added to `values`."""
    # The first word is looked up, and what has it is asked for the others. Where nobody knows
    # the rarest, it is the longest as a rule; a beginning has most words.
    wanted = sorted(
        query.wanted, key=lambda word: (word == query.prefix, word != rarest, -len(word))
    )
    for word in wanted:
        values.extend((word, stem(word)))
    if query.prefix:
        values.extend((query.prefix, query.prefix + _AFTER_ALL, f"% {escaped(query.prefix)}%"))
    values.extend(like(phrase) for phrase in (*query.phrases, *query.excluded_phrases))
    values.extend(stem(word) for word in query.excluded_words)
    counts = (len(query.phrases), len(query.excluded_phrases), len(query.excluded_words))
    return (len(wanted), query.prefix is not None, *counts)


def like(folded: str) -> str:
    """The pattern of texts that hold whole folded words."""
    return f"% {escaped(folded)} %"


def escaped(text: str) -> str:
    """A text as a part of a LIKE pattern, with a backslash for escape."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def hits(type_name: str, shape: Shape, numbers: Iterator[int]) -> sa.Subquery:
    """`record_id` and `score` of what is found of a type, of which a parameter holds the block."""
    start: sa.ColumnElement[int] = sa.bindparam(type_name, type_=sa.Integer)
    found = _found(shape, numbers, lambda entry: entry.between(start, start + (_BLOCK - 1)))
    return sa.select((found.c.entry_id - start).label("record_id"), found.c.score).subquery("hits")


def block_of(type_name: str) -> int:
    """The id before those of the entries of a type."""
    return entry_id(type_name, 0)


IsMeant = Callable[[sa.ColumnElement[int]], sa.ColumnElement[bool]]


def _found(shape: Shape, numbers: Iterator[int], is_meant: IsMeant) -> sa.Subquery:
    """`entry_id` and `score` of what has all words and phrases and nothing excluded."""
    words, has_prefix, phrases, excluded_phrases, excluded_words = shape
    found = _candidates(words, has_prefix, numbers, is_meant)
    query = sa.select(found.c.entry_id, found.c.score)
    patterns = [next(numbers) for _ in range(phrases + excluded_phrases)]
    if patterns:
        query = query.join(table_of(SearchEntry), _entry.id == found.c.entry_id)
        query = query.where(*(_holds_phrase(number) for number in patterns[:phrases]))
        query = query.where(*(~_holds_phrase(number) for number in patterns[phrases:]))
    for _ in range(excluded_words):
        having = sa.select(_posting.entry_id).join(
            table_of(SearchTerm), _term.id == _posting.term_id
        )
        query = query.where(
            found.c.entry_id.not_in(having.where(_term.term == _text(next(numbers))))
        )
    return query.subquery("found")


def _candidates(
    words: int,
    has_prefix: bool,  # noqa: FBT001  # of the shape
    numbers: Iterator[int],
    is_meant: IsMeant,
) -> sa.Subquery:
    """Entries that have the first word, with what each other word is worth, null where it lacks."""
    if not words:  # phrases of stop words alone, which no index holds
        query = sa.select(_entry.id.label("entry_id"), sa.literal_column("0").label("score"))
        return query.where(is_meant(_entry.id)).subquery("candidate")
    forms = [(_text(next(numbers)), _text(next(numbers))) for _ in range(words)]
    prefix = [_text(next(numbers)) for _ in range(3)] if has_prefix else None
    is_first = _is_form(*forms[0])
    if prefix and words == 1:
        is_first = sa.or_(is_first, sa.and_(_term.term >= prefix[0], _term.term < prefix[1]))
    first = _points(*forms[0]).add_columns(_posting.entry_id).where(is_first)
    first = first.where(is_meant(_posting.entry_id)).group_by(_posting.entry_id)
    own = first.subquery("first")
    others = [
        _points_of(own.c.entry_id, form, prefix if at == words - 1 else None).label(f"word_{at}")
        for at, form in enumerate(forms[1:], 1)
    ]
    if not others:
        return sa.select(own.c.entry_id, own.c.points.label("score")).subquery("candidate")
    # Materialised, or each look-up would be made again wherever its points are named.
    each = sa.select(own.c.entry_id, own.c.points, *others).cte(f"each_{forms[0][0].key}")
    each = each.prefix_with("MATERIALIZED")
    found = [each.c[f"word_{at}"] for at in range(1, words)]
    total: sa.ColumnElement[int] = each.c.points
    for points in found:
        total = total + points
    return (
        sa.select(each.c.entry_id, total.label("score"))
        .where(*(points.is_not(None) for points in found))
        .subquery("candidate")
    )


def _is_form(word: sa.ColumnElement[str], stemmed: sa.ColumnElement[str]) -> Any:
    return sa.or_(_term.term == word, _term.term == stemmed)


def _points(word: sa.ColumnElement[str], stemmed: sa.ColumnElement[str]) -> sa.Select[Any]:
    """The best of the points that an entry has for a word."""
    worth = sa.case(
        (_term.term == word, _term.rarity * sa.literal_column(str(_EXACT))),
        (_term.term == stemmed, _term.rarity),
        else_=sa.literal_column(str(_BEGINNING_RARITY)),
    )
    points = sa.func.max(_posting.weight * worth)
    query = sa.select(points.label("points"))
    return query.join_from(
        table_of(SearchTerm), table_of(SearchPosting), _posting.term_id == _term.id
    )


def _points_of(
    entry: sa.ColumnElement[int],
    form: tuple[sa.ColumnElement[str], sa.ColumnElement[str]],
    prefix: list[sa.BindParameter[str]] | None,
) -> sa.ColumnElement[int]:
    """The points of one more word; null where the entry does not have it."""
    found = _points(*form).where(_is_form(*form), _posting.entry_id == entry)
    points = found.correlate(entry.table).scalar_subquery()
    if prefix is None:
        return points
    worth: sa.ColumnElement[int] = sa.literal_column(str(_BEGINNING_POINTS))
    begins = sa.select(worth).where(_entry.id == entry, _entry.words.like(prefix[2], escape="\\"))
    beginning = begins.correlate(entry.table).scalar_subquery()
    return sa.func.coalesce(points, beginning)


def _holds_phrase(number: int) -> sa.ColumnElement[bool]:
    is_held: sa.ColumnElement[bool] = _entry.words.like(_text(number), escape="\\")
    return is_held


def _text(number: int) -> sa.BindParameter[str]:
    return sa.bindparam(f"v{number}", type_=sa.String)


HIT = sa.table(
    "hit",
    sa.column("entry_id", sa.Integer),
    sa.column("score", sa.Integer),
    sa.column("uid", sa.String),
    sa.column("label", sa.String),
    sa.column("text", sa.String),
    sa.column("query", sa.String),
)


@dataclass(frozen=True, slots=True)
class Hits:
    """The source of `HIT`: what a search finds among records of some types.

    It makes `entry_id` and `score`; the rest is read for the rows of a page alone.
    """

    query: SearchQuery
    text: str
    types: tuple[str, ...]
    rarest: str | None = None

    def shape_of(self, values: list[Any]) -> Shape:
        """The shape of the source; its values are added to `values`."""
        is_of_all = set(self.types) == set(_TYPES)
        if not is_of_all:
            values.append(tuple(_TYPES.index(name) for name in self.types))
        return (_hit, is_of_all, shape_of(self.query, values, self.rarest))


def _hit(shape: Shape, numbers: Iterator[int], _needed: set[str], _dialect: str) -> list[sa.CTE]:
    is_of_all, query = shape

    def is_meant(entry: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
        return sa.true() if is_of_all else is_among(entry // _BLOCK, name)

    name = "" if is_of_all else f"v{next(numbers)}"
    found = _found(query, numbers, is_meant)
    return [sa.select(found.c.entry_id, found.c.score).cte("hit")]
