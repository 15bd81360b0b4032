"""Readers of one cell: text in, value out, ValueError with what to write instead."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graph.domain.dates import is_partial_date
from graph.domain.decimals import parse_micro

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
    """How a column is read; an empty cell of one that is not required is None."""

    read: Read
    is_required: bool = True


def maybe(cell: Cell) -> Cell:
    """The same cell, allowed to be empty."""
    return Cell(cell.read, is_required=False)


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

    return Cell(read)


TEXT = Cell(_bounded(_TEXT_CHARACTERS))
NAME = Cell(_bounded(_NAME_CHARACTERS))
KEY = Cell(_bounded(_KEY_CHARACTERS))
SLUG = Cell(
    _shaped(
        _SLUG, _AWARD_KEY_CHARACTERS, "is not a slug; write at most 120 of a-z, 0-9 and hyphens"
    )
)
CODE = Cell(
    _shaped(_CODE, _AWARD_KEY_CHARACTERS, "is not a code; write an official code or a slug")
)
ADDRESS = Cell(_shaped(_ADDRESS, _KEY_CHARACTERS, "is not an address; write https:// and no space"))
SIREN = Cell(_shaped(_SIREN, 9, "is not a SIREN; write nine digits"))
POSTAL_CODES = Cell(
    _shaped(
        _POSTAL_CODES, _TEXT_CHARACTERS, "is not a list of postal codes; write 45000 or 45000 45100"
    )
)
DATE = Cell(_date)
PARTIAL_DATE = Cell(_partial_date)
COUNT = Cell(_count)
YEAR = Cell(_year)
FLAG = Cell(_flag)
DECIMAL = Cell(_micro)
