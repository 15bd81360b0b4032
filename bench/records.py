"""Made-up records on the real collectivities: the rows of each table, parents first.

One seeded generator and natural keys: the same scale gives the same rows everywhere.
"""

import random
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, count
from typing import Any, NamedTuple

import sqlalchemy as sa

from bench import words
from graph.domain.codes import LEVEL_RANK, Kind, Role
from graph.domain.decimals import MICRO
from graph.domain.text import fold
from graph.domain.uid import make_uid
from graph.storage import tables

INITIATIVES, AWARDS, METRICS = 20_000, 15_000, 60_000
YEARS = range(1986, 2026)

_ORGANISER = "Banc d’essai"
_INITIATIVES_PER_SOURCE = 20
_JOINT = 0.05
_SECOND_CATEGORY = 0.15
_WITHOUT_INITIATIVE = 0.10
_TARGET = 0.05
# How many metrics an initiative has: every ten of them have 30.
_METRICS_OF_TEN = (0, 1, 2, 2, 3, 3, 3, 4, 5, 7)
# Who holds initiatives, of 100; within a kind the populous do more.
_HOLDERS = {Kind.COMMUNE: 74, Kind.EPCI: 12, Kind.DEPARTEMENT: 10, Kind.REGION: 4}
_DRAWS = 200_000
# A village of 50 acts too: everyone counts for so many more.
_EXTRA_INHABITANTS = 500

Record = dict[str, Any]


class Place(NamedTuple):
    """A collectivity that may hold initiatives."""

    id: int
    name: str


class Theme(NamedTuple):
    """A category of the committed data."""

    id: int
    slug: str
    label: str


class Year(NamedTuple):
    """An edition to be."""

    id: int
    key: str
    prize: str
    year: int


@dataclass(slots=True)
class Draft:
    """An initiative to be; `year` is that of its first award."""

    id: int
    slug: str
    title: str
    holders: list[Place]
    themes: list[Theme]
    source_id: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Win:
    """An award to be, and who has it."""

    id: int
    number: int
    edition: Year
    draft: Draft | None
    winners: list[Place]


