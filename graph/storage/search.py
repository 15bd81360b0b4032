"""Which records a search finds, and how well: the index of words, read in one query.

A record is found when it has every word, as written or by its stem, the last one also as a
beginning; when its text holds every phrase; and when it has nothing that is excluded.

A first page is found without reading all that has a common word: its rows are among the best of
a word, unless others could add up to more points, and how many these have at most is known.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from graph.domain.text import SearchQuery, stem
from graph.storage.keys import is_among
from graph.storage.tables import SearchEntry, SearchPosting, SearchTerm, columns_of, table_of

_entry, _term, _posting = (columns_of(each) for each in (SearchEntry, SearchTerm, SearchPosting))

# Above every letter that a folded word can have.
AFTER_ALL = "\U0010ffff"
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
# So many of the best of each word are looked at that begins as asked.
_BEST_BEGUN = 25

Shape = tuple[Any, ...]


def entry_id(type_name: str, record_id: int) -> int:
    """The id of the entry of a record."""
    return _TYPES.index(type_name) * _BLOCK + record_id


def shape_of(query: SearchQuery, values: list[Any], rarest: str | None = None) -> Shape:
    """The shape of a search; its values are added to `values`."""
    # The first word is looked up, and what has it is asked for the others. Where nobody knows
    # the rarest, it is the longest as a rule; a beginning has most words.
    wanted = sorted(
        query.wanted, key=lambda word: (word != rarest, word == query.prefix, -len(word))
    )
    forms = [tuple(dict.fromkeys((word, stem(word)))) for word in wanted]
    for own in forms:
        values.extend(own)
    if query.prefix:
        values.extend((query.prefix, query.prefix + AFTER_ALL))
    values.extend(like(phrase) for phrase in (*query.phrases, *query.excluded_phrases))
    values.extend(stem(word) for word in query.excluded_words)
    counts = (len(query.phrases), len(query.excluded_phrases), len(query.excluded_words))
    prefix_at = wanted.index(query.prefix) if query.prefix else None
    return (tuple(map(len, forms)), prefix_at, *counts)


def like(folded: str) -> str:
    """The pattern of texts that hold whole folded words."""
    return f"% {escaped(folded)} %"


def escaped(text: str) -> str:
    """A text as a part of a LIKE pattern, with a backslash for escape."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def hits(type_name: str, shape: Shape, numbers: Iterator[int]) -> sa.Subquery:
    """`record_id` and `score` of what is found of a type, of which a parameter holds the block."""
    start: sa.ColumnElement[int] = sa.bindparam(type_name, type_=sa.Integer)
    asked = _Asked(shape, numbers, lambda entry: entry.between(start, start + (_BLOCK - 1)))
    found = _every(asked).subquery("found")
    return sa.select((found.c.entry_id - start).label("record_id"), found.c.score).subquery("hits")


def block_of(type_name: str) -> int:
    """The id before those of the entries of a type."""
    return entry_id(type_name, 0)


IsMeant = Callable[[sa.ColumnElement[int]], sa.ColumnElement[bool]]


