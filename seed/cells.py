"""Readers of one cell: text in, value out, ValueError with what to write instead."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from graph.domain.dates import is_partial_date
from graph.domain.decimals import parse_micro
from seed import habits
from seed.habits import Mend

Read = Callable[[str], Any]

# An index entry of PostgreSQL holds at most 2,700 bytes, and a character takes up to four.
_KEY_CHARACTERS = 600
_NAME_CHARACTERS = 300
_TEXT_CHARACTERS = 10_000
_AWARD_KEY_CHARACTERS = 120

_FULL_DATE_CHARACTERS = 10
_MAX_COUNT = 2**31 - 1
_YEARS = range(1800, 2101)

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CODE = re.compile(r"[0-9][0-9AB][0-9]*|[a-z0-9]+(?:-[a-z0-9]+)*")
_ADDRESS = re.compile(r"https?://[^\s/]\S*")
_NUMBER = re.compile(r"0|[1-9][0-9]*")
_SIREN = re.compile(r"[0-9]{9}")
_POSTAL_CODES = re.compile(r"[0-9]{5}(?: [0-9]{5})*")


@dataclass(frozen=True)
class Cell:
    """How a column is read; an empty cell of one that is not required is None.

    `mend` turns what people write into what `read` takes. `schema` is what a Table Schema says
    of the column: its type, format and constraints.
    """

    read: Read
    is_required: bool = True
    mend: Mend | None = None
    schema: Mapping[str, Any] = field(default_factory=dict)


def maybe(cell: Cell) -> Cell:
    """The same cell, allowed to be empty."""
    return replace(cell, is_required=False)


def _bounded(characters: int) -> Read:
    def read(text: str) -> str:
        if len(text) > characters:
            raise ValueError(f"is too long; write at most {characters:,} characters")
        return text

    return read


def _shaped(pattern: re.Pattern[str], characters: int, reason: str) -> Read:
    def read(text: str) -> str:
        if len(text) > characters or not pattern.fullmatch(text):
            raise ValueError(reason)
        return text

    return read


def _date(text: str) -> str:
    if len(text) != _FULL_DATE_CHARACTERS or not is_partial_date(text):
        raise ValueError("is not a day; write it as 2017-11-14")
    return text


def _partial_date(text: str) -> str:
    if not is_partial_date(text):
        raise ValueError("is not a date; write 2017, 2017-11 or 2017-11-14")
    return text


def _count(text: str) -> int:
    if not _NUMBER.fullmatch(text) or int(text) > _MAX_COUNT:
        raise ValueError("is not a count; write a whole number such as 0 or 1250")
    return int(text)


def _year(text: str) -> int:
    if not _NUMBER.fullmatch(text) or int(text) not in _YEARS:
        raise ValueError("is not a year; write four digits such as 2017")
    return int(text)


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("is neither yes nor no; write 1 or 0")
    return text == "1"


def _micro(text: str) -> int:
    try:
        return parse_micro(text)
    except ValueError:
        raise ValueError(
            "is not a figure; write a plain decimal such as 1250 or 8.5, with at most "
            "6 decimals and 15 digits in all"
        ) from None


def word(words: type[StrEnum]) -> Cell:
    """One of a closed list; the value is a plain string, as the drivers want it."""
    known = {member.value: member.value for member in words}
    reason = f"is not in the list; write one of {', '.join(known)}"

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(reason)
        return known[text]

    return Cell(read, mend=habits.word(words), schema=_schema("string", enum=list(known)))


def _schema(kind: str, **constraints: Any) -> dict[str, Any]:
    return {"type": kind, "constraints": constraints}


def _text(characters: int) -> Cell:
    return Cell(_bounded(characters), schema=_schema("string", maxLength=characters))


def _pattern(
    pattern: re.Pattern[str], characters: int, reason: str, mend: Mend | None = None
) -> Cell:
    schema = _schema("string", pattern=pattern.pattern, maxLength=characters)
    return Cell(_shaped(pattern, characters, reason), mend=mend, schema=schema)


TEXT = _text(_TEXT_CHARACTERS)
NAME = _text(_NAME_CHARACTERS)
KEY = _text(_KEY_CHARACTERS)
SLUG = _pattern(
    _SLUG,
    _AWARD_KEY_CHARACTERS,
    "is not a slug; write at most 120 of a-z, 0-9 and hyphens",
    habits.slug,
)
CODE = _pattern(_CODE, _AWARD_KEY_CHARACTERS, "is not a code; write an official code or a slug")
ADDRESS = _pattern(_ADDRESS, _KEY_CHARACTERS, "is not an address; write https:// and no space")
SIREN = _pattern(_SIREN, 9, "is not a SIREN; write nine digits", habits.siren)
POSTAL_CODES = _pattern(
    _POSTAL_CODES,
    _TEXT_CHARACTERS,
    "is not a list of postal codes; write 45000 or 45000 45100",
    habits.postal_codes,
)
DATE = Cell(_date, mend=habits.day, schema=_schema("date"))
PARTIAL_DATE = Cell(
    _partial_date,
    mend=habits.partial_date,
    schema=_schema("string", pattern="[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"),
)
COUNT = Cell(_count, mend=habits.count, schema=_schema("integer", minimum=0, maximum=_MAX_COUNT))
YEAR = Cell(_year, mend=habits.year, schema=_schema("year", minimum=_YEARS[0], maximum=_YEARS[-1]))
FLAG = Cell(
    _flag,
    mend=habits.flag,
    schema={"type": "boolean", "trueValues": ["1"], "falseValues": ["0"], "constraints": {}},
)
DECIMAL = Cell(_micro, mend=habits.decimal, schema={**_schema("number"), "decimalChar": "."})
