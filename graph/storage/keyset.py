"""Positions in an ordered list, and the opaque cursors that carry them.

A cursor holds the order's values at a row and a mark of the question it belongs to, so it
survives inserts and deletes, and cannot be used with another list, order or filter.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import orjson
import sqlalchemy as sa

from graph.domain.errors import BadUserInput, shown
from graph.storage import criteria
from graph.storage.selection import Order, Relation

_MAX_CURSOR_CHARACTERS = 400
_REMEDY = "pass an `endCursor`, a `startCursor` or the `cursor` of an edge, unchanged"

Position = tuple[Any, ...]


def beyond(order: Order, prefix: str, *, is_reversed: bool) -> sa.ColumnElement[bool]:
    """Whether a row lies past the position bound as `<prefix>0`, `<prefix>1` … .

    All keys of an order share a direction, so one row comparison does, and both engines
    answer it with a range of the index.
    """
    columns = [key.column for key in order]
    bounds = [
        sa.bindparam(f"{prefix}{number}", type_=column.type)
        for number, column in enumerate(columns)
    ]
    is_descending = order[0].is_descending != is_reversed
    if len(columns) == 1:
        return columns[0] < bounds[0] if is_descending else columns[0] > bounds[0]
    row, bound = sa.tuple_(*columns), sa.tuple_(*bounds)
    return row < bound if is_descending else row > bound


@lru_cache(maxsize=1024)
def mark(relation: Relation, where: criteria.Criterion | None) -> str:
    """The mark of a question: the same for the same list, order and filter, everywhere."""
    shape, values = criteria.split(where)
    keys = [(str(key.column), key.is_descending) for key in relation.order]
    question = repr((relation.name, keys, _readable(shape), values))
    return blake2b(question.encode(), digest_size=6).hexdigest()


def _readable(shape: Any) -> Any:
    return [_readable(part) for part in shape] if isinstance(shape, tuple) else str(shape)


def encode_cursor(question: str, position: Position) -> str:
    """The cursor of a row; `question` is the mark that it is bound to."""
    return urlsafe_b64encode(orjson.dumps([question, *position])).rstrip(b"=").decode()


def decode_cursor(
    argument: str, cursor: str, relation: Relation, where: criteria.Criterion | None
) -> Position:
    """The position that a cursor holds.

    BadUserInput when it is no cursor of ours, or one of another list, order or filter.
    """
    values = _decoded(cursor)
    if values is None or not _fits(values[1:], relation.order):
        raise BadUserInput(f"`{argument}: {shown(cursor)}` is not a cursor; {_REMEDY}")
    if values[0] != mark(relation, where):
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
        type(value) is key.column.type.python_type and _is_storable(value)
        for value, key in zip(values, order, strict=True)
    )


def _is_storable(value: Any) -> bool:
    # A number past 64 bits or a NUL would be refused by the database, in its own words.
    return "\0" not in value if isinstance(value, str) else -(2**31) <= value < 2**31
