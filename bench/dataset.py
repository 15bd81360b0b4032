"""A reproducible data set for benchmarks: made-up records on the real collectivities.

Scale 1 is 20,000 initiatives, 15,000 awards and 60,000 metrics beside the committed data.
The same scale gives the same rows everywhere: one seeded generator, and natural keys.
"""

import argparse
import random
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate, count
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from bench import words
from bench.databases import CACHE, POSTGRESQL, SQLITE, create_empty, exists, server, url_of
from graph.domain.codes import LEVEL_RANK, Kind, Role
from graph.domain.decimals import MICRO
from graph.domain.uid import make_uid
from graph.storage import tables
from graph.storage.engine import open_engine
from graph.storage.migrate import head_revision, upgrade
from seed.load import load

SCALES = (1, 10)
INITIATIVES, AWARDS, METRICS = 20_000, 15_000, 60_000
YEARS = range(1986, 2026)

_INITIATIVES_PER_SOURCE = 20
_JOINT = 0.05
_SECOND_CATEGORY = 0.15
_WITHOUT_INITIATIVE = 0.10
# How many metrics an initiative has: every ten of them have 30.
_METRICS_OF_TEN = (0, 1, 2, 2, 3, 3, 3, 4, 5, 7)
# Who holds initiatives, of 100; within a kind the populous do more.
_HOLDERS = {Kind.COMMUNE: 74, Kind.EPCI: 12, Kind.DEPARTEMENT: 10, Kind.REGION: 4}
_DRAWS = 200_000
_BATCH_ROWS = 20_000

Row = tuple[Any, ...]


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
    """A made-up edition."""

    id: int
    key: str
    year: int


@dataclass(slots=True)
class Draft:
    """An initiative to be: who holds it, its themes, and the year of its first award."""

    id: int
    holders: list[Place]
    themes: list[Theme]
    source_id: int
    year: int | None = None


