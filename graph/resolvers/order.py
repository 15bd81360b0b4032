"""`orderBy` arguments → orders, by one table of keys for each type."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

from graph.domain.errors import BadUserInput
from graph.resolvers.argument import checked_text
from graph.resolvers.limits import most, over
from graph.resolvers.where import Many, field_path, given, to_criterion
from graph.storage.criteria import Compare, Criterion, Matches, every, named
from graph.storage.order import Order, OrderKey, SearchRank, Total
from graph.storage.selection import Relation


class Key(Protocol):
    """What a field of an `orderBy` input stands for."""

    def key(self, asked: Any, path: str, where: Criterion | None) -> OrderKey:
        """The key of a given field, in a list that satisfies `where`."""


Keys = Mapping[str, Key]


@dataclass(frozen=True, slots=True)
class By:
    """A column; `is_nullable` when it can be unknown."""

    column: sa.ColumnElement[Any]
    is_nullable: bool = False

    def key(self, asked: Any, _path: str, _where: Criterion | None) -> OrderKey:
        """The column in the direction asked."""
        return directed(self.column, asked, is_nullable=self.is_nullable)


@dataclass(frozen=True, slots=True)
class ByRelated:
    """The number of related records, or the sum of their values of one unit."""

    many: Many
    value: sa.ColumnElement[Any] | None = None
    unit: sa.ColumnElement[Any] | None = None

    def key(self, asked: Any, path: str, _where: Criterion | None) -> OrderKey:
        """The count or sum, of what the input's own `where` leaves."""
        part = to_criterion(given(asked, "where"), self.many.fields(), f"{path}.where")
        count, total = getattr(asked, "count", None), given(asked, "sum")
        count = getattr(count, "value", count) if self.value is not None else count
        if (count is None) is (total is None):
            raise BadUserInput(f"`{path}` takes one of `count` and `sum`; write one of them")
        unit = given(asked, "unit")
        if total is None:
            if unit is not None:
                raise BadUserInput(
                    f"`{path}.unit` is for `sum`; what `count` counts, `where` tells"
                )
            return directed(Total(self.many.link, part), count, is_nullable=False)
        if unit is None or self.unit is None:
            raise BadUserInput(
                f'`{path}.sum` would add up different units; say which, as in `unit: "EUR"`'
            )
        of_unit = Compare(self.unit, "eq", checked_text(f"{path}.unit", unit))
        return directed(
            Total(self.many.link, every(of_unit, part), self.value), total, is_nullable=True
        )


@dataclass(frozen=True, slots=True)
class ByRank:
    """How well the search in the list's `where` finds a record."""

    def key(self, asked: Any, path: str, where: Criterion | None) -> OrderKey:
        """The rank of the only search. BadUserInput when `where` has none, or several."""
        rank = _search_rank(where)
        if rank is None:
            raise BadUserInput(
                f"`{path}` ranks by the search of `where`, which has none or several; write one "
                "`search` that must hold, or leave the key out"
            )
        return directed(rank, asked, is_nullable=False)


def to_order(
    order_by: list[Any] | None, keys: Keys, relation: Relation, where: Criterion | None
) -> Order:
    """The order of an `orderBy` input; rows that tie stay in the list's own order.

    Empty when it asks for that order itself. What is searched for comes best first unless an
    order is given. BadUserInput for too many keys, and for what a key cannot be.
    """
    if not order_by:
        rank = _search_rank(where)
        return (OrderKey(rank, is_descending=True), *_ties(relation, ())) if rank else ()
    at_most = most("order_max_keys")
    if len(order_by) > at_most:
        message = f"`orderBy` has {len(order_by)} keys; write at most {at_most}"
        raise over("order_max_keys", len(order_by), message)
    asked = tuple(_key(item, keys, f"orderBy[{at}]", where) for at, item in enumerate(order_by))
    order = (*asked, *_ties(relation, asked))
    return () if _is_own(order, relation) else order


def _is_own(order: Order, relation: Relation) -> bool:
    # Compared by identity: columns make SQL of `==`.
    return len(order) == len(relation.order) and all(
        key.by is own.by and key.is_descending == own.is_descending
        for key, own in zip(order, relation.order, strict=True)
    )


def _key(item: Any, keys: Keys, path: str, where: Criterion | None) -> OrderKey:
    # The input has one field: GraphQL's @oneOf sees to it.
    name = next(name for name in keys if getattr(item, name, None) is not None)
    return keys[name].key(given(item, name), field_path(path, name), where)


def _ties(relation: Relation, asked: Order) -> Order:
    taken = [key.by for key in asked]
    return tuple(key for key in relation.order if not any(key.by is by for by in taken))


def _search_rank(where: Criterion | None) -> SearchRank | None:
    match named(where, "search"):
        case [Matches(column, type_name, query)]:
            return SearchRank(column, type_name, query)
        case _:
            return None


def directed(by: Any, direction: Any, *, is_nullable: bool) -> OrderKey:
    """A key in a direction of the schema; what is unknown comes last unless it says first."""
    word = direction.value
    return OrderKey(
        by,
        is_descending=word.startswith("DESC"),
        is_nullable=is_nullable,
        is_null_first=is_nullable and word.endswith("NULLS_FIRST"),
    )
