"""Lists of every kind are walked to their end both ways, under any order, while rows come in."""

import json
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from graph.domain.codes import Kind, Level, Role
from graph.execution.answer import answer
from graph.schema.build import build_schema
from graph.storage.read import Database
from graph.storage.search import entry_id
from graph.storage.tables import (
    Award,
    Collectivity,
    Initiative,
    InitiativeHolder,
    Laureate,
    Metric,
    SearchEntry,
    SearchPosting,
    SearchTerm,
)
from tests.storage.rows import World, new_world

# The same seed gives the same rows, orders and pages again; a run without one takes a new one.
SEED = os.environ.get("TERRIGRAPH_WALK_SEED") or str(secrets.randbelow(10**9))
ORDERS = 6
SIZES = (1, 2, 3, 5, 7)
LEVELS = (Level.GOLD, Level.SILVER, Level.UNKNOWN)
WORDS = ("a", "b", "œ", "Z", "10", "2", "b c", "é")

schema = build_schema()


class Rows:
    """A world of few different values, so that rows tie in them, or do not know them."""

    def __init__(self, world: World, random: Random) -> None:
        self.random = random
        self._world = world
        self._numbers = iter(range(1, 10_000))  # 0 would be the code of the first region
        self._places: list[Collectivity] = []
        self._terms: dict[str, int] = {}
        self.regions: list[Collectivity] = []

    def maybe(self, value: Any) -> Any:
        return None if self.random.random() < 0.35 else value

    def collectivity(self, **others: Any) -> Collectivity:
        number = next(self._numbers)
        values = {
            "population": self.maybe(self.random.choice((5, 20, 20, 3000))),
            "name_folded": self.random.choice(WORDS),
            "parent_id": self.regions[0].id if self.regions else None,
            "region_id": self.maybe(self.random.choice(self.regions).id) if self.regions else None,
        }
        # Codes that come in sort between those that are there.
        code = f"{number * 37 % 100:02}-{number}"
        made = self._world.collectivity(self.random.choice(list(Kind)), code, **values | others)
        self._places.append(made)
        return made

    def award(
        self, year: int | None = None, level: Level | None = None, category: str | None = None
    ) -> Award:
        key = f"award-{self.random.choice('abc')}-{next(self._numbers):04}"
        made = self._world.award(
            year or 2016 + self.random.randrange(3),
            level or self.random.choice(LEVELS),
            key,
            self._world.category(category or self.random.choice(("blue", "blue", "red"))),
            category_as_printed_folded=self.maybe(self.random.choice(WORDS)),
        )
        winners = self.random.sample(self._places[:10], self.random.choice((0, 1, 1, 2)))
        for position, place in enumerate(winners):
            row = Laureate(position=position, name_as_printed="n", award_id=0, collectivity_id=0)
            row.award_id, row.collectivity_id = made.id or 0, place.id or 0
            self._world.add(row)
        return made

    def initiative(self, metrics: int | None = None) -> None:
        number = next(self._numbers)
        made = self._world.initiative(
            f"{self.random.choice('az')}-{number:04}",
            title_folded=self.random.choice(WORDS),
            year=self.maybe(self.random.choice((2015, 2016))),
            launched_on=self.maybe(self.random.choice(("2015", "2015-06", "2015-06-02"))),
        )
        count = self.random.choice((0, 1, 2)) if metrics is None else metrics
        for at in range(count):
            self.metric(made, f"{number}-{at}")
        for position, place in enumerate(
            self.random.sample(self._places, self.random.choice((0, 1)))
        ):
            holder = InitiativeHolder(
                role=Role.LEAD, position=position, initiative_id=0, collectivity_id=0
            )
            holder.initiative_id, holder.collectivity_id = made.id or 0, place.id or 0
            self._world.add(holder)

    def metric(self, initiative: Initiative, key: str) -> None:
        self._world.add(
            Metric(
                uid=key,
                key=key,
                initiative_id=initiative.id or 0,
                name_fr="n",
                name_en="n",
                value_micro=self.random.choice((-5, 0, 10**15, 2_500_000)),
                unit=self.random.choice(("EUR", "personne")),
                year=self.maybe(2016),
                as_of=self.maybe(self.random.choice(("2016", "2016-03"))),
                source_id=1,
                name_folded=self.random.choice(WORDS),
            )
        )

    def entry(self) -> None:
        """An award that a search for `eau` finds, and `vive` for some."""
        award = self.award()
        number = next(self._numbers)
        entry = self._world.add(
            SearchEntry(
                id=entry_id("Award", award.id or 0),
                uid=f"{self.random.choice('az')}{number}",
                type_name="Award",
                record_id=award.id or 0,
                prominence=self.random.choice((0, 2016)),
                label=f"entry {number}",
                text="eau vive",
                words=" eau vive ",
            )
        )
        for word in ("eau", "vive"):
            if word == "eau" or self.random.random() < 0.5:
                weight = self.random.choice((50, 100))
                self._world.add(
                    SearchPosting(term_id=self._term(word), entry_id=entry.id or 0, weight=weight)
                )

    def _term(self, word: str) -> int:
        if word not in self._terms:
            term = self._world.add(SearchTerm(term=word, rarity=100 + len(self._terms)))
            self._terms[word] = term.id or 0
        return self._terms[word]


