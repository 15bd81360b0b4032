"""SIREN and SIRET: their shape and their check digit; knows none of them."""

import re

SIREN_DIGITS = 9
SIRET_DIGITS = 14

_SEPARATORS = re.compile(r"[\s.\-\u00a0\u202f]+")
_NUMBER = re.compile(rf"[0-9]{{{SIREN_DIGITS}}}(?:[0-9]{{{SIRET_DIGITS - SIREN_DIGITS}}})?")


def digits_of(text: str) -> str | None:
    """The digits of what has the shape of a SIREN or SIRET, written with spaces or not."""
    joined = _SEPARATORS.sub("", text)
    return joined if joined.isascii() and _NUMBER.fullmatch(joined) else None


def is_sound(digits: str) -> bool:
    """Whether the last digit fits the others by the Luhn formula (ISO/IEC 7812-1).

    Both numbers of a SIRET are checked: its first nine digits are a SIREN.
    """
    if len(digits) == SIRET_DIGITS and not _luhn(digits[:SIREN_DIGITS]):
        return False
    return _luhn(digits)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)  # noqa: PLR2004  # the sum of its two digits
    return total % 10 == 0
