"""Positions in an ordered list, and the opaque cursors that carry them.

A cursor holds the order's values at a row and a mark of the question it belongs to, so it
survives inserts and deletes, and cannot be used with another list, order or filter.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import orjson
import sqlalchemy as sa

from graph.domain.errors import BadUserInput, shown
from graph.storage.order import Order, Sorted, type_of
from graph.storage.selection import Relation, Selection

_MAX_CURSOR_CHARACTERS = 2000
_REMEDY = "pass an `endCursor`, a `startCursor` or the `cursor` of an edge, unchanged"

Position = tuple[Any, ...]
# Which values of a position are null: `= NULL` and `IS NULL` differ in text.
Nulls = tuple[bool, ...]


def beyond(
    keys: Sequence[Sorted], nulls: Nulls, prefix: str, *, is_reversed: bool
) -> sa.ColumnElement[bool]:
    """Whether a row lies past the position bound as `<prefix>0`, `<prefix>1` … ."""
    bounds = [
        sa.bindparam(f"{prefix}{number}", type_=key.column.type) for number, key in enumerate(keys)
    ]
    directions = {key.is_descending != is_reversed for key in keys}
    if len(directions) == 1 and not any(key.is_nullable for key in keys):
        past: sa.ColumnElement[bool] = _row_beyond(keys, bounds, is_descending=directions == {True})
        return past
    return _any_beyond(keys, bounds, nulls, is_reversed=is_reversed)


def _row_beyond(keys: Sequence[Sorted], bounds: list[Any], *, is_descending: bool) -> Any:
    # One row comparison, which both engines answer with a range of an index.
    if len(keys) == 1:
        (key,), (bound,) = keys, bounds
        return key.column < bound if is_descending else key.column > bound
    row, bounding = sa.tuple_(*(key.column for key in keys)), sa.tuple_(*bounds)
    return row < bounding if is_descending else row > bounding


def _any_beyond(
    keys: Sequence[Sorted], bounds: list[Any], nulls: Nulls, *, is_reversed: bool
) -> sa.ColumnElement[bool]:
    # Past in the first key, or level in it and past in the second, and so on.
    ways: list[sa.ColumnElement[bool]] = []
    level: list[sa.ColumnElement[bool]] = []
    for key, bound, is_null in zip(keys, bounds, nulls, strict=True):
        past = _past(key, bound, is_null=is_null, is_reversed=is_reversed)
        ways.append(sa.and_(*level, past))
        level.append(key.column.is_(None) if is_null else key.column == bound)
    condition = sa.or_(*ways)
    first = keys[0]
    if first.is_nullable:
        return condition
    # The alternatives have no range in common for an index, but this does.
    is_descending = first.is_descending != is_reversed
    leading = first.column <= bounds[0] if is_descending else first.column >= bounds[0]
    return sa.and_(leading, condition)


def _past(
    key: Sorted, bound: sa.ColumnElement[Any], *, is_null: bool, is_reversed: bool
) -> sa.ColumnElement[bool]:
    nulls_come_last = key.is_null_first == is_reversed
    if is_null:
        return sa.false() if nulls_come_last else key.column.is_not(None)
    past = key.column < bound if key.is_descending != is_reversed else key.column > bound
    return sa.or_(past, key.column.is_(None)) if key.is_nullable and nulls_come_last else past


def mark(selection: Selection) -> str:
    """The mark of a question: the same for the same list, order and filter, everywhere."""
    where = None if selection.relation.is_log else selection.where
    return _mark(replace(selection, where=where, window=None, parent=None))


@lru_cache(maxsize=1024)
def _mark(selection: Selection) -> str:
    question, values = selection.split()
    keys = [
        (_readable(key.by), key.is_descending, key.is_null_first)
        for key in selection.relation.order
    ]
    asked = repr((question.relation.name, keys, _readable(question[1:]), values))
    return blake2b(asked.encode(), digest_size=6).hexdigest()


def _readable(shape: Any) -> Any:
    """A shape in words that are the same in every process."""
    match shape:
        case tuple():
            return [_readable(part) for part in shape]
        case Relation():
            return shape.name
        case sa.ClauseElement():
            return str(shape)
        case _ if is_dataclass(shape):
            return [_readable(getattr(shape, field.name)) for field in fields(shape)]
        case _ if callable(shape):
            return shape.__name__
        case _:
            return str(shape)


def encode_cursor(question: str, position: Position) -> str:
    """The cursor of a row; `question` is the mark that it is bound to."""
    return urlsafe_b64encode(orjson.dumps([question, *position])).rstrip(b"=").decode()


def decode_cursor(argument: str, cursor: str, selection: Selection) -> Position:
    """The position that a cursor of the selection, whatever its window, holds.

    BadUserInput when it is no cursor of ours, or one of another list, order or filter.
    """
    values = _decoded(cursor)
    if values is None:
        raise BadUserInput(f"`{argument}: {shown(cursor)}` is not a cursor; {_REMEDY}")
    if values[0] != mark(selection) or not _fits(values[1:], selection.sorted_by):
        raise BadUserInput(
            f"`{argument}: {shown(cursor)}` is a cursor of another list, order or filter; "
            "start again without it, or repeat the arguments that it came from"
        )
    return tuple(values[1:])


def _decoded(cursor: str) -> list[Any] | None:
    if not cursor or len(cursor) > _MAX_CURSOR_CHARACTERS or not cursor.isascii():
        return None
    try:
        values = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        return None
    if not isinstance(values, list) or not values or not isinstance(values[0], str):
        return None
    # Only what we would write ourselves is read: no second spelling of a position.
    return values if encode_cursor(values[0], tuple(values[1:])) == cursor else None


def _fits(values: list[Any], order: Order) -> bool:
    return len(values) == len(order) and all(
        key.is_nullable if value is None else _is_storable(value, type_of(key))
        for value, key in zip(values, order, strict=True)
    )


def _is_storable(value: Any, kind: sa.types.TypeEngine[Any]) -> bool:
    # What a database cannot take for a value, it would refuse in its own words.
    if isinstance(kind, sa.String):
        return isinstance(value, str) and "\0" not in value
    if isinstance(kind, sa.Float):
        return isinstance(value, float)
    bits = 63 if isinstance(kind, sa.BigInteger) else 31
    return type(value) is int and -(2**bits) <= value < 2**bits