@dataclass(frozen=True)
class Listed:
    """A list in the document around it, what a row is known by, and how another comes in.

    A new row must not change what others are sorted by. `keys` are orders with `%s` for the
    direction; `fixed` are arguments that are always given.
    """

    around: str
    name: str
    fields: str
    insert: Callable[[Rows], Any]
    keys: tuple[str, ...]
    fixed: tuple[str, ...] = ("",)


_AWARD_KEYS = (
    "{year: %s}",
    "{level: %s}",
    "{categoryAsPrinted: %s}",
    "{laureates: {count: %s}}",
    "{laureates: {count: %s, where: {population: {lt: 100}}}}",
)
_COLLECTIVITY_KEYS = (
    "{name: %s}",
    "{kind: %s}",
    "{code: %s}",
    "{population: %s}",
    "{awards: {count: %s}}",
    "{awards: {count: %s, where: {level: {eq: GOLD}}}}",
    "{initiatives: {count: %s}}",
)
_GROUP_KEYS = (
    "{count: %s}",
    "{key: %s}",
    "{laureates: %s}",
    "{previous: %s}",
    "{delta: %s}",
    '{values: {known: %s, unit: "EUR"}}',
)
_FAR_YEARS = iter(range(3000, 9000, 2))


def _award_of_a_new_group(rows: Rows) -> None:
    rows.award(next(_FAR_YEARS))


LISTS = {
    "awards": Listed("%s", "awards", "id", Rows.award, _AWARD_KEYS),
    "collectivities": Listed("%s", "collectivities", "id", Rows.collectivity, _COLLECTIVITY_KEYS),
    "initiatives": Listed(
        "%s",
        "initiatives",
        "id",
        Rows.initiative,
        (
            "{title: %s}",
            "{slug: %s}",
            "{year: %s}",
            "{launchedOn: %s}",
            "{awards: {count: %s}}",
            "{metrics: {count: %s}}",
            '{metrics: {sum: %s, unit: "EUR"}}',
            "{holders: {count: %s}}",
        ),
    ),
    "metrics": Listed(
        "%s",
        "metrics",
        "id",
        lambda rows: rows.initiative(metrics=1),
        ("{name: %s}", "{unit: %s}", "{value: %s}", "{year: %s}", "{asOf: %s}"),
    ),
    "awards of a category": Listed(
        'outer: category(slug: "blue") { %s }',
        "awards",
        "id",
        lambda rows: rows.award(category="blue"),
        _AWARD_KEYS,
    ),
    "children of a collectivity": Listed(
        'outer: collectivity(by: {region: "00-0"}) { %s }',
        "children",
        "id",
        Rows.collectivity,
        _COLLECTIVITY_KEYS,
    ),
    "groups": Listed(
        "%s",
        "awardGroups",
        "key { year level kind region { id } }",
        _award_of_a_new_group,
        _GROUP_KEYS,
        ("by: [YEAR, LEVEL]", "by: [KIND, YEAR]", "by: [YEAR, REGION, LEVEL]"),
    ),
    "groups by place": Listed(
        "%s",
        "awardGroups",
        "key { year region { id } }",
        _award_of_a_new_group,
        (*_GROUP_KEYS, "{perCapita: %s}"),
        ("by: [YEAR, REGION]", "by: [YEAR, REGION], attribution: LEAD_ONLY"),
    ),
    "groups by their keys": Listed(
        "%s",
        "awardGroups",
        "key { year level region { id } }",
        Rows.award,  # which changes counts, but not what these are sorted by
        (),
        (
            "by: [YEAR, REGION], orderBy: [{key: ASC}]",
            "by: [REGION, LEVEL, YEAR], orderBy: [{key: DESC}]",
            "by: [REGION, YEAR], orderBy: [{key: ASC_NULLS_FIRST}]",
            "by: [LEVEL, REGION, YEAR], orderBy: [{key: DESC_NULLS_FIRST}]",
        ),
    ),
    "rows of a group": Listed(
        "awardGroups(by: [LEVEL], where: {level: {eq: GOLD}}) { nodes { %s } }",
        "items",
        "id",
        lambda rows: rows.award(level=Level.GOLD),
        _AWARD_KEYS,
    ),
    "awards found": Listed(
        "%s",
        "awards",
        "id",
        Rows.entry,
        ("{searchRank: %s}", "{searchRank: %s}", *_AWARD_KEYS),
        ('where: {search: "eau"}', 'where: {search: "eau viv"}'),
    ),
    "hits": Listed(
        "%s",
        "search",
        "label score",
        Rows.entry,
        (),
        ('query: "eau"', 'query: "eau vive"', 'query: "eau", types: [AWARD, CATEGORY]'),
    ),
}