class Ground:
    """What the committed data gives to build on, and the free ids."""

    def __init__(self, connection: sa.Connection, dice: random.Random) -> None:
        self._connection = connection
        self._dice = dice
        category = tables.columns_of(tables.Category)
        rows = sa.select(category.id, category.slug, category.label_fr).order_by(category.id)
        self.themes = [Theme(*row) for row in connection.execute(rows)]
        self._places = self._draw_places()

    def _draw_places(self) -> Iterator[Place]:
        drawn: list[Place] = []
        for kind, percent in _HOLDERS.items():
            places, weights = self._of_kind(kind)
            drawn += self._dice.choices(places, cum_weights=weights, k=_DRAWS * percent // 100)
        self._dice.shuffle(drawn)
        while True:
            yield from drawn

    def _of_kind(self, kind: Kind) -> tuple[list[Place], list[int]]:
        place = tables.columns_of(tables.Collectivity)
        rows = self._connection.execute(
            sa.select(place.id, place.name, place.population)
            .where(place.kind == kind.value, place.is_current)
            .order_by(place.id)
        ).all()
        weights = list(accumulate((row.population or 0) + _EXTRA_INHABITANTS for row in rows))
        return [Place(row.id, row.name) for row in rows], weights

    def winners(self) -> list[Place]:
        """One collectivity, or two that win jointly."""
        first = next(self._places)
        if self._dice.random() >= _JOINT:
            return [first]
        return [first, next(place for place in self._places if place != first)]

    def ids(self, model: Any) -> Iterator[int]:
        """The ids that are free in a table."""
        newest = self._connection.scalar(sa.select(sa.func.max(tables.columns_of(model).id)))
        return count((newest or 0) + 1)


class Maker:
    """Decides at first who did what and who won what; then makes the rows, table by table."""

    def __init__(self, ground: Ground, dice: random.Random, scale: int) -> None:
        self._ground = ground
        self._dice = dice
        self._folded = cache(fold)
        sources = INITIATIVES * scale // _INITIATIVES_PER_SOURCE
        self._source_ids = _take(ground.ids(tables.Source), sources)
        self._prize_ids = dict(zip(words.PRIZES, ground.ids(tables.Prize), strict=False))
        self._editions = self._plan_editions()
        self._drafts = self._plan_initiatives(INITIATIVES * scale)
        self._wins = self._plan_awards(AWARDS * scale)

    def _plan_editions(self) -> list[Year]:
        ids = self._ground.ids(tables.Edition)
        return [
            Year(next(ids), f"{slug}-{year}", slug, year) for year in YEARS for slug in words.PRIZES
        ]

    def _plan_initiatives(self, size: int) -> list[Draft]:
        ids = self._ground.ids(tables.Initiative)
        return [self._draft(next(ids), number) for number in range(size)]

    def _draft(self, id_: int, number: int) -> Draft:
        holders = self._ground.winners()
        title = f"{self._dice.choice(words.THEMES)} : {holders[0].name}"
        is_double = self._dice.random() < _SECOND_CATEGORY
        themes = self._dice.sample(self._ground.themes, 2 if is_double else 1)
        return Draft(id_, f"{_slug(title)}-{number:06d}", title, holders, themes, self._source())

    def _plan_awards(self, size: int) -> list[Win]:
        ids = self._ground.ids(tables.Award)
        wins = []
        for number in range(size):
            edition = self._editions[number % len(self._editions)]
            is_known = self._dice.random() >= _WITHOUT_INITIATIVE
            draft = self._dice.choice(self._drafts) if is_known else None
            if draft:
                draft.year = min(draft.year or edition.year, edition.year)
            winners = draft.holders if draft else self._ground.winners()
            wins.append(Win(next(ids), number, edition, draft, winners))
        return wins

    def _source(self) -> int:
        return self._dice.choice(self._source_ids)

    def tables(self) -> Iterator[tuple[Any, Iterable[Record]]]:
        """Each table's model and its rows, parents first."""
        yield tables.Source, self._source_rows()
        yield tables.Prize, self._prize_rows()
        yield tables.Edition, self._edition_rows()
        yield tables.Initiative, self._initiative_rows()
        yield tables.InitiativeHolder, self._holder_rows()
        yield tables.InitiativeCategory, self._category_rows()
        yield tables.InitiativeSource, self._source_links()
        yield tables.Award, self._award_rows()
        yield tables.Laureate, self._laureate_rows()
        yield tables.Metric, self._metric_rows()

    def _source_rows(self) -> Iterator[Record]:
        for number, id_ in enumerate(self._source_ids):
            url = f"https://example.org/palmares/{number:06d}"
            uid = make_uid("Source", url)
            yield {"id": id_, "uid": uid, "key": url, "url": url, "publisher": _ORGANISER}

    def _prize_rows(self) -> Iterator[Record]:
        for slug, id_ in self._prize_ids.items():
            yield {
                "id": id_,
                "uid": make_uid("Prize", slug),
                "slug": slug,
                "name": words.PRIZES[slug],
                "name_folded": fold(words.PRIZES[slug]),
                "organiser": _ORGANISER,
                "source_id": self._source(),
            }

    def _edition_rows(self) -> Iterator[Record]:
        for edition in self._editions:
            yield {
                "id": edition.id,
                "uid": make_uid("Edition", edition.key),
                "key": edition.key,
                "prize_id": self._prize_ids[edition.prize],
                "year": edition.year,
                "ceremony_date": f"{edition.year}-11-{self._dice.randint(1, 28):02d}",
                "source_id": self._source(),
            }

    def _initiative_rows(self) -> Iterator[Record]:
        for draft in self._drafts:
            yield {
                "id": draft.id,
                "uid": make_uid("Initiative", draft.slug),
                "slug": draft.slug,
                "title": draft.title,
                "title_is_descriptive": False,
                "summary": self._summary(),
                "launched_on": self._partial_date(draft.year or self._dice.choice(YEARS)),
                "year": draft.year,
                "title_folded": fold(draft.title),
            }

    def _summary(self) -> str | None:
        """A sentence of words that texts use as often, or nothing."""
        form = self._dice.choice((*words.SUMMARIES, None))
        drawn = self._dice.choices(
            words.VOCABULARY, cum_weights=words.VOCABULARY_WEIGHTS, k=3 * words.SUMMARY_WORDS
        )
        parts = [" ".join(drawn[at :: words.SUMMARY_WORDS]) for at in range(words.SUMMARY_WORDS)]
        return form and form.format(*parts)

    def _partial_date(self, year: int) -> str | None:
        """As precise as sources are: a year, a month, a day, or nothing."""
        month, day = self._dice.randint(1, 12), self._dice.randint(1, 28)
        forms = (f"{year}", f"{year}-{month:02d}", f"{year}-{month:02d}-{day:02d}", None)
        return self._dice.choices(forms, (3, 4, 2, 1))[0]

    def _holder_rows(self) -> Iterator[Record]:
        for draft in self._drafts:
            for position, place in enumerate(draft.holders):
                yield {
                    "initiative_id": draft.id,
                    "collectivity_id": place.id,
                    "role": Role.LEAD.value,
                    "position": position,
                }

    def _category_rows(self) -> Iterator[Record]:
        for draft in self._drafts:
            for theme in draft.themes:
                yield {"initiative_id": draft.id, "category_id": theme.id}

    def _source_links(self) -> Iterator[Record]:
        for draft in self._drafts:
            yield {"initiative_id": draft.id, "source_id": draft.source_id}

    def _award_rows(self) -> Iterator[Record]:
        weights = [percent for _, _, percent in words.LEVELS]
        for win in self._wins:
            level, printed, _ = self._dice.choices(words.LEVELS, weights)[0]
            draft, edition = win.draft, win.edition
            sponsor = self._dice.choice(words.SPONSORS)
            theme = draft.themes[0] if draft else self._dice.choice(self._ground.themes)
            key = f"{edition.key}-{theme.slug}-{level.lower()}-{win.number:06d}"
            yield {
                "id": win.id,
                "uid": make_uid("Award", key),
                "key": key,
                "edition_id": edition.id,
                "year": edition.year,
                "level": level.value,
                "level_rank": LEVEL_RANK[level],
                "level_as_printed": printed,
                "category_id": theme.id,
                "category_as_printed": theme.label,
                "category_as_printed_folded": self._folded(theme.label),
                "sponsor": sponsor,
                "sponsor_folded": sponsor and self._folded(sponsor),
                "initiative_id": draft.id if draft else None,
                "source_id": draft.source_id if draft else self._source(),
            }

    def _laureate_rows(self) -> Iterator[Record]:
        for win in self._wins:
            for position, place in enumerate(win.winners):
                yield {
                    "award_id": win.id,
                    "collectivity_id": place.id,
                    "position": position,
                    "name_as_printed": place.name,
                }

    def _metric_rows(self) -> Iterator[Record]:
        ids = self._ground.ids(tables.Metric)
        sizes = [*_METRICS_OF_TEN] * (len(self._drafts) // len(_METRICS_OF_TEN))
        self._dice.shuffle(sizes)
        for draft, size in zip(self._drafts, sizes, strict=True):
            year = draft.year or self._dice.choice(YEARS)
            for name_fr, name_en, unit, decimals in self._dice.sample(words.METRICS, size):
                key = f"{draft.slug}/{name_fr}/{year}"
                qualifier, qualifier_kind = self._dice.choice(words.QUALIFIERS)
                yield {
                    "id": next(ids),
                    "uid": make_uid("Metric", key),
                    "key": key,
                    "initiative_id": draft.id,
                    "name_fr": name_fr,
                    "name_folded": self._folded(name_fr),
                    "name_en": name_en,
                    "value_micro": self._dice.randint(1, 20_000) * MICRO // 10**decimals,
                    "unit": unit,
                    "year": year,
                    "as_of": str(year),
                    "qualifier": qualifier,
                    "qualifier_kind": qualifier_kind,
                    "is_target": self._dice.random() < _TARGET,
                    "source_id": draft.source_id,
                }


def _take(ids: Iterator[int], size: int) -> list[int]:
    return [next(ids) for _ in range(size)]


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("’", " ")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
