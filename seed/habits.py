"""What people write where a cell wants one form: read where the meaning is certain, else refused.

Each function takes a text that the strict form refuses and gives the strict form. It gives the
text back as it is where it knows no better, and raises ValueError where it knows what is wrong.
"""

import calendar
import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum

from graph.domain.codes import Kind, Level, Qualifier, Role
from graph.domain.text import fold

Mend = Callable[[str], str]

_SPACE = "[ \u00a0\u2009\u202f]"
_PERCENT = re.compile(rf"{_SPACE}*%$")
# The sign, the whole part with its groups, and the decimals; in the order in which they are tried.
_SPACED = re.compile(rf"([+-]?)([0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}})+)(?:[.,]([0-9]+))?")
_DOTTED = re.compile(r"([+-]?)([0-9]{1,3}(?:\.[0-9]{3})+)(?:,([0-9]+))")
_COMMAED = re.compile(r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))")
_MANY_GROUPS = re.compile(r"([+-]?)([0-9]{1,3}(?:(?:\.[0-9]{3}){2,}|(?:,[0-9]{3}){2,}))()")
_PLAIN = re.compile(r"([+-]?)([0-9]+)(?:[.,]([0-9]+))?")
_FORMS = (_SPACED, _DOTTED, _COMMAED, _MANY_GROUPS, _PLAIN)
_ONE_GROUP = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,])[0-9]{3}")

_DAY_FIRST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})")
_MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00(?::00(?:\.0+)?)?")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[/.-]([0-9]{4})")
_SPELLED = re.compile(r"(?:([0-9]{1,2})(?:er)? )?([a-z]+) ([0-9]{4})")
_MONTHS = (
    "janvier janv jan january",
    "fevrier fevr fev february feb",
    "mars march mar",
    "avril avr april apr",
    "mai may",
    "juin june jun",
    "juillet juil july jul",
    "aout august aug",
    "septembre sept sep september",
    "octobre oct october",
    "novembre nov november",
    "decembre dec december",
)
_MONTH_NUMBER = {word: number for number, each in enumerate(_MONTHS, 1) for word in each.split()}
_MONTHS_OF_A_YEAR = 12

_FLAGS = {
    **dict.fromkeys(("oui", "o", "vrai", "true", "yes", "y", "x"), "1"),
    **dict.fromkeys(("non", "n", "faux", "false", "no"), "0"),
}

# French words for the closed lists, folded.
_WORDS: Mapping[type[StrEnum], Mapping[str, StrEnum]] = {
    Kind: {"intercommunalite": Kind.EPCI, "autre": Kind.OTHER},
    Level: {
        "or": Level.GOLD,
        "argent": Level.SILVER,
        "laureat": Level.LAUREATE,
        "laureate": Level.LAUREATE,
        "prix special": Level.SPECIAL,
        "inconnu": Level.UNKNOWN,
    },
    Role: {"porteur": Role.LEAD, "partenaire": Role.PARTNER},
    Qualifier: {
        "environ": Qualifier.ABOUT,
        "pres de": Qualifier.NEARLY,
        "plus de": Qualifier.MORE_THAN,
        "au moins": Qualifier.AT_LEAST,
        "jusqu a": Qualifier.UP_TO,
    },
}

_SIREN_DIGITS = 9
_SIRET_DIGITS = 14


def decimal(text: str) -> str:
    """« 2 730 », « 14,9 % » and « 1.250,5 » as 2730, 14.9 and 1250.5; « 1,250 » is refused."""
    bare = _PERCENT.sub("", text.replace("\u2212", "-"))
    one_group = _ONE_GROUP.fullmatch(bare)
    if one_group and one_group[1] == ",":
        whole, _, rest = bare.partition(",")
        raise ValueError(f"may mean two figures; write {whole}{rest} or {whole}.{rest}")
    return _plain(bare) or text


def count(text: str) -> str:
    """« 2 730 » and « 12,0 » as 2730 and 12; « 1.250 » is refused, for it may be 1.25."""
    if _ONE_GROUP.fullmatch(text):
        whole = text.replace(",", "").replace(".", "")
        raise ValueError(f"may mean two figures; write {whole} without a point or comma")
    whole, _, decimals = (_plain(text) or text).partition(".")
    return text if decimals.strip("0") else whole


