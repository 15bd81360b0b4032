"""JSON in UTF-8, read strictly, and bounded before anything works on it."""

from math import isfinite
from typing import Any

import orjson

from graph.http.problem import Problem, bad_request
from graph.settings import Settings


def decode(text: bytes, what: str) -> Any:
    """The value of a JSON text. Problem when it is none, in UTF-8 and without lone surrogates."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise bad_request(
            f"{what} cannot be read as JSON in UTF-8, from character {error.pos + 1:,} on"
        ) from None


def bounded(value: Any, what: str, settings: Settings) -> Any:
    """The value. Problem when it is too deep, too long, or holds what is no text or number.

    One walk without recursion: nesting must not decide how deep our own stack is.
    """
    pending = [(value, 1)]
    seen = 0
    while pending:
        part, depth = pending.pop()
        seen += 1
        _check(part, depth, seen, what, settings)
        if isinstance(part, dict):
            pending += ((inner, depth + 1) for each in part.items() for inner in each)
        elif isinstance(part, list):
            pending += ((inner, depth + 1) for inner in part)
    return value


def _check(part: Any, depth: int, seen: int, what: str, settings: Settings) -> None:
    if depth > settings.json_max_depth:
        message = f"{what} is nested more than {settings.json_max_depth} deep; send flatter values"
        raise _over(settings, "json_max_depth", depth, message)
    if seen > settings.json_max_values:
        message = f"{what} has more than {settings.json_max_values:,} values; send fewer"
        raise _over(settings, "json_max_values", seen, message)
    if isinstance(part, str):
        if len(part) > settings.text_max_characters:
            message = (
                f"{what} holds a text of {len(part):,} characters; "
                f"send at most {settings.text_max_characters:,}"
            )
            raise _over(settings, "text_max_characters", len(part), message)
        if "\0" in part:
            raise bad_request(f"{what} holds a NUL character, which is in no text")
    elif isinstance(part, list) and len(part) > settings.list_max_items:
        message = (
            f"{what} holds a list of {len(part):,} items; send at most "
            f"{settings.list_max_items} and ask again for the rest"
        )
        raise _over(settings, "list_max_items", len(part), message)
    elif isinstance(part, float) and not isfinite(part):
        raise bad_request(f"{what} holds a number that is out of range")


def _over(settings: Settings, name: str, actual: int, message: str) -> Problem:
    return bad_request(message, limit=settings.exceeded(name, actual))