class Ground:
    """What the committed data gives to build on."""

    def __init__(self, connection: sa.Connection, dice: random.Random) -> None:
        self._connection = connection
        self._dice = dice
        category = tables.columns_of(tables.Category)
        self.themes = [
            Theme(*row)
            for row in connection.execute(
                sa.select(category.id, category.slug, category.label_fr).order_by(category.id)
            )
        ]
        self.places = self._places()

    def _places(self) -> Iterator[Place]:
        drawn: list[Place] = []
        for kind, percent in _HOLDERS.items():
            found, weights = self._of_kind(kind)
            drawn += self._dice.choices(found, cum_weights=weights, k=_DRAWS * percent // 100)
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
        # A village of 50 acts too: everyone weighs 500 more than it counts.
        weights = list(accumulate((row.population or 0) + 500 for row in rows))
        return [Place(row.id, row.name) for row in rows], weights

    def ids(self, model: Any) -> Iterator[int]:
        """The ids that are free in a table."""
        newest = sa.select(sa.func.max(tables.columns_of(model).id))
        return count((self._connection.scalar(newest) or 0) + 1)


class Maker:
    """Makes the rows of one scale, table by table, parents first."""

    def __init__(self, ground: Ground, dice: random.Random, scale: int) -> None:
        self._ground = ground
        self._dice = dice
        self._scale = scale
        self._source_ids: list[int] = []
        self._editions: list[Year] = []
        self._drafts: list[Draft] = []
        self._slugs: list[str] = []
        self._awards: list[tuple[int, Year, Draft | None]] = []

    def tables(self) -> Iterator[tuple[Any, Sequence[str], list[Row]]]:
        """Each table's model, the columns that are filled, and the rows."""
        yield tables.Source, ("id", "uid", "key", "url", "publisher"), self._sources()
        yield tables.Prize, ("id", "uid", "slug", "name", "organiser", "source_id"), self._prizes()
        yield tables.Edition, _EDITION, self._edition_rows()
        self._draft()
        yield tables.Initiative, _INITIATIVE, self._initiative_rows()
        yield tables.InitiativeHolder, _HOLDER, self._holder_rows()
        yield tables.InitiativeCategory, ("initiative_id", "category_id"), self._theme_rows()
        yield tables.InitiativeSource, ("initiative_id", "source_id"), self._source_links()
        awards, laureates = self._award_rows()
        yield tables.Award, _AWARD, awards
        yield tables.Laureate, _LAUREATE, laureates
        yield tables.Metric, _METRIC, self._metric_rows()

    def _sources(self) -> list[Row]:
        rows = []
        ids = self._ground.ids(tables.Source)
        for number in range(INITIATIVES * self._scale // _INITIATIVES_PER_SOURCE):
            url = f"https://example.org/palmares/{number:06d}"
            rows.append((next(ids), make_uid("Source", url), url, url, "Banc d’essai"))
        self._source_ids = [row[0] for row in rows]
        return rows

    def _prizes(self) -> list[Row]:
        ids = self._ground.ids(tables.Prize)
        self._prize_ids = {slug: next(ids) for slug, _ in words.PRIZES}
        return [
            (id_, make_uid("Prize", slug), slug, name, "Banc d’essai", self._source_ids[0])
            for (slug, name), id_ in zip(words.PRIZES, self._prize_ids.values(), strict=True)
        ]

    def _edition_rows(self) -> list[Row]:
        rows = []
        ids = self._ground.ids(tables.Edition)
        for year in YEARS:
            for slug, _ in words.PRIZES:
                edition = Year(next(ids), f"{slug}-{year}", year)
                self._editions.append(edition)
                uid = make_uid("Edition", edition.key)
                ceremony = f"{year}-11-{self._dice.randint(1, 28):02d}"
                source_id = self._dice.choice(self._source_ids)
                prize_id = self._prize_ids[slug]
                rows.append((edition.id, uid, edition.key, prize_id, year, ceremony, source_id))
        return rows

    def _draft(self) -> None:
        """Decide who did what and which award went to whom; rows are made of it later."""
        ids = self._ground.ids(tables.Initiative)
        self._drafts = [
            Draft(next(ids), self._winners(), self._themes(), self._dice.choice(self._source_ids))
            for _ in range(INITIATIVES * self._scale)
        ]
        ids = self._ground.ids(tables.Award)
        for number in range(AWARDS * self._scale):
            edition = self._editions[number % len(self._editions)]
            is_known = self._dice.random() >= _WITHOUT_INITIATIVE
            draft = self._dice.choice(self._drafts) if is_known else None
            self._awards.append((next(ids), edition, draft))
            if draft:
                draft.year = min(draft.year or edition.year, edition.year)

    def _winners(self) -> list[Place]:
        first = next(self._ground.places)
        if self._dice.random() >= _JOINT:
            return [first]
        return [first, next(place for place in self._ground.places if place != first)]

    def _themes(self) -> list[Theme]:
        is_double = self._dice.random() < _SECOND_CATEGORY
        return self._dice.sample(self._ground.themes, 2 if is_double else 1)

    def _initiative_rows(self) -> list[Row]:
        rows = []
        for number, draft in enumerate(self._drafts):
            lead = draft.holders[0]
            title = f"{self._dice.choice(words.THEMES)} : {lead.name}"
            slug = f"{_slug(title)}-{number:06d}"
            self._slugs.append(slug)
            summary = self._dice.choice((*words.SUMMARIES, None))
            launched_on = self._partial_date(draft.year or self._dice.choice(YEARS))
            rows.append(
                (draft.id, make_uid("Initiative", slug), slug, title, False, summary)
                + (launched_on, draft.year)
            )
        return rows

    def _partial_date(self, year: int) -> str | None:
        """As precise as sources are: a year, a month, a day, or nothing."""
        month, day = self._dice.randint(1, 12), self._dice.randint(1, 28)
        forms = (f"{year}", f"{year}-{month:02d}", f"{year}-{month:02d}-{day:02d}", None)
        return self._dice.choices(forms, (3, 4, 2, 1))[0]

    def _holder_rows(self) -> list[Row]:
        return [
            (draft.id, place.id, Role.LEAD.value, position)
            for draft in self._drafts
            for position, place in enumerate(draft.holders)
        ]

    def _theme_rows(self) -> list[Row]:
        return [(draft.id, theme.id) for draft in self._drafts for theme in draft.themes]

    def _source_links(self) -> list[Row]:
        return [(draft.id, draft.source_id) for draft in self._drafts]

    def _award_rows(self) -> tuple[list[Row], list[Row]]:
        awards: list[Row] = []
        laureates: list[Row] = []
        weights = [percent for _, _, percent in words.LEVELS]
        for number, (id_, edition, draft) in enumerate(self._awards):
            level, printed, _ = self._dice.choices(words.LEVELS, weights)[0]
            theme = draft.themes[0] if draft else self._dice.choice(self._ground.themes)
            key = f"{edition.key}-{theme.slug}-{level.lower()}-{number:06d}"
            source_id = draft.source_id if draft else self._dice.choice(self._source_ids)
            awards.append(
                (id_, make_uid("Award", key), key, edition.id, edition.year, level.value)
                + (LEVEL_RANK[level], printed, theme.id, theme.label)
                + (self._dice.choice(words.SPONSORS), draft.id if draft else None, source_id)
            )
            winners = draft.holders if draft else self._winners()
            laureates += [
                (id_, place.id, position, place.name) for position, place in enumerate(winners)
            ]
        return awards, laureates

    def _metric_rows(self) -> list[Row]:
        rows: list[Row] = []
        ids = self._ground.ids(tables.Metric)
        counts = [*_METRICS_OF_TEN] * (len(self._drafts) // len(_METRICS_OF_TEN))
        self._dice.shuffle(counts)
        for draft, slug, size in zip(self._drafts, self._slugs, counts, strict=True):
            year = draft.year or self._dice.choice(YEARS)
            for name_fr, name_en, unit, decimals in self._dice.sample(words.METRICS, size):
                key = f"{slug}/{name_fr}/{year}"
                step = MICRO // 10**decimals
                value = self._dice.randint(1, 20_000) * step
                rows.append(
                    (next(ids), make_uid("Metric", key), key, draft.id, name_fr, name_en)
                    + (value, unit, year, str(year), *self._dice.choice(words.QUALIFIERS))
                    + (self._dice.random() < _JOINT, draft.source_id)
                )
        return rows


_EDITION = ("id", "uid", "key", "prize_id", "year", "ceremony_date", "source_id")
_INITIATIVE = (
    ("id", "uid", "slug", "title", "title_is_descriptive", "summary")
    + ("launched_on", "year")
)  # fmt: skip
_HOLDER = ("initiative_id", "collectivity_id", "role", "position")
_AWARD = (
    ("id", "uid", "key", "edition_id", "year", "level")
    + ("level_rank", "level_as_printed", "category_id", "category_as_printed")
    + ("sponsor", "initiative_id", "source_id")
)  # fmt: skip
_LAUREATE = ("award_id", "collectivity_id", "position", "name_as_printed")
_METRIC = (
    ("id", "uid", "key", "initiative_id", "name_fr", "name_en")
    + ("value_micro", "unit", "year", "as_of", "qualifier", "qualifier_kind")
    + ("is_target", "source_id")
)  # fmt: skip


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("’", " ")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def ensure(url: str, scale: int) -> None:
    """The data set of a scale in the database at `url`; nothing to do when it is there."""
    fingerprint = _fingerprint(scale)
    if exists(url) and _is_made(url, fingerprint):
        return
    print(f"making the data set of scale {scale} …", flush=True)
    create_empty(url)
    engine = open_engine(url)
    try:
        upgrade(engine)
        load(engine)
        with engine.begin() as connection:
            _fill(connection, scale)
            # Written last and with the rows, so that half a data set is never taken for one.
            connection.exec_driver_sql("CREATE TABLE bench_dataset (fingerprint TEXT NOT NULL)")
            connection.exec_driver_sql(f"INSERT INTO bench_dataset VALUES ('{fingerprint}')")
        _settle(engine)
    finally:
        engine.dispose()


def _fingerprint(scale: int) -> str:
    """A digest of all that decides the rows and the tables."""
    digest = blake2b(f"{scale} {head_revision()}".encode(), digest_size=16)
    here = Path(__file__)
    committed = sorted((here.parent.parent / "seed" / "data").iterdir())
    for file in (here, here.with_name("words.py"), *committed):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _is_made(url: str, fingerprint: str) -> bool:
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("SELECT fingerprint FROM bench_dataset").scalar()
    except sa.exc.DBAPIError:  # no such table: broken off, or a database of something else
        return False
    finally:
        engine.dispose()
    return found == fingerprint


def _fill(connection: sa.Connection, scale: int) -> None:
    dice = random.Random(f"terrigraph {scale}")
    for model, names, rows in Maker(Ground(connection, dice), dice, scale).tables():
        table = tables.table_of(model).name
        if connection.dialect.name == SQLITE:
            _insert(connection, table, names, rows)
        else:
            _copy(connection, table, names, rows)


def _insert(
    connection: sa.Connection, table: str, names: Sequence[str], rows: list[Row]
) -> None:
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
    for start in range(0, len(rows), _BATCH_ROWS):
        connection.exec_driver_sql(statement, rows[start : start + _BATCH_ROWS])


def _copy(connection: sa.Connection, table: str, names: Sequence[str], rows: list[Row]) -> None:
    driver: Any = connection.connection.driver_connection
    statement = f"COPY {table} ({', '.join(names)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _settle(engine: sa.Engine) -> None:
    """Statistics for the planner, and what a running database would have tidied by now."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == POSTGRESQL:
            connection.exec_driver_sql("VACUUM (ANALYZE)")
            connection.exec_driver_sql("CHECKPOINT")
        else:
            connection.exec_driver_sql("ANALYZE")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def main() -> None:
    """Make the data set that the options name."""
    options = argparse.ArgumentParser(prog="python -m bench.dataset", description=__doc__)
    options.add_argument("--engine", choices=(SQLITE, POSTGRESQL), default=SQLITE)
    options.add_argument("--scale", type=int, choices=SCALES, default=1)
    options.add_argument("--folder", type=Path, default=CACHE, help="where the data is kept")
    given = options.parse_args()
    with server(given.engine, given.folder) as server_url:
        url = url_of(server_url, given.folder, f"bench_x{given.scale}")
        ensure(url, given.scale)
        print(f"ready: {database_name(url)}")


def database_name(url: str) -> str:
    """The name of the database, without the place where it is kept."""
    return Path(sa.make_url(url).database or "").name


if __name__ == "__main__":
    main()