def _plain(text: str) -> str | None:
    """A figure in plain digits with a point; None if it is none."""
    for form in _FORMS:
        match = form.fullmatch(text)
        if match:
            sign, whole, decimals = match.groups()
            digits = re.sub(r"[^0-9]", "", whole)
            minus = "-" if sign == "-" else ""
            return f"{minus}{digits}.{decimals}" if decimals else f"{minus}{digits}"
    return None


def year(text: str) -> str:
    """A year that a spreadsheet made a decimal: 2017.0."""
    return count(text)


def day(text: str) -> str:
    """« 14/11/2017 », « 14 novembre 2017 », « 2017-11-14 00:00:00 » as 2017-11-14."""
    if match := _DAY_FIRST.fullmatch(text):
        day_of_month, _, month, of_year = match.groups()
        return _day(of_year, month, day_of_month)
    if match := _YEAR_FIRST.fullmatch(text):
        return _day(*match.groups())
    if match := _MIDNIGHT.fullmatch(text):
        return match[1]
    return _spelled(text)


def partial_date(text: str) -> str:
    """The same, and « nov. 2017 », « 11/2017 » as 2017-11."""
    if match := _MONTH_YEAR.fullmatch(text):
        return _month(match[2], int(match[1]))
    return day(text)


def _spelled(text: str) -> str:
    match = _SPELLED.fullmatch(fold(text))
    month = _MONTH_NUMBER.get(match[2]) if match else None
    if match is None or month is None:
        return text
    return _day(match[3], str(month), match[1]) if match[1] else _month(match[3], month)


def _month(of_year: str, month: int) -> str:
    if not 1 <= month <= _MONTHS_OF_A_YEAR:
        raise ValueError(f"has no month {month}; write the month and the year, as 11/2017")
    return f"{of_year}-{month:02}"


def _day(of_year: str, month: str, day_of_month: str) -> str:
    if len(of_year) == len("17"):
        raise ValueError("has a year of two digits; write all four, as 14/11/2017")
    year_number, month_number, number = int(of_year), int(month), int(day_of_month)
    if not 1 <= month_number <= _MONTHS_OF_A_YEAR:
        raise ValueError(
            f"has no month {month_number}; write the day first, as 14/11/2017, or 2017-11-14"
        )
    days = calendar.monthrange(year_number, month_number)[1] if year_number else 0
    if not 1 <= number <= days:
        raise ValueError(
            f"is a day that does not exist, for {of_year}-{month_number:02} has {days}; "
            "write the right day, as 2017-11-14"
        )
    return f"{of_year}-{month_number:02}-{number:02}"


def flag(text: str) -> str:
    """« Oui », « vrai », « x » as 1; « Non », « faux » as 0."""
    return _FLAGS.get(fold(text), text)


def word(words: type[StrEnum]) -> Mend:
    """One of a closed list in other letters, or its French term: « Or », « département »."""
    known = {fold(member.value): member.value for member in words}
    known |= {term: member.value for term, member in _WORDS.get(words, {}).items()}

    def mend(text: str) -> str:
        folded = fold(text)
        if folded in known:
            return known[folded]
        near = get_close_matches(folded, known, 1)
        if near:
            raise ValueError(
                f"is not in the list; did you mean {known[near[0]]}? "
                f"Write one of {', '.join(member.value for member in words)}"
            )
        return text

    return mend


def slug(text: str) -> str:
    """Nothing: a slug names a record and is not guessed. The refusal proposes one."""
    proposed = slug_of(text)
    if proposed and proposed != text:
        raise ValueError(
            f"is not a slug; write at most 120 of a-z, 0-9 and hyphens, such as {proposed[:60]}"
        )
    return text


def slug_of(text: str) -> str:
    """`text` in a-z, 0-9 and hyphens; empty if it has no such letter."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def siren(text: str) -> str:
    """« 200 046 977 » as 200046977; a SIRET is refused."""
    digits = re.sub(_SPACE, "", text)
    if len(digits) == _SIRET_DIGITS and digits.isdecimal():
        raise ValueError(f"is a SIRET; write its first nine digits, {digits[:_SIREN_DIGITS]}")
    return digits


def postal_codes(text: str) -> str:
    """« 45000, 45100 » and « 45000/45100 » as 45000 45100."""
    return " ".join(re.split(r"[\s,;/]+", text))


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """« did you mean … ? » for a name that is not known, in words; empty if none is near."""
    by_fold = {fold(name): name for name in known}
    near = get_close_matches(fold(wrong), by_fold, 1, 0.7)
    return f"did you mean {by_fold[near[0]]}?" if near else ""