@pytest.fixture
def random() -> Random:
    return Random(SEED)


@pytest.fixture
def rows(engine_url: str, random: Random) -> Iterator[Rows]:
    """Three regions, 18 places, 34 awards, 14 of them found, 14 initiatives and their metrics."""
    with new_world(engine_url) as world:
        made = Rows(world, random)
        for number in range(3):
            region = world.collectivity(Kind.REGION, f"00-{number}", population=1000 * number)
            region.region_id = region.id
            made.regions.append(world.add(region))
        for make, count in (
            (made.collectivity, 18),
            (made.award, 20),
            (made.initiative, 14),
            (made.entry, 14),
        ):
            for _ in range(count):
                make()
        yield made


@pytest.fixture
def database(rows: Rows, engine_url: str) -> Iterator[Database]:
    with Database(engine_url) as opened:
        yield opened


class Walk:
    """One list under one order, to be walked."""

    def __init__(self, database: Database, listed: Listed, random: Random) -> None:
        self._database = database
        self._listed = listed
        directions = ("ASC", "DESC", "ASC_NULLS_FIRST", "DESC_NULLS_FIRST")
        keys = [
            random.choice(listed.keys) % random.choice(directions)
            for _ in range(random.choice((0, 1, 1, 2, 3)) if listed.keys else 0)
        ]
        given = [random.choice(listed.fixed), f"orderBy: [{', '.join(keys)}]" if keys else ""]
        self.arguments = ", ".join(filter(None, given))

    async def page(self, size: str) -> dict[str, Any]:
        """A page, its rows as texts."""
        given = ", ".join(filter(None, (self.arguments, size)))
        asked = f"""{self._listed.name}({given}) {{
            totalCount edges {{ cursor node {{ {self._listed.fields} }} }}
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
        }}"""
        body = (await answer(schema, self._database, "{" + self._listed.around % asked + "}")).body
        assert "errors" not in body, (asked, body)
        found = _inmost(body["data"], self._listed.name)
        texts = [json.dumps(edge["node"]) for edge in found["edges"]]
        return {"rows": texts, "count": found["totalCount"], **found["pageInfo"]}

    async def whole(self) -> list[str]:
        found = await self.page("first: 100")
        assert not found["hasNextPage"]
        assert found["count"] == len(found["rows"]) == len(set(found["rows"]))
        return found["rows"]

    async def walked(
        self, size: int, *, is_backward: bool, between: Callable[[], Any] = lambda: None
    ) -> list[str]:
        """All rows, page by page, in the order of the list."""
        way, bound, ahead, cursor = (
            ("last", "before", "hasPreviousPage", "startCursor")
            if is_backward
            else ("first", "after", "hasNextPage", "endCursor")
        )
        found: list[str] = []
        asked = f"{way}: {size}"
        for _ in range(200):
            page = await self.page(asked)
            found = [*page["rows"], *found] if is_backward else [*found, *page["rows"]]
            if not page[ahead]:
                return found
            assert len(page["rows"]) == size
            asked = f'{way}: {size}, {bound}: "{page[cursor]}"'
            between()
        raise AssertionError("no end after 200 pages")


def _inmost(data: Any, name: str) -> Any:
    while name not in data:
        data = data["outer"] if "outer" in data else data["awardGroups"]["nodes"][0]
    return data[name]


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_is_walked_to_its_end_in_its_order(
    database: Database, rows: Rows, random: Random, name: str
) -> None:
    listed, grown = LISTS[name], 0
    for number in range(ORDERS):
        is_backward = number % 2 == 1
        walk = Walk(database, listed, random)
        told = f"TERRIGRAPH_WALK_SEED={SEED}, order {number} of {name}: {walk.arguments}"
        before = await walk.whole()
        assert len(before) > 2, told
        size = random.choice(SIZES)
        assert await walk.walked(size, is_backward=is_backward) == before, f"{told}, by {size}"
        is_due = iter(range(1000))
        meanwhile = await walk.walked(
            size,
            is_backward=is_backward,
            # A few, or the list would outgrow a page.
            between=lambda: listed.insert(rows) if next(is_due) in (0, 2, 5) else None,  # noqa: B023
        )
        assert len(set(meanwhile)) == len(meanwhile), told
        assert [row for row in meanwhile if row in before] == before, told
        after = await walk.whole()
        assert [row for row in after if row in meanwhile] == meanwhile, told
        grown += len(after) - len(before)
    assert grown or name == "groups by their keys"
