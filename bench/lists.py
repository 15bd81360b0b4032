"""A made-up list of any length as native CSV files, always the same: awards, metrics, and theirs.

One row in five is an award, the others are metrics; a hundredth as many initiatives carry them.
Each award has a laureate and each initiative a holder, real collectivities.
"""

import csv
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench import words
from bench.records import YEARS
from graph.domain.codes import Kind, Role
from graph.domain.text import fold
from graph.storage import tables

KEY = "bench-import"
_AWARDS = 5
_INITIATIVES = 50
_TARGET = 0.05
_ORGANISER = "Banc d’essai"

Row = tuple[Any, ...]


def write(connection: sa.Connection, folder: Path, rows: int, *, is_shuffled: bool = False) -> int:
    """Writes a list with `rows` awards and metrics; gives how many rows it has in all.

    A shuffled one has the same rows in another order, and its columns as well.
    """
    folder.mkdir(parents=True)
    total = 0
    for name, header, lines in _List(connection, rows).files():
        written = list(lines)
        total += len(written)
        if is_shuffled:
            random.Random(name).shuffle(written)
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            turn = -1 if is_shuffled else 1
            writer.writerows(line[::turn] for line in (header, *written))
    return total


class _List:
    """Decides by one seeded generator what stands in each file."""

    def __init__(self, connection: sa.Connection, rows: int) -> None:
        place, theme = tables.columns_of(tables.Collectivity), tables.columns_of(tables.Category)
        communes = sa.select(place.code, place.name).where(
            place.kind == Kind.COMMUNE.value, place.is_current
        )
        self._places = [(*row,) for row in connection.execute(communes.order_by(place.code))]
        themes = sa.select(theme.slug, theme.label_fr).order_by(theme.slug)
        self._themes = [(*row,) for row in connection.execute(themes)]
        self._dice = random.Random(f"terrigraph {rows}")
        self._awards = rows // _AWARDS
        self._metrics = rows - self._awards
        self._held = [
            (self._dice.choice(self._places), self._dice.choice(words.THEMES))
            for _ in range(max(rows // _INITIATIVES, 1))
        ]

    def files(self) -> Iterator[tuple[str, Row, Iterable[Row]]]:
        """The name of each table with its header and rows."""
        yield (
            "prizes",
            ("slug", "name", "organiser"),
            ((slug, name, _ORGANISER) for slug, name in words.PRIZES.items()),
        )
        yield (
            "editions",
            ("prize", "year", "ceremony_date"),
            ((slug, year, f"{year}-11-14") for slug in words.PRIZES for year in YEARS),
        )
        yield "initiatives", ("slug", "title", "summary", "launched_on"), self._initiatives()
        yield "holders", ("initiative", "position", "role", "kind", "code"), self._holders()
        yield "awards", _AWARD, self._award_rows()
        yield "laureates", ("award", "position", "kind", "code", "name_as_printed"), self._winners()
        yield "metrics", _METRIC, self._metric_rows()

    def _slug(self, number: int) -> str:
        (_, name), theme = self._held[number]
        return f"{fold(f'{theme} {name}').replace(' ', '-')}-{number:06d}"

    def _initiatives(self) -> Iterator[Row]:
        for number, ((_, name), theme) in enumerate(self._held):
            drawn = self._dice.choices(
                words.VOCABULARY, cum_weights=words.VOCABULARY_WEIGHTS, k=3 * words.SUMMARY_WORDS
            )
            parts = (" ".join(drawn[at :: words.SUMMARY_WORDS]) for at in range(3))
            summary = self._dice.choice(words.SUMMARIES).format(*parts)
            yield self._slug(number), f"{theme} : {name}", summary, self._dice.choice(YEARS)

    def _holders(self) -> Iterator[Row]:
        for number, ((code, _), _) in enumerate(self._held):
            yield self._slug(number), 0, Role.LEAD.value, Kind.COMMUNE.value, code

    def _award_key(self, number: int) -> str:
        prize = [*words.PRIZES][number % len(words.PRIZES)]
        return f"{prize}-{YEARS[number % len(YEARS)]}-{number:07d}"

    def _award_rows(self) -> Iterator[Row]:
        weights = [percent for _, _, percent in words.LEVELS]
        for number in range(self._awards):
            prize = [*words.PRIZES][number % len(words.PRIZES)]
            year = YEARS[number % len(YEARS)]
            level, printed, _ = self._dice.choices(words.LEVELS, weights)[0]
            theme, label = self._dice.choice(self._themes)
            sponsor = self._dice.choice(words.SPONSORS)
            of = self._slug(number % len(self._held))
            yield self._award_key(number), prize, year, level, printed, theme, label, sponsor, of

    def _winners(self) -> Iterator[Row]:
        for number in range(self._awards):
            (code, name), _ = self._held[number % len(self._held)]
            yield self._award_key(number), 0, Kind.COMMUNE.value, code, name

    def _metric_rows(self) -> Iterator[Row]:
        """Figures of one initiative after the other, each year by year."""
        each = -(-self._metrics // len(self._held))
        for number in range(self._metrics):
            of, turn = divmod(number, each)
            name_fr, name_en, unit, decimals = words.METRICS[turn % len(words.METRICS)]
            year = YEARS[-1] - turn // len(words.METRICS)
            value = self._dice.randint(1, 20_000) / 10**decimals
            qualifier, kind = self._dice.choice(words.QUALIFIERS)
            is_target = int(self._dice.random() < _TARGET)
            what = (name_fr, name_en, f"{value:.{decimals}f}", unit, year, year)
            yield self._slug(of), *what, qualifier, kind, is_target


_AWARD = (
    "key",
    "prize",
    "year",
    "level",
    "level_as_printed",
    "category",
    "category_as_printed",
    "sponsor",
    "initiative",
)
_METRIC = (
    "initiative",
    "name_fr",
    "name_en",
    "value",
    "unit",
    "year",
    "as_of",
    "qualifier",
    "qualifier_kind",
    "is_target",
)
