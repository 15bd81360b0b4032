"""Rows of a small world, written through the tables: tests set only what matters to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel

from graph.domain.codes import LEVEL_RANK, Kind, Level
from graph.storage.engine import open_engine
from graph.storage.migrate import upgrade
from graph.storage.tables import (
    Award,
    Category,
    Collectivity,
    Edition,
    Initiative,
    Prize,
    Source,
)
from seed import places

Model = TypeVar("Model", bound=SQLModel)


def list_by_place(url: str) -> None:
    """Derives from the rows which awards and initiatives lie in each territory, as a load does."""
    engine = open_engine(url)
    with engine.begin() as connection:
        places.replace(connection)
    engine.dispose()


class World:
    """A database that is written to. Each maker commits one row and returns it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._numbers = count(1)
        self._editions: dict[int, Edition] = {}
        self._categories: dict[str, Category] = {}
        self._source = self.add(Source(uid="source", key="source"))
        self._prize = self.add(
            Prize(
                uid="prize",
                slug="prize",
                name="Prize",
                organiser="Us",
                source_id=self._source.id or 0,
            )
        )

    def add(self, row: Model) -> Model:
        """Commits any row, and returns it with its id."""
        self._session.add(row)
        self._session.commit()
        self._session.refresh(row)
        return row

    def category(self, slug: str) -> Category:
        """The one category of a slug."""
        if slug not in self._categories:
            self._categories[slug] = self.add(
                Category(uid=slug, slug=slug, label_fr=slug, label_en=slug)
            )
        return self._categories[slug]

    def edition(self, year: int) -> Edition:
        """The one edition of a year."""
        if year not in self._editions:
            key = f"prize-{year}"
            self._editions[year] = self.add(
                Edition(
                    uid=key,
                    key=key,
                    prize_id=self._prize.id or 0,
                    year=year,
                    source_id=self._source.id or 0,
                )
            )
        return self._editions[year]

    def award(
        self,
        year: int = 2020,
        level: Level = Level.GOLD,
        key: str | None = None,
        category: Category | None = None,
        **others: Any,
    ) -> Award:
        key = key or f"award-{next(self._numbers):04}"
        return self.add(
            Award(
                uid=key,
                key=key,
                edition_id=self.edition(year).id or 0,
                year=year,
                level=level.value,
                level_rank=LEVEL_RANK[level],
                category_id=category.id if category else None,
                source_id=self._source.id or 0,
                **others,
            )
        )

    def initiative(self, slug: str, **others: Any) -> Initiative:
        return self.add(Initiative(uid=slug, slug=slug, title=slug, **others))

    def collectivity(self, kind: Kind, code: str, **others: Any) -> Collectivity:
        uid = f"{kind}-{code}"
        return self.add(Collectivity(uid=uid, kind=kind.value, code=code, name=code, **others))


@contextmanager
def new_world(url: str) -> Iterator[World]:
    """A world in the empty database of an address."""
    engine = open_engine(url)
    try:
        upgrade(engine)
        with Session(engine) as session:
            yield World(session)
    finally:
        engine.dispose()