class _Asked:
    """What a search asks for, with parameters in the order of its values."""

    def __init__(self, shape: Shape, numbers: Iterator[int], is_meant: IsMeant) -> None:
        words, self.prefix_at, phrases, excluded_phrases, excluded_words = shape
        # Each word as it was written, and its stem where that is another one.
        self.forms = [[_text(next(numbers)) for _ in range(forms)] for forms in words]
        if self.prefix_at is not None:
            self._begin, self._end = _text(next(numbers)), _text(next(numbers))
        self.phrases = [_holds_phrase(next(numbers)) for _ in range(phrases)]
        self.phrases += [~_holds_phrase(next(numbers)) for _ in range(excluded_phrases)]
        self._excluded = [_text(next(numbers)) for _ in range(excluded_words)]
        self._is_meant = is_meant

    def begins(self) -> sa.ColumnElement[bool]:
        """Whether a term begins as the word that may be a beginning."""
        return sa.and_(_term.term >= self._begin, _term.term < self._end)

    def is_form(self, at: int) -> sa.ColumnElement[bool]:
        """Whether a term is a word as it was written, or its stem."""
        return sa.or_(*(_term.term == form for form in self.forms[at]))

    def is_meant_by(self, at: int) -> sa.ColumnElement[bool]:
        """Whether a term is what a word means."""
        is_form = self.is_form(at)
        return sa.or_(is_form, self.begins()) if at == self.prefix_at else is_form

    def points(self, at: int) -> sa.ColumnElement[int]:
        """The best of the points that a word is worth, among the terms that it means."""
        if len(self.forms) == 1:
            begun: sa.ColumnElement[int] = sa.literal_column(str(_BEGINNING_RARITY))
            return sa.func.max(_posting.weight * sa.case(*self._worth(at), else_=begun))
        best = sa.func.max(_posting.weight * sa.case(*self._worth(at)))
        return sa.func.coalesce(best, _begun_points()) if at == self.prefix_at else best

    def _worth(self, at: int) -> Any:
        return [
            (_term.term == form, _term.rarity * worth)
            for form, worth in zip(self.forms[at], _worths(), strict=False)
        ]

    def points_of(self, entry: sa.ColumnElement[int], words: Iterable[int]) -> list[Any]:
        """What words are worth to an entry, beside others; null where it lacks one."""
        return [self._points_of(entry, at).label(f"word_{at}") for at in words]

    def _points_of(self, entry: sa.ColumnElement[int], at: int) -> Any:
        best = sa.func.max(_posting.weight * sa.case(*self._worth(at)))
        forms = _looked_up(best, self.is_form(at), entry).scalar_subquery()
        if at != self.prefix_at:
            return forms
        begun = _looked_up(_begun_points(), self.begins(), entry).limit(sa.literal_column("1"))
        return sa.func.coalesce(forms, begun.scalar_subquery())

    def having(self, at: int) -> sa.Select[Any]:
        """The postings of the entries that have a word."""
        query = sa.select(_posting.entry_id)
        query = query.join_from(table_of(SearchTerm), table_of(SearchPosting), _is_of_term())
        return query.where(self.is_meant_by(at))

    def allows(self, entry: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
        """Whether an entry is of a type that is meant, and has no excluded word."""
        other = table_of(SearchPosting).alias("other")
        has_none = [
            ~sa.exists()
            .select_from(other)
            .where(other.c.term_id == _of_term(_term.id, stemmed), other.c.entry_id == entry)
            .correlate(entry.table)
            for stemmed in self._excluded
        ]
        return sa.and_(self._is_meant(entry), *has_none)

    def found(self, candidates: sa.FromClause) -> sa.Select[Any]:
        """`entry_id` and `score` of the candidates that hold the phrases."""
        query = sa.select(candidates.c.entry_id, candidates.c.score)
        if not self.phrases:
            return query
        query = query.join(table_of(SearchEntry), _entry.id == candidates.c.entry_id)
        return query.where(*self.phrases)


def _every(asked: _Asked) -> sa.Select[Any]:
    """All entries: the first word is looked up, and the others in what has it."""
    if not asked.forms:  # phrases of stop words alone, which no index holds
        query = sa.select(_entry.id.label("entry_id"), sa.literal_column("0").label("score"))
        return asked.found(query.where(asked.allows(_entry.id)).subquery("candidate"))
    first, *others = range(len(asked.forms))
    points = asked.points(first).label("points")
    query = sa.select(_posting.entry_id, points)
    query = query.join_from(table_of(SearchTerm), table_of(SearchPosting), _is_of_term())
    query = query.where(asked.is_meant_by(first), asked.allows(_posting.entry_id))
    own = query.group_by(_posting.entry_id).subquery("first")
    points = own.c.points.label(f"word_{first}")
    each = sa.select(own.c.entry_id, points, *asked.points_of(own.c.entry_id, others))
    return asked.found(_summed(each, asked))


def _every_by_sets(asked: _Asked) -> sa.Select[Any]:
    """All entries: what has all words is found at first, and its points afterwards.

    This is faster where many have each word, and slower where few have one.
    """
    first, *others = range(len(asked.forms))
    # A sum, or SQLite would look for each entry of the set in each term.
    entry: sa.ColumnElement[int] = _posting.entry_id + sa.literal_column("0")
    query = asked.having(first).where(asked.allows(_posting.entry_id))
    query = query.where(*(entry.in_(asked.having(at).correlate(None)) for at in others))
    own = query.distinct().subquery("first")
    each = sa.select(own.c.entry_id, *asked.points_of(own.c.entry_id, (first, *others)))
    return asked.found(_summed(each, asked))


def _summed(query: sa.Select[Any], asked: _Asked) -> sa.Subquery:
    """The sum of the points of all words, of entries that have them."""
    words = range(len(asked.forms))
    # Materialised, or each look-up would be made again wherever its points are named.
    each = query.cte(f"each_{asked.forms[0][0].key}").prefix_with("MATERIALIZED")
    score: sa.ColumnElement[int] = sa.literal_column("0")
    for word in words:
        score = score + each.c[f"word_{word}"]
    summed = sa.select(each.c.entry_id, score.label("score"))
    return summed.where(score.is_not(None)).subquery("candidate")


def _best(asked: _Asked, number: int, dialect: str) -> sa.Select[Any]:
    """The entries that have more points than any that is not looked at; none or more.

    Looked at is so large a number of the best of each word.
    """
    best = [
        [
            _best_of(asked, form, worth, number).cte(f"best_{word}_{at}")
            for at, (form, worth) in enumerate(zip(forms, _worths(), strict=False))
        ]
        for word, forms in enumerate(asked.forms)
    ]
    ends = [[_end_of(each, number) for each in own] for own in best]
    looked_at = [each for own in best for each in own]
    if len(asked.forms) > 1:
        if asked.prefix_at is not None:
            ends[asked.prefix_at].append(sa.select(_begun_points().label("points")))
        entries = sa.union(*(sa.select(each.c.entry_id) for each in looked_at)).subquery("best")
        points = asked.points_of(entries.c.entry_id, range(len(asked.forms)))
        candidates = _summed(sa.select(entries.c.entry_id, *points), asked)
        return asked.found(candidates).where(candidates.c.score > _most_beyond(ends))
    if not asked.phrases:  # the best of one word are in order, and no page goes to their end
        ends = [[]]
    if asked.prefix_at is not None:
        begun = _best_begun(asked, dialect).cte("best_begun")
        looked_at.append(begun)
        ends[0].append(_end_of(begun, _BEST_BEGUN).group_by(begun.c.term_id))
    both = sa.union_all(*(sa.select(each.c.entry_id, each.c.points) for each in looked_at))
    each = both.subquery("best")
    score = sa.func.max(each.c.points).label("score")
    candidates = sa.select(each.c.entry_id, score).group_by(each.c.entry_id).subquery("candidate")
    return asked.found(candidates).where(candidates.c.score > _most_beyond(ends))


def _best_of(
    asked: _Asked, form: sa.BindParameter[str], worth: sa.ColumnElement[int], number: int
) -> sa.Select[Any]:
    points = (_posting.weight * (_of_term(_term.rarity, form) * worth)).label("points")
    query = sa.select(_posting.entry_id, points).where(
        _posting.term_id == _of_term(_term.id, form), asked.allows(_posting.entry_id)
    )
    return _first_by_weight(query, _posting, number)


def _best_begun(asked: _Asked, dialect: str) -> sa.Select[Any]:
    posting = table_of(SearchPosting).alias("begun")
    columns = (posting.c.entry_id, posting.c.weight)
    query = sa.select(*(columns if dialect == "postgresql" else columns[:1]))
    query = query.where(posting.c.term_id == _term.id, asked.allows(posting.c.entry_id))
    query = _first_by_weight(query.correlate(table_of(SearchTerm)), posting.c, _BEST_BEGUN)
    found: Any
    if dialect == "postgresql":
        found = query.lateral("of_term")
        joined = sa.join(table_of(SearchTerm), found, sa.true())
        columns = found.c
    else:  # SQLite has no LATERAL, but reads a list of ids per term just so
        columns = _posting
        is_of_term = sa.and_(_posting.term_id == _term.id, _posting.entry_id.in_(query))
        joined = sa.join(table_of(SearchTerm), table_of(SearchPosting), is_of_term)
    points = (columns.weight * sa.literal_column(str(_BEGINNING_RARITY))).label("points")
    term_id = _term.id.label("term_id")
    return sa.select(columns.entry_id, points, term_id).select_from(joined).where(asked.begins())


def _first_by_weight(query: sa.Select[Any], posting: Any, size: int) -> sa.Select[Any]:
    query = query.order_by(posting.weight.desc(), posting.entry_id)
    return query.limit(sa.literal_column(str(size)))


def _end_of(best: sa.CTE, size: int) -> sa.Select[Any]:
    """The points at the end of a list, which what follows has at most; 0 where nothing does."""
    is_full = sa.func.count() == sa.literal_column(str(size))
    return sa.select(sa.case((is_full, sa.func.min(best.c.points)), else_=0).label("points"))


def _most_beyond(ends: list[list[sa.Select[Any]]]) -> sa.ColumnElement[int]:
    """The points that an entry has at most which is in no list of any word.

    It has all words, so there is none where the lists of one word have all that has it.
    """
    words = []
    for own in ends:
        if own:
            end = sa.union_all(*own).subquery()
            words.append(
                sa.select(sa.func.coalesce(sa.func.max(end.c.points), 0)).scalar_subquery()
            )
    total: sa.ColumnElement[int] = sa.literal_column("0")
    for most in words:
        total = total + most
    return sa.case((sa.or_(sa.false(), *(most == 0 for most in words)), 0), else_=total)


def _of_term(column: Any, term: sa.ColumnElement[str]) -> Any:
    return sa.select(column).where(_term.term == term).scalar_subquery()


def _is_of_term() -> sa.ColumnElement[bool]:
    is_of_term: sa.ColumnElement[bool] = _posting.term_id == _term.id
    return is_of_term


def _looked_up(
    column: sa.ColumnElement[int], is_meant: sa.ColumnElement[bool], entry: sa.ColumnElement[int]
) -> sa.Select[Any]:
    query = sa.select(column).join_from(
        table_of(SearchTerm), table_of(SearchPosting), _is_of_term()
    )
    return query.where(is_meant, _posting.entry_id == entry).correlate(entry.table)


def _worths() -> Iterator[sa.ColumnElement[int]]:
    """How often the rarity of a word counts as it was written, and that of its stem."""
    yield sa.literal_column(str(_EXACT))
    yield sa.literal_column("1")


def _begun_points() -> sa.ColumnElement[int]:
    return sa.literal_column(str(_BEGINNING_POINTS))


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

    It makes `entry_id` and `score`; the rest is read for the rows of a page alone. With
    `best_of` only so many of the best of each word are looked at, and what is left are those
    that come before all others, maybe none; more than a page has rows. `by_sets` is for words
    that many have.
    """

    query: SearchQuery
    text: str
    types: tuple[str, ...]
    rarest: str | None = None
    best_of: int = 0
    by_sets: bool = False

    def shape_of(self, values: list[Any]) -> Shape:
        """The shape of the source; its values are added to `values`."""
        is_of_all = set(self.types) == set(_TYPES)
        if not is_of_all:
            values.append(tuple(_TYPES.index(name) for name in self.types))
        how = (self.best_of, self.by_sets)
        return (_hit, is_of_all, how, shape_of(self.query, values, self.rarest))


def _hit(shape: Shape, numbers: Iterator[int], _needed: set[str], dialect: str) -> list[sa.CTE]:
    is_of_all, (best_of, by_sets), query = shape

    def is_meant(entry: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
        return sa.true() if is_of_all else is_among(entry // _BLOCK, name)

    name = "" if is_of_all else f"v{next(numbers)}"
    asked = _Asked(query, numbers, is_meant)
    if best_of and asked.forms:
        return [_best(asked, best_of, dialect).cte("hit")]
    return [(_every_by_sets(asked) if by_sets else _every(asked)).cte("hit")]
