"""What names can lead to: the collectivities of a database, and names of the past on record."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import sqlalchemy as sa

from graph.domain.codes import Kind
from graph.domain.text import fold
from graph.storage.tables import Collectivity, FormerCode, table_of
from seed.who.words import core_words, words_of, written_out

_COLUMNS = (
    *("id", "kind", "code", "name", "sub_kind", "is_current", "population", "siren"),
    *("postal_codes", "departement_id", "region_id", "epci_id", "parent_id", "successor_id"),
    "name_folded",
)
_WITHIN = slice(9, 12)
_KINDS = {kind.value: kind for kind in Kind}
_NOWHERE: frozenset[str] = frozenset()
# No département has a longer code; others need no set of their own.
_CODE = 3

_EPCI_TYPES = {"MET69": "METRO"}


@dataclass(slots=True, eq=False)
class Entry:
    """A collectivity. `answers_to` are the kinds that a list may say it is.

    `rank` is 0 for what exists, 1 for a commune that became part of another. `departements` are
    those that it lies in; empty where none is known. `spaced` are the words of its name.
    `is_held`: the database holds it.
    """

    kind: Kind
    code: str
    name: str
    sub_kind: str | None = None
    rank: int = 0
    population: int = 0
    siren: str | None = None
    postal_codes: str = ""
    departement: str | None = None
    departements: frozenset[str] = frozenset()
    parent: tuple[Kind, str] | None = None
    successor: tuple[Kind, str] | None = None
    answers_to: frozenset[Kind] = frozenset()
    epci_type: str | None = None
    is_official: bool = True
    spaced: str = ""
    is_held: bool = True


@dataclass(frozen=True, slots=True)
class OtherName:
    """A name that is not the official one of today; the years are those of its use."""

    name: str
    kind: Kind
    code: str
    sub_kind: str | None
    parent: tuple[Kind, str] | None
    since: int | None
    until: int | None

    def is_of(self, year: int | None) -> bool:
        """Whether the name was in use in a year, one more allowed: lists come out late."""
        if year is None:
            return True
        return (self.since or year) - 1 <= year <= (self.until or year) + 1


def read_entries(connection: sa.Connection) -> list[Entry]:
    """All collectivities of a database. One statement."""
    of = table_of(Collectivity)
    query = sa.select(*(of.c[name] for name in _COLUMNS)).order_by(of.c.id)
    rows = [tuple(row) for row in connection.execute(query).all()]
    keys = {row[0]: (_KINDS[row[1]], row[2]) for row in rows}
    within = _departements(rows, keys)
    return [_entry(row, keys, within.get(row[0], _NOWHERE)) for row in rows]


def _departements(
    rows: Iterable[tuple[Any, ...]], keys: Mapping[int, tuple[Kind, str]]
) -> dict[int, frozenset[str]]:
    """The départements that each lies in, or of a région or an EPCI, those that lie in it."""
    alone = {number: frozenset({code}) for number, (_, code) in keys.items() if len(code) <= _CODE}
    within: dict[int, frozenset[str]] = {}
    around: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        departement, region, epci = row[_WITHIN]
        if departement is not None:
            within[row[0]] = alone[departement]
            for group in (region, epci):
                if group is not None:
                    around[group].add(departement)
    for group, departements in around.items():
        within[group] = frozenset(keys[number][1] for number in departements)
    return within


def _entry(
    row: tuple[Any, ...], keys: Mapping[int, tuple[Kind, str]], departements: frozenset[str]
) -> Entry:
    number, _, code, name, sub_kind, is_current, population, siren, postal_codes = row[:9]
    departement, _, epci, parent, successor, folded = row[9:]
    kind = keys[number][0]
    is_epci = epci is not None and (kind == Kind.EPCI or sub_kind == "EPT")
    return Entry(
        kind,
        code,
        name,
        sub_kind,
        0 if is_current or kind != Kind.OTHER else 1,
        population or 0,
        siren,
        postal_codes,
        keys[departement][1] if departement is not None else None,
        departements,
        keys.get(parent),
        keys.get(successor),
        answers_to(kind, sub_kind),
        _EPCI_TYPES.get(sub_kind, sub_kind) if is_epci else None,
        code[0].isdigit(),
        " ".join(written_out(folded or fold(name))),
    )


@lru_cache(maxsize=64)
def answers_to(kind: Kind, sub_kind: str | None) -> frozenset[Kind]:
    """The kinds that people may take it for: a delegated commune is called a commune as well."""
    if kind != Kind.OTHER or not sub_kind:
        return frozenset({kind})
    seen_as = (
        (Kind.COMMUNE, ("commune", "arrondissement")),
        (Kind.REGION, ("région",)),
        (Kind.EPCI, ("EPT", "communauté", "agglomération")),
    )
    words = sub_kind.split()
    return frozenset({kind, *(seen for seen, said in seen_as if not {*words}.isdisjoint(said))})


def read_former_codes(connection: sa.Connection) -> dict[str, str]:
    """The code of the current commune by each code of the past. One statement."""
    of, commune = table_of(FormerCode), table_of(Collectivity)
    query = sa.select(of.c.code, commune.c.code).join(commune, commune.c.id == of.c.collectivity_id)
    return {row[0]: row[1] for row in connection.execute(query)}


def other_names() -> Iterator[OtherName]:
    """The names on record in `other_names.csv`."""
    file = files("seed.who") / "other_names.csv"
    with file.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield OtherName(
                row["name"],
                Kind(row["kind"]),
                row["code"],
                row["sub_kind"] or None,
                (Kind(row["parent_kind"]), row["parent_code"]) if row["parent_kind"] else None,
                int(row["since"]) if row["since"] else None,
                int(row["until"]) if row["until"] else None,
            )


def core_of(name: str) -> Iterator[tuple[str, bool]]:
    """The keys that find an intercommunalité by its core words, and whether one is a sigle.

    "CA de Blois ''Agglopolys''" is found by "blois", "agglopolys" and both.
    """
    outside, quoted = name, []
    for opening, closing in (("''", "''"), ('"', '"'), ("(", ")")):
        before, found, rest = outside.partition(opening)
        aside, closed, after = rest.partition(closing)
        if found and closed:
            outside = f"{before} {after}"
            quoted.append((aside, opening == "("))
    yield "".join(core_words(words_of(outside))), False
    for aside, is_sigle in quoted:
        yield "".join(core_words(words_of(aside))), is_sigle
    if quoted:
        yield "".join(core_words(words_of(name))), False
