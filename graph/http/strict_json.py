"""JSON in UTF-8, read strictly, and bounded before anything works on it."""

from math import isfinite
from typing import Any

import orjson

from graph.domain.limits import LIST_MAX_ITEMS, TEXT_MAX_CHARACTERS
from graph.http.problem import bad_request

DEPTH_MAX = 32
# A request names a handful of variables; this many values are no variables of ours.
_VALUES_MAX = 20_000


def decode(text: bytes, what: str) -> Any:
    """The value of a JSON text. Problem when it is none, in UTF-8 and without lone surrogates."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise bad_request(f"{what} cannot be read as JSON in UTF-8") from None


def bounded(value: Any, what: str) -> Any:
    """The value. Problem when it is too deep, too long, or holds what is no text or number.

    One walk without recursion: nesting must not decide how deep our own stack is.
    """
    pending = [(value, 1)]
    seen = 0
    while pending:
        part, depth = pending.pop()
        seen += 1
        _check(part, depth, seen, what)
        if isinstance(part, dict):
            pending += ((inner, depth + 1) for each in part.items() for inner in each)
        elif isinstance(part, list):
            pending += ((inner, depth + 1) for inner in part)
    return value


def _check(part: Any, depth: int, seen: int, what: str) -> None:
    if depth > DEPTH_MAX:
        raise bad_request(f"{what} is nested deeper than {DEPTH_MAX}; send flatter values")
    if seen > _VALUES_MAX:
        raise bad_request(f"{what} has more than {_VALUES_MAX:,} values; send fewer")
    if isinstance(part, str):
        if len(part) > TEXT_MAX_CHARACTERS:
            raise bad_request(
                f"{what} holds a text of {len(part):,} characters; "
                f"send at most {TEXT_MAX_CHARACTERS:,}"
            )
        if "\0" in part:
            raise bad_request(f"{what} holds a NUL character, which is in no text")
    elif isinstance(part, list) and len(part) > LIST_MAX_ITEMS:
        raise bad_request(
            f"{what} holds a list of {len(part):,} items; send at most {LIST_MAX_ITEMS}"
        )
    elif isinstance(part, float) and not isfinite(part):
        raise bad_request(f"{what} holds a number that is out of range")
