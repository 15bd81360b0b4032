"""Partial dates: a year, a month or a day, kept as precise as the source gives them."""

import calendar
import datetime
import re

_SHAPE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def is_partial_date(text: str) -> bool:
    """Whether `text` is YYYY, YYYY-MM or YYYY-MM-DD and names days that exist."""
    match = _SHAPE.fullmatch(text)
    if not match:
        return False
    year, month, day = (int(part) if part else 1 for part in match.groups())
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


def widest_from_start(text: str) -> str:
    """The widest partial date that begins when `text` does: `2017-01-01` is the start of 2017."""
    while text.endswith("-01"):
        text = text[:-3]
    return text


def widest_to_end(text: str) -> str:
    """The widest partial date that is over when `text` is: `2017-06-30` is the end of June."""
    year, *parts = (int(part) for part in text.split("-"))
    match parts:
        case [month, day] if day == calendar.monthrange(year, month)[1]:
            return widest_to_end(text[:-3])
        case [12]:
            return text[:-3]
    return text
