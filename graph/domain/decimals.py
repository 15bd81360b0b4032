"""Measured figures, kept as whole millionths so that sums are exact on every engine.

At most 15 significant digits and 6 decimals: what any reader that parses JSON numbers
as IEEE 754 doubles gets back unchanged.
"""

import re
from decimal import Decimal

MICRO = 1_000_000
_WHOLE = re.compile(r"0|[1-9][0-9]{0,11}").fullmatch
_SHAPE = re.compile(r"-?(0|[1-9][0-9]*)(?:\.([0-9]{1,6}))?")
_MAX_DIGITS = 15
_MAX_WHOLE_DIGITS = 12


def parse_micro(text: str) -> int:
    """The millionths of a decimal written in ASCII digits, such as `-8.5`.

    ValueError for another form, over 15 significant digits, 12 whole ones or 6 decimals.
    """
    # As nearly all figures are.
    if _WHOLE(text):
        return int(text) * MICRO
    match = _SHAPE.fullmatch(text)
    if not match:
        raise ValueError(
            f"{text[:40]!r} is not a plain decimal such as 1250 or 8.5, of at most 6 decimals"
        )
    whole, decimals = match[1], match[2] or ""
    if len(whole) > _MAX_WHOLE_DIGITS or len(whole) + len(decimals.rstrip("0")) > _MAX_DIGITS:
        raise ValueError("a figure has at most 12 whole digits and 15 digits in all")
    micro = int(whole) * MICRO + int(decimals.ljust(6, "0"))
    return -micro if text.startswith("-") else micro


def from_micro(micro: int) -> int | float:
    """The number to print in JSON: whole when it is whole, else the nearest double."""
    whole, rest = divmod(micro, MICRO)
    return micro / MICRO if rest else whole


def format_micro(micro: int) -> str:
    """The decimal as `parse_micro` reads it: `8.5`, without zeros behind."""
    whole, rest = divmod(abs(micro), MICRO)
    decimals = f".{rest:06}".rstrip("0") if rest else ""
    return f"{'-' if micro < 0 else ''}{whole}{decimals}"


def micro_of(number: float) -> int:
    """The millionths of a number as a reader wrote it. ValueError as `parse_micro`."""
    return parse_micro(format(Decimal(repr(number)).normalize(), "f"))


def mean_micro(total: int, number: int) -> int:
    """The millionths of `total / number`, rounded half away from zero."""
    whole, rest = divmod(abs(total), number)
    rounded = whole + (2 * rest >= number)
    return -rounded if total < 0 else rounded
