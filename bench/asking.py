"""Filters, orders, search, suggestions and groups: what questions of the cookbook cost.

Times are in process: from the document to the bytes of the answer. What has a target is
compared in turns, so that noise falls on both sides.
"""

import re
import statistics
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson
import sqlalchemy as sa

from bench.figures import Figure
from bench.loop import run
from graph.execution.answer import answer
from graph.schema.build import Schema, build_schema
from graph.settings import Limits
from graph.storage.read import Database
from graph.storage.statements import Statement, compiled
from graph.storage.tables import Collectivity, Laureate, table_of

# The release that the pages are printed with.
_PRINTED_RELEASE = "2026-01-31.1"
COOKBOOK = Path(__file__).parents[1] / "docs" / "cookbook"
PAGE_AT_MOST, GROUP_AT_MOST = 3.0, 3.0
SUGGEST_AT_MOST_MS, SEARCH_AT_MOST_MS = 2.0, 10.0
AT_SCALE = 10

_ROUNDS, _QUICK_ROUNDS = 60, 9
# What takes long is told by fewer rounds.
_LEAST_ROUNDS, _LONGEST_S = 3, 1.5
# What the API would stop is measured to its end.
_UNLIMITED = Limits(statement_timeout_s=60, operation_timeout_s=60, response_max_rows=1_000_000)
_QUESTION = re.compile(r"^## (.+?)$.*?^```graphql\n(.+?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pair:
    """A filtered and ordered page, and the same page without the filter."""

    name: str
    asked: str
    plain: str


_AWARD = "{ nodes { id year level laureates { name } } }"
_INITIATIVE = "{ nodes { id title year holders { collectivity { name } } } }"
_COMMUNE = "{ nodes { id name population } }"
PAIRS = (
    Pair(
        "awards of a région, newest first",
        'awards(where: {within: {region: "53"}}) ' + _AWARD,
        f"awards {_AWARD}",
    ),
    Pair(
        "awards of a département, newest first",
        'awards(where: {within: {departement: "53"}}) ' + _AWARD,
        f"awards {_AWARD}",
    ),
    Pair(
        "GOLD and SILVER awards since 2015, newest first",
        f"awards(where: {{level: {{in: [GOLD, SILVER]}}, year: {{gte: 2015}}}}) {_AWARD}",
        f"awards {_AWARD}",
    ),
    Pair(
        "initiatives of a département by year and title",
        'initiatives(where: {within: {departement: "53"}}, '
        f"orderBy: [{{year: DESC}}, {{title: ASC}}]) {_INITIATIVE}",
        f"initiatives(orderBy: [{{year: DESC}}, {{title: ASC}}]) {_INITIATIVE}",
    ),
    Pair(
        "communes of a région by population",
        'collectivities(where: {kind: {eq: COMMUNE}, within: {region: "53"}}, '
        f"orderBy: [{{population: DESC}}]) {_COMMUNE}",
        "collectivities(where: {kind: {eq: COMMUNE}}, "
        f"orderBy: [{{population: DESC}}]) {_COMMUNE}",
    ),
    Pair(
        "communes of a région by GOLD awards",
        'collectivities(where: {kind: {eq: COMMUNE}, within: {region: "53"}}, '
        f"orderBy: [{{awards: {{where: {{level: {{eq: GOLD}}}}, count: DESC}}}}]) {_COMMUNE}",
        "collectivities(where: {kind: {eq: COMMUNE}}, "
        f"orderBy: [{{awards: {{where: {{level: {{eq: GOLD}}}}, count: DESC}}}}]) {_COMMUNE}",
    ),
)
SUGGESTIONS = {
    "one letter": "s",
    "a beginning that many share": "saint",
    "a long beginning": "saint etienne du rou",
    "an official code": "53130",
    "a postal code": "42000",
    "a typo": "sainr etienne",
    "a late typo": "villeneuve d ascp",
    "nothing": "zzzzzzzz",
}
SEARCHES = {
    "one word": "medecin",
    "two words": "medecin mayenne",
    "three words, the last a beginning": "maison sante rura",
    "a phrase": '"budget participatif"',
    "an exclusion": "habitat -jardin",
    "a word that thousands have": "saint",
}
_DEPARTEMENTS = (
    "awardGroups(by: [DEPARTEMENT], first: 100, orderBy: [{perCapita: DESC}]) "
    "{ nodes { key { departement { code name } } count perCapita rank } }"
)
GROUPS = {
    "by category and year, with change and share": (
        "awardGroups(by: [CATEGORY, YEAR], first: 100) "
        "{ totalCount nodes { key { category { label } year } count delta share(of: [YEAR]) } }"
    ),
    "five facets": (
        "awards(first: 0) { facets { level { value count } category { value count } "
        "year { value count } region { value count } kind { value count } } }"
    ),
    "median of values by category": (
        'metricGroups(by: [CATEGORY], where: {unit: {eq: "EUR"}}) '
        "{ nodes { key { category { label } } values { known median sum } } }"
    ),
}


def measure(url: str, scale: int, *, is_quick: bool) -> list[Figure]:
    """All figures."""
    rounds = _QUICK_ROUNDS if is_quick else _ROUNDS
    with Database(url, limits=_UNLIMITED) as database:
        bench = _Bench(build_schema(), database, rounds, is_judged=scale >= AT_SCALE)
        return [*bench.pages(), *bench.groups(), *bench.searches(), *bench.cookbook()]


class _Bench:
    """Asks one database."""

    def __init__(self, schema: Schema, database: Database, rounds: int, *, is_judged: bool) -> None:
        self._schema = schema
        self._database = database
        self._rounds = rounds
        self._is_judged = is_judged
        self._is_sqlite = database.dialect == "sqlite"

    def pages(self) -> Iterator[Figure]:
        """Filtered and ordered pages beside plain ones."""
        section = "Pages of 20 rows, filtered and ordered"
        for pair in PAIRS:
            asked, plain = self._in_turns(self._ask(pair.asked), self._ask(pair.plain))
            yield Figure(section, f"{pair.name}", asked, "ms")
            yield Figure(section, f"{pair.name}: unfiltered", plain, "ms")
            at_most = PAGE_AT_MOST if self._is_judged else None
            label = f"{pair.name}: of unfiltered"
            yield Figure(section, label, asked / plain, "times the time", at_most=at_most)

    def groups(self) -> Iterator[Figure]:
        """Groups beside SQL by hand."""
        section = "Groups"
        by_hand = self._by_hand()
        ours, hand = self._in_turns(self._ask(_DEPARTEMENTS), by_hand)
        name = "awards by département per inhabitant"
        yield Figure(section, name, ours, "ms")
        yield Figure(section, f"{name}: SQL by hand", hand, "ms")
        at_most = GROUP_AT_MOST if self._is_judged else None
        yield Figure(section, f"{name}: of SQL by hand", ours / hand, "times", at_most=at_most)
        for name, question in GROUPS.items():
            yield Figure(section, name, self._time(self._ask(question)), "ms")

    def searches(self) -> Iterator[Figure]:
        """Suggestions and searches."""
        # Scale 1 has a hundred times as many awards as are known today, and words so common
        # that they find thousands; at scale 10 the same words find tens of thousands.
        is_judged = not self._is_judged and self._is_sqlite
        for section, asked, at_most, field in (
            ("Suggestions", SUGGESTIONS, SUGGEST_AT_MOST_MS, "suggest(prefix: %s) { label kind }"),
            (
                "Search",
                SEARCHES,
                SEARCH_AT_MOST_MS,
                "search(query: %s, first: 10) { nodes { score label snippet node { id } } }",
            ),
        ):
            for name, text in asked.items():
                question = field % orjson.dumps(text).decode()
                taken = self._time(self._ask(question))
                limit = at_most if is_judged else None
                yield Figure(section, f"{name}: {text}", taken, "ms", at_most=limit)

    def cookbook(self) -> Iterator[Figure]:
        """The questions of the cookbook, with their statements."""
        told = run(answer(self._schema, self._database, "{ dataset { release } }"))
        release = told.body["data"]["dataset"]["release"]
        for page in sorted(COOKBOOK.glob("*.md")):
            section = f"Cookbook, {page.stem}"
            text = page.read_text(encoding="utf-8").replace(_PRINTED_RELEASE, release)
            for name, question in _QUESTION.findall(text):
                answered = run(answer(self._schema, self._database, question))
                label = f"{name} ({len(answered.statements)} statements)"
                yield Figure(section, label, self._time(self._ask(question, "%s")), "ms")

    def _ask(self, question: str, around: str = "{ %s }") -> Callable[[], Awaitable[Any]]:
        document = around % question

        async def ask() -> bytes:
            answered = await answer(self._schema, self._database, document)
            if "errors" in answered.body:
                raise AssertionError(f"{document}: {answered.body['errors']}")
            return orjson.dumps(answered.body)

        return ask

    def _by_hand(self) -> Callable[[], Awaitable[Any]]:
        statement = _awards_by_departement(self._database.dialect)

        async def ask() -> bytes:
            rows = await self._database.run(lambda reader: reader.rows(statement, {}))
            return orjson.dumps(rows)

        return ask

    def _time(self, ask: Callable[[], Awaitable[Any]]) -> float:
        [taken] = self._in_turns(ask)
        return taken

    def _in_turns(self, *asks: Callable[[], Awaitable[Any]]) -> list[float]:
        """The median milliseconds of each, taken in turns."""
        return run(_in_turns(asks, self._rounds))


async def _in_turns(asks: tuple[Callable[[], Awaitable[Any]], ...], rounds: int) -> list[float]:
    taken: list[list[float]] = [[] for _ in asks]
    for ask in asks:
        await ask()
    end = perf_counter() + _LONGEST_S
    while len(taken[0]) < rounds and (len(taken[0]) < _LEAST_ROUNDS or perf_counter() < end):
        for ask, times in zip(asks, taken, strict=True):
            began = perf_counter()
            await ask()
            times.append((perf_counter() - began) * 1000)
    return [statistics.median(times) for times in taken]


def _awards_by_departement(dialect: str) -> Statement:
    """The plain group-by: each award once in a département, and who lives there."""
    laureate, winner = table_of(Laureate), table_of(Collectivity)
    place = winner.alias("departement")
    count = sa.func.count(sa.distinct(laureate.c.award_id))
    query = (
        sa.select(place.c.code, place.c.name, place.c.population, count)
        .join_from(laureate, winner, winner.c.id == laureate.c.collectivity_id)
        .outerjoin(place, place.c.id == winner.c.departement_id)
        .group_by(place.c.code, place.c.name, place.c.population)
    )
    return compiled(query, dialect)
