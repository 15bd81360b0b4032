"""Names to identify, with whom they mean: those of the awards in two halves, and generated ones."""

import csv
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from graph.domain.codes import Kind
from graph.domain.text import fold
from seed.who import Asked
from seed.who.entries import Entry

DATA = files("seed") / "data"
DEVELOPMENT, HELD_OUT = 0, 1


class Case(NamedTuple):
    """A question and its right answer; no answer is right where `code` is None."""

    asked: Asked
    kind: Kind | None
    code: str | None


def digest(text: str) -> int:
    """A number that hangs on the text alone."""
    return int.from_bytes(sha256(text.encode()).digest()[:4])


def half_of(name: str) -> int:
    """The half that a printed name belongs to, however it is spelt."""
    return sha256(fold(name).encode()).digest()[0] & 1


def printed(half: int) -> list[Case]:
    """Each name of the committed awards once, with the year of its award and nothing else."""
    with (DATA / "awards.csv").open(encoding="utf-8") as lines:
        years = {row["key"]: int(row["year"]) for row in csv.DictReader(lines)}
    cases: dict[tuple[str, str, str], Case] = {}
    with (DATA / "laureates.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            name, kind, code = row["name_as_printed"], row["kind"], row["code"]
            if half_of(name) == half:
                asked = Asked(name, year=years[row["award"]])
                cases.setdefault((name, kind, code), Case(asked, Kind(kind), code))
    return list(cases.values())


def with_departement(cases: Iterable[Case], entries: Iterable[Entry]) -> Iterator[Case]:
    """The same, with the département in a column of its own, as many lists have it."""
    known = {(entry.kind, entry.code): entry.departement for entry in entries}
    for case in cases:
        asked = Asked(case.asked.text, departement=known.get((case.kind, case.code)))
        yield case._replace(asked=asked)


Vary = Callable[[str, int], str]


def _mistyped(name: str, number: int) -> str:
    """One letter more, less or other, or two that changed places; never the first."""
    places = [at for at in range(1, len(name) - 1) if name[at].isalpha() and name[at + 1].isalpha()]
    if not places:
        return name
    at = places[number % len(places)]
    letter = "aeinorst"[number % 8]
    return (
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + letter + name[at + 1 :],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    )[number % 4]


def _abbreviated(name: str, _number: int) -> str:
    for long, short in (
        ("Sainte-", "Ste-"),
        ("Saint-", "St-"),
        ("Sainte ", "Ste "),
        ("-sur-", " s/ "),
    ):
        name = name.replace(long, short)
    return name


def _behind(name: str, article: str, rest: str) -> str:
    return f"{rest} ({article})" if rest else name


def _article_last(name: str, _number: int) -> str:
    for article in ("Le", "La", "Les"):
        if name.startswith(f"{article} "):
            return _behind(name, article, name.removeprefix(f"{article} "))
    return name.removeprefix("L'") + " (L')" if name.startswith("L'") else name


SPELLINGS: dict[str, Vary] = {
    "as it is": lambda name, _: name,
    "capitals": lambda name, _: name.upper(),
    "no accents": lambda name, _: fold(name).title(),
    "no hyphens": lambda name, _: name.replace("-", " "),
    "typographic": lambda name, _: name.replace("'", "’").replace("-", "\u2011"),
    "abbreviated": _abbreviated,
    "article last": _article_last,
    "mistyped": _mistyped,
}


def _of(name: str) -> str:
    """A name behind "Ville": "du Mans", "d'Antony", "de Brest"."""
    for article, link in (("Le ", "du "), ("Les ", "des "), ("La ", "de la "), ("L'", "de l'")):
        if name.startswith(article):
            return link + name.removeprefix(article)
    return ("d'" if fold(name)[:1] in "aeiouyh" else "de ") + name


_EPCI = {
    "CC": ("Communauté de communes ", "CC ", "Communauté de Communes "),
    "CA": ("Communauté d'agglomération ", "CA ", "Agglomération "),
    "CU": ("Communauté urbaine ", "CU ", "La communauté urbaine "),
}


def titled(entry: Entry, name: str, number: int) -> str:
    """A name with what it is of, in one of the usual ways."""
    if entry.kind == Kind.COMMUNE:
        before = ("", "Ville ", "Commune ", "Mairie ", "La ville ")[number % 5]
        return before + _of(name) if before else name
    if entry.kind == Kind.DEPARTEMENT:
        before = ("Département ", "Conseil départemental ", "Conseil général ", "CD ")[number % 4]
        return before + _of(name)
    if entry.kind == Kind.REGION:
        return ("Région ", "Conseil régional de ")[number % 2] + name
    kind, _, rest = name.partition(" ")
    ways = _EPCI.get(kind)
    return ways[number % len(ways)] + rest if ways else name


def is_withheld(entry: Entry) -> bool:
    """Whether an entry is of the tenth of communes and EPCI that a register is built without."""
    if entry.kind not in (Kind.COMMUNE, Kind.EPCI):
        return False
    return digest(f"{entry.kind} {entry.code}") % 10 == 0


def absent(entries: Iterable[Entry]) -> Iterator[Case]:
    """Names of the withheld tenth, to be asked of a register that does not know them.

    Those are left out of which a part has the same name, and is then meant as well.
    """
    known = list(entries)
    parts = {(entry.successor, entry.spaced) for entry in known if entry.rank}
    for entry in known:
        is_asked = entry.is_official and entry.rank == 0 and is_withheld(entry)
        if is_asked and ((entry.kind, entry.code), entry.spaced) not in parts:
            number = digest(entry.code)
            yield Case(Asked(titled(entry, entry.name, number)), entry.kind, entry.code)


def generated(entries: Iterable[Entry], spelling: str) -> Iterator[Case]:
    """Each territory of the official code in one spelling, with a title where one is usual."""
    vary = SPELLINGS[spelling]
    for entry in entries:
        if entry.is_official and entry.rank == 0 and entry.kind != Kind.OTHER:
            number = digest(f"{spelling} {entry.kind} {entry.code}")
            # What stands before a name is seldom mistyped.
            text = (
                titled(entry, vary(entry.name, number >> 8), number)
                if vary is _mistyped
                else vary(titled(entry, entry.name, number), number >> 8)
            )
            yield Case(Asked(text), entry.kind, entry.code)
