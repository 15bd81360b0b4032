"""Statements of suggestions: one finds collectivities by beginnings, one names them."""

from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from graph.domain.suggest import Match
from graph.storage.keys import KEYS, each_key, is_among
from graph.storage.statements import LIMIT, Statement, compiled
from graph.storage.tables import Collectivity, SuggestionBest, SuggestionKey, columns_of, table_of

KINDS = "kinds"

# After every letter and digit, so that "par" to "par\U0010ffff" are the keys that begin with it.
_LAST_CHARACTER = "\U0010ffff"

# More than there are places, so that a better match comes first from any place.
_PLACES = 10_000_000


@lru_cache(maxsize=2)
def find_best(dialect: str) -> Statement:
    """The (id, rank) of the best collectivities of `kinds` with one of `keys` as a beginning.

    At most `size`, each once, the lowest rank first.
    """
    found = _found(dialect)
    best = sa.func.min(found.c.rank).label("best")
    query = sa.select(found.c.collectivity_id, best).group_by(found.c.collectivity_id)
    query = query.order_by(best).limit(sa.bindparam(LIMIT, type_=sa.Integer))
    return compiled(query, dialect)


@lru_cache(maxsize=2)
def find_all(dialect: str) -> Statement:
    """The (id, rank, key) of all of them, in no order; an id comes with each key that fits.

    For a beginning that many share, its best come, and the beginning for a key.
    """
    return compiled(sa.select(_found(dialect)), dialect)


@lru_cache(maxsize=2)
def name_collectivities(dialect: str) -> Statement:
    """The (id, kind, code, name, name of the département) of collectivities, in no order."""
    of = table_of(Collectivity)
    departement = of.alias("departement")
    query = sa.select(of.c.id, of.c.kind, of.c.code, of.c.name, departement.c.name)
    query = query.outerjoin(departement, departement.c.id == of.c.departement_id)
    return compiled(query.where(is_among(of.c.id, KEYS)), dialect)


def _found(dialect: str) -> sa.Subquery:
    return sa.union_all(_by_key(dialect), _by_shared_beginning()).subquery("found")


def _by_key(dialect: str) -> sa.Select[Any]:
    key, best = table_of(SuggestionKey), table_of(SuggestionBest)
    beginnings = each_key(KEYS, key.c.key, dialect)
    beginning = beginnings.c.value
    is_shared = sa.exists().where(best.c.key == beginning).correlate(beginnings)
    begins = sa.and_(key.c.key >= beginning, key.c.key < beginning + _LAST_CHARACTER)
    match = sa.case((key.c.key == beginning, key.c.match), else_=int(Match.BEGINNING))
    query = _ranked(SuggestionKey, match)
    return query.select_from(beginnings.join(key, begins)).where(~is_shared)


def _by_shared_beginning() -> sa.Select[Any]:
    best = table_of(SuggestionBest)
    query = _ranked(SuggestionBest, best.c.match)
    return query.where(is_among(best.c.key, KEYS))


def _ranked(model: type[SQLModel], match: sa.ColumnElement[int]) -> sa.Select[Any]:
    columns = columns_of(model)
    rank = match * _PLACES + columns.place
    query = sa.select(columns.collectivity_id, rank.label("rank"), columns.key)
    return query.where(is_among(columns.kind, KINDS))
