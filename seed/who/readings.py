"""Ways to read a printed name: the words that may be the name, and what stands around them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from graph.domain.codes import Kind
from seed.who.titles import Title, bare_title, joined, title_before, title_behind
from seed.who.words import ARTICLES, TEXT_MAX_CHARACTERS, Words, words_of

# The codes of the départements that a text names; None where it names none.
FindPlaces = Callable[[str], frozenset[str] | None]

_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_SEPARATOR = re.compile(r"\s*[,;:|\n]\s*|\s+-+\s+|\s*[\u2013\u2014]\s*")
_AT_THE_ENDS = " \t,;:|-\u2013\u2014"
_POSTAL_CODE = re.compile(r"(?<![0-9])[0-9]{5}(?![0-9])")
_JOINED = re.compile(r"\b(cd|cg|cr|dept|dpt|sdis|cdg|mdph)(?=[0-9])", re.IGNORECASE)
_CODE_BEHIND = re.compile(r"(.*\S)\s+(2[ab]|[0-9]{2}|97[0-9])", re.IGNORECASE | re.DOTALL)
_SIGLE = re.compile(r"(?<!\w)[A-Z][A-Z0-9]{2,}(?!\w)")
_ARRONDISSEMENT = re.compile(r"\b([0-9]{1,2}) ?(?:er|ere|e|eme)\b")
_SIGNS = re.compile(r"\s*[/+&;]\s*")
_SIGNS_AND_WORDS = re.compile(r"\s*[/+&;]\s*|\s+et\s+")
_CITIES = ("paris", "lyon", "marseille")

# Parts of a town hall: the name stands behind them. "Direction des finances de la Ville de Paris".
_SERVICES = frozenset(
    [
        "cabinet",
        "delegation",
        "direction",
        "directions",
        "laboratoire",
        "mission",
        "pole",
        "secretariat",
        "service",
        "services",
    ]
)


@dataclass(frozen=True, slots=True)
class Reading:
    """Words that may be a name; `part` numbers those that leave others aside, 0 does not."""

    words: Words
    title: Title | None = None
    part: int = 0


@dataclass(slots=True)
class Printed:
    """A printed name taken apart: its readings, the likeliest first, and what it tells besides.

    A collectivity lies in one at least of each of `departements`.
    """

    words: Words = ()
    title: Title | None = None
    readings: list[Reading] = field(default_factory=list)
    departements: list[frozenset[str]] = field(default_factory=list)
    postal_code: str | None = None
    unknown_place: str | None = None


def read(text: str, places: FindPlaces) -> Printed:
    """Takes a printed name apart."""
    printed = Printed()
    text = _JOINED.sub(r"\1 ", text[:TEXT_MAX_CHARACTERS])
    asides = [one or other for one, other in _BRACKETS.findall(text)]
    outside = _BRACKETS.sub(" ", text)
    kept = [aside for aside in asides if not _is_told(aside, printed, places)]
    whole = words_of(outside)
    outside = _without_place(outside, printed, places)
    printed.words = words_of(outside)
    parts: dict[Words, int] = {}
    readings: dict[Reading, None] = {}
    for words, is_part in (*_variants(outside, kept), (whole, bool(kept))):
        part = parts.setdefault(words, len(parts) + 1) if is_part else 0
        for reading in _titled(words, printed.title, part):
            readings.setdefault(reading)
    printed.readings = list(readings)
    return printed


def signs(text: str) -> list[str]:
    """The parts of a text between signs that join names: "Angers / CU Angers Loire Métropole"."""
    return _parts(_SIGNS, text)


def signs_and_words(text: str) -> list[str]:
    """The same, and those that "et" joins, which is in many a name."""
    return _parts(_SIGNS_AND_WORDS, text)


def _parts(between: re.Pattern[str], text: str) -> list[str]:
    return [part for part in between.split(text[:TEXT_MAX_CHARACTERS]) if part.strip()]


def _is_told(aside: str, printed: Printed, places: FindPlaces) -> bool:
    """Whether what stands in brackets says where, or what somebody is, and nothing else."""
    words = words_of(aside)
    if not words:
        return True
    if found := places(aside):
        printed.departements.append(found)
        # "Loiret (CD45)" says both.
        titled = title_before(words)
        printed.title = joined(printed.title, titled[0]) if titled else printed.title
        return True
    if title := bare_title(words):
        printed.title = joined(printed.title, title)
        return True
    if _POSTAL_CODE.fullmatch(aside.strip()):
        printed.postal_code = aside.strip()
        return True
    return False


def _without_place(text: str, printed: Printed, places: FindPlaces) -> str:
    """The text without a postal code, or a département at its end."""
    if postal_code := _POSTAL_CODE.search(text):
        rest = f"{text[: postal_code.start()]} {text[postal_code.end() :]}".strip(_AT_THE_ENDS)
        if rest:
            printed.postal_code = postal_code[0]
            text = rest
    text = text.strip(_AT_THE_ENDS)
    parts = _SEPARATOR.split(text)
    if len(parts) > 1 and not bare_title(words_of(parts[0])) and (found := places(parts[-1])):
        printed.departements.append(found)
        return text[: text.rindex(parts[-1])].strip(_AT_THE_ENDS)
    behind = _CODE_BEHIND.fullmatch(text)
    if behind and not bare_title(words_of(behind[1])) and (found := places(behind[2])):
        printed.departements.append(found)
        return behind[1]
    return text


def _variants(outside: str, asides: list[str]) -> Iterator[tuple[Words, bool]]:
    """Words that may hold the name, and whether others are left aside."""
    whole = words_of(outside)
    for aside in map(words_of, asides):
        # Mans (Le), or Saint-Rémy (en Comté) and Hôtel de ville (Les Ponts-de-Cé).
        is_article = len(aside) == 1 and aside[0] in ARTICLES
        yield ((*aside, *whole) if is_article else (*whole, *aside)), False
    if whole:
        yield whole, bool(asides)
    for aside in map(words_of, asides):
        yield aside, bool(whole) and not bare_title(whole)
    yield from _segments(outside)
    yield from _without_sigles(outside, whole)
    if whole and whole[0] in _SERVICES:
        for start in range(1, len(whole)):
            if whole[start] not in ARTICLES and title_before(whole[start:]):
                yield whole[start:], True


def _segments(outside: str) -> Iterator[tuple[Words, bool]]:
    parts = [words for part in _SEPARATOR.split(outside) if (words := words_of(part))]
    if len(parts) > 1:
        first, last = parts[0], parts[-1]
        if len(last) == 1 and last[0] in ARTICLES:  # "Mans, Le"
            yield (*last, *first), False
        yield first, True
        yield from ((part, True) for part in parts[1:] if title_before(part))


def _without_sigles(outside: str, whole: Words) -> Iterator[tuple[Words, bool]]:
    # In a text that is all in capitals nothing can be told from a sigle.
    if outside != outside.upper():
        words = words_of(_SIGLE.sub(" ", outside.replace("/", " ")))
        if words and words != whole:
            yield words, True


def _titled(words: Words, told: Title | None, part: int) -> Iterator[Reading]:
    """The words as they are, and without what they say of their bearer."""
    if words:
        yield from _arrondissement(words)
        yield Reading(words, told, part)
        for title, rest in _stripped(words, told):
            yield Reading(rest, title, part)


def _stripped(words: Words, told: Title | None) -> Iterator[tuple[Title, Words]]:
    title, rest = told, words
    while rest and (found := title_before(rest)):
        title, rest = joined(title, found[0]), found[1]
        yield title, rest
        # Only communes have articles of their own: "Conseil départemental du Loiret".
        if len(rest) > 1 and rest[0] in ARTICLES and Kind.COMMUNE not in title.kinds:
            yield title, rest[1:]
    for start in dict.fromkeys((words, rest)):
        if start and (behind := title_behind(start)):
            yield joined(title, behind[0]), behind[1]


def _arrondissement(words: Words) -> Iterator[Reading]:
    """By its official name: "mairie du 10e arrondissement de Paris"."""
    city = next((city for city in _CITIES if city in words), None)
    found = _ARRONDISSEMENT.search(" ".join(words)) if city else None
    if city and found:
        number = int(found[1])
        order = f"{number}er" if number == 1 else f"{number}e"
        yield Reading((city, order, "arrondissement"))
