"""The committed rows in plain Python, and what grouping them means: the independent answer."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import sqlalchemy as sa

from graph.domain.codes import POPULATION_FROM, Kind, Level, PopulationClass
from graph.storage.engine import open_engine
from graph.storage.tables import Collectivity

Row = dict[str, Any]
Key = tuple[Any, ...]

_TABLES = (
    "award",
    "category",
    "collectivity",
    "edition",
    "former_code",
    "initiative",
    "initiative_category",
    "initiative_holder",
    "laureate",
    "metric",
    "prize",
)
PLACES = {"REGION", "DEPARTEMENT", "EPCI"}
OF_HOLDER = {*PLACES, "KIND", "SUB_KIND", "POPULATION_CLASS"}


@dataclass(frozen=True)
class Item:
    """A row that is grouped: what it says itself, who holds it, and what was measured of it."""

    id: int
    uid: str
    facts: dict[str, list[Any]]
    holders: list[int]
    metrics: list[Row]


@dataclass
class Group:
    """The rows of a group, and those of their holders that are in it."""

    items: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    metrics: dict[int, Row] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.items)


class Plain:
    """All rows of a database, and where they lie by their parents."""

    def __init__(self, url: str) -> None:
        engine = open_engine(url)
        with engine.connect() as connection:
            self.rows: dict[str, list[Row]] = {
                name: [
                    dict(row)
                    for row in connection.execute(
                        sa.select(Collectivity.metadata.tables[name])
                    ).mappings()
                ]
                for name in _TABLES
            }
        engine.dispose()
        self.places: dict[int, Row] = {row["id"]: row for row in self.rows["collectivity"]}
        self._codes = {(row["kind"], row["code"]): row for row in self.rows["collectivity"]}
        self._lists = cache(self._read_lists)
        self.slugs = {
            name: {row["id"]: row["slug"] for row in self.rows[name]}
            for name in ("category", "prize")
        }

    def ancestor(self, place: int | None, kind: Kind) -> int | None:
        """The collectivity of a kind that a place is, or lies in by its parents."""
        while place is not None and self.places[place]["kind"] != kind:
            place = self.places[place]["parent_id"]
        return place

    def territory(self, place: int | None, kind: Kind) -> int | None:
        """The territory of a kind that a place lies in."""
        if place is None:
            return None
        row = self.places[place]
        found: int | None
        if kind is Kind.EPCI and row["kind"] == Kind.COMMUNE:
            found = row["epci_id"]  # a membership, which no parent tells
        elif kind is Kind.EPCI and row["kind"] == Kind.OTHER:
            found = self.territory(row["parent_id"], kind)
        elif kind is Kind.DEPARTEMENT and row["sub_kind"] == "EPT":
            found = row["departement_id"]  # that of most of its inhabitants
        else:
            found = self.ancestor(place, kind)
        return found

    def awards(self) -> list[Item]:
        prizes = {row["id"]: row["prize_id"] for row in self.rows["edition"]}
        metrics = self._lists("metric", "initiative_id")
        winners = self._lists("laureate", "award_id")
        return [
            Item(
                row["id"],
                row["uid"],
                {
                    "PRIZE": [self.slugs["prize"][prizes[row["edition_id"]]]],
                    "YEAR": [row["year"]],
                    "LEVEL": [row["level"]],
                    "CATEGORY": [self.slugs["category"].get(row["category_id"])],
                },
                _holders(winners.get(row["id"], [])),
                metrics.get(row["initiative_id"], []),
            )
            for row in self.rows["award"]
        ]

    def initiatives(self) -> list[Item]:
        metrics = self._lists("metric", "initiative_id")
        return [
            Item(
                row["id"],
                row["uid"],
                {"YEAR": [row["year"]], "CATEGORY": self._categories(row["id"])},
                self._initiative_holders(row["id"]),
                metrics.get(row["id"], []),
            )
            for row in self.rows["initiative"]
        ]

    def metrics(self) -> list[Item]:
        return [
            Item(
                row["id"],
                row["uid"],
                {
                    "UNIT": [row["unit"]],
                    "NAME": [row["name_fr"]],
                    "YEAR": [row["year"]],
                    "CATEGORY": self._categories(row["initiative_id"]),
                },
                self._initiative_holders(row["initiative_id"]),
                [row],
            )
            for row in self.rows["metric"]
        ]

    def collectivities(self) -> list[Item]:
        return [Item(row["id"], row["uid"], {}, [row["id"]], []) for row in self.places.values()]

    def grouped(
        self, items: Iterable[Item], by: Sequence[str], *, is_lead_only: bool = False
    ) -> dict[Key, Group]:
        """The groups by their keys; what several hold counts in the group of each."""
        groups: dict[Key, Group] = {}
        is_by_holder = bool(OF_HOLDER & set(by))
        for item in items:
            holders: list[int | None] = [*(item.holders[:1] if is_lead_only else item.holders)]
            for holder in holders if is_by_holder and holders else [None]:
                ways = [
                    [self._of_holder(name, holder)] if name in OF_HOLDER else item.facts[name]
                    for name in by
                ]
                people = [holder] if is_by_holder else holders
                for key in product(*ways):
                    group = groups.setdefault(key, Group())
                    group.items.add(item.id)
                    group.people.update(each for each in people if each is not None)
                    group.metrics.update({row["id"]: row for row in item.metrics})
        return groups

    def population(self, dimension: str, code: Any) -> int | None:
        """The inhabitants of a territory."""
        found = self._codes.get((dimension, code))
        population: int | None = found["population"] if found else None
        return population

    def universe(self, dimension: str, within: Callable[[int], bool]) -> list[Any]:
        """All values that groups of a dimension can have; of territories those within one."""
        if dimension in PLACES:
            return [
                row["code"]
                for row in self.places.values()
                if row["kind"] == dimension and row["is_current"] and within(row["id"])
            ]
        if dimension in ("CATEGORY", "PRIZE"):
            return list(self.slugs[dimension.lower()].values())
        if dimension == "YEAR":
            return sorted({row["year"] for row in self.rows["edition"]})
        words: dict[str, Any] = {"KIND": Kind, "LEVEL": Level, "POPULATION_CLASS": PopulationClass}
        return [str(word) for word in words[dimension]]

    def _of_holder(self, dimension: str, holder: int | None) -> Any:
        if holder is None:
            return None
        row = self.places[holder]
        if dimension in PLACES:
            place = self.territory(holder, Kind(dimension))
            return None if place is None else self.places[place]["code"]
        if dimension == "POPULATION_CLASS":
            return _population_class(row["population"])
        return row[dimension.lower()]

    def _categories(self, initiative: int) -> list[Any]:
        found = self._lists("initiative_category", "initiative_id").get(initiative, [])
        return [self.slugs["category"][row["category_id"]] for row in found] or [None]

    def _initiative_holders(self, initiative: int) -> list[int]:
        return _holders(self._lists("initiative_holder", "initiative_id").get(initiative, []))

    def _read_lists(self, table: str, column: str) -> dict[Any, list[Row]]:
        found: dict[Any, list[Row]] = {}
        for row in self.rows[table]:
            found.setdefault(row[column], []).append(row)
        return found


def _holders(rows: list[Row]) -> list[int]:
    return [row["collectivity_id"] for row in sorted(rows, key=lambda row: row["position"])]


def _population_class(population: int | None) -> str | None:
    if population is None:
        return None
    reached = [word for word, least in POPULATION_FROM.items() if population >= least]
    return str(reached[-1])


ORDERED: dict[str, Sequence[Any]] = {
    "LEVEL": [str(level) for level in Level],
    "KIND": [str(kind) for kind in Kind],
    "POPULATION_CLASS": [str(word) for word in PopulationClass],
}


def sortable(key: Key, by: Sequence[str]) -> list[tuple[bool, bytes]]:
    """What puts keys in order: codes and slugs by their letters, words as they rank."""
    return [
        (value is None, b"" if value is None else _text(name, value))
        for name, value in zip(by, key, strict=True)
    ]


def _text(dimension: str, value: Any) -> bytes:
    words = ORDERED.get(dimension)
    return (f"{words.index(value):02}" if words else str(value)).encode()


def summary(micro: Iterable[int]) -> dict[str, Any]:
    """The exact summary of numbers in millionths, rounded half away from zero to 6 decimals."""
    known = sorted(micro)
    names = ("sum", "avg", "min", "max", "median")
    if not known:
        return {"known": 0, **dict.fromkeys(names)}
    middle = known[(len(known) - 1) // 2], known[len(known) // 2]
    found = (
        Fraction(sum(known)),
        Fraction(sum(known), len(known)),
        Fraction(known[0]),
        Fraction(known[-1]),
        Fraction(sum(middle), 2),
    )
    return {"known": len(known), **{name: _shown(f) for name, f in zip(names, found, strict=True)}}


def _shown(micro: Fraction) -> float:
    whole = (Decimal(micro.numerator) / Decimal(micro.denominator)).quantize(
        Decimal(1), rounding=ROUND_HALF_UP
    )
    return float(Fraction(int(whole), 1_000_000))


def ranks(values: Iterable[Any]) -> Iterator[int]:
    """The rank of each of some sorted values; equal ones have the same."""
    rank, last = 0, object()
    for place, value in enumerate(values, 1):
        if value != last:
            rank, last = place, value
        yield rank
