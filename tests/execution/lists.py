"""Lists that are imported again and again, and a mirror that follows what they change."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from graph.domain.uid import PREFIXES, type_of_uid
from graph.execution.answer import answer
from graph.schema.build import Schema
from graph.storage.read import Database
from seed import folder
from seed.feed import Feed
from seed.load import USUAL, List, Way, import_list, load
from seed.report import Report
from tests.seed.conftest import SmallData

Data = Callable[..., Awaitable[dict[str, Any]]]

OTHER = Feed("autre", "Une autre liste", licence_name="ODbL")
# What the other list holds of the native tables.
_SHARED = (
    "collectivities.csv.gz",
    "former_codes.csv.gz",
    "awards.csv",
    "laureates.csv",
    "metrics.csv",
)


class Lists:
    """The committed list, small, and another one that holds some of the same records."""

    def __init__(self, engine: sa.Engine, place: Path) -> None:
        self._engine = engine
        folders = [place / name for name in ("own", "other")]
        for each in folders:
            each.mkdir()
        self.own, self.other = (SmallData(each) for each in folders)

    def load(self) -> Report:
        return load(self._engine, self.own.folder)

    def load_other(self, feed: Feed = OTHER, way: Way = USUAL) -> Report:
        inputs, checksum = folder.read(self.other.folder)
        shared = [each for each in inputs if each.name in _SHARED]
        return import_list(self._engine, List(feed, shared, checksum), way=way)

    def change_at_random(self, random: Random) -> None:
        """Changes one of the lists, so that it is still sound, and imports it."""
        is_own = random.random() < 0.6
        small = self.own if is_own else self.other
        for _ in range(random.randint(1, 3)):
            random.choice(_CHANGES)(small, random)
        if is_own:
            self.load()
        else:
            self.load_other()


def _level(small: SmallData, random: Random) -> None:
    small.set("awards.csv", random.randint(2, 4), level=random.choice(("GOLD", "BRONZE", "SILVER")))


def _note(small: SmallData, random: Random) -> None:
    small.set("awards.csv", random.randint(2, 4), note=random.choice(("", "remarque", "autre")))


def _printed(small: SmallData, random: Random) -> None:
    printed = random.choice(("Loiret", "Le Loiret", "Département du Loiret"))
    small.set("laureates.csv", 2, name_as_printed=printed)


def _value(small: SmallData, random: Random) -> None:
    rows = small.text("metrics.csv").splitlines()
    if len(rows) > 1:
        row = random.randint(2, len(rows))
        small.set("metrics.csv", row, value=str(random.randint(1, 9) / 4))


def _metric(small: SmallData, random: Random) -> None:
    """One figure more, which may have been there before, or one less."""
    rows = small.text("metrics.csv").splitlines()
    years = {year for year in ("2001", "2002", "2003") if f",{year}," in "".join(rows)}
    year = random.choice(("2001", "2002", "2003"))
    if year in years:
        [at] = [at for at, row in enumerate(rows, 1) if f",{year}," in row]
        small.remove("metrics.csv", at)
        return
    small.add(
        "metrics.csv",
        initiative="carte",
        name_fr="cartes",
        name_en="maps",
        value="3",
        unit="carte",
        year=year,
        is_target=0,
        source="article",
    )


def _year(small: SmallData, random: Random) -> None:
    """The first award of the initiative, whose year follows from it."""
    small.set("awards.csv", 2, year=random.choice(("2017", "2018")))


_CHANGES = (_level, _note, _printed, _value, _metric, _metric, _year, _year)

_FACTS = {
    # Under another name, since the year of others may be unknown.
    "AWARD": "awardYear: year edition { id } level note sponsor levelAsPrinted source { id } "
    "initiative { id } printedLaureates { nameAsPrinted service collectivity { id } }",
    "INITIATIVE": "title summary url launchedOn year note",
    "METRIC": "value unit name nameEn year asOf qualifier isTarget note source { id }",
    "COLLECTIVITY": "name population postalCodes",
}
_PAGE = """
query ($since: ChangesSince, $first: Int) {
  changes(since: $since, first: $first) {
    pageInfo { hasNextPage endCursor }
    nodes {
      action type id fields { name after }
      node { __typename ... on Withdrawn { label reason withdrawnIn { version } }
        ... on Award { AWARD } ... on Initiative { INITIATIVE } ... on Metric { METRIC }
        ... on Collectivity { COLLECTIVITY } }
    }
  }
}"""
for _name, _fields in _FACTS.items():
    _PAGE = _PAGE.replace(f"{{ {_name} }}", f"{{ {_fields} }}")


class Mirror:
    """A copy of the records that is kept by `changes` alone."""

    def __init__(self, schema: Schema, database: Database) -> None:
        self._schema, self._database = schema, database
        self._since: dict[str, Any] | None = None
        self.records: dict[str, dict[str, Any]] = {}
        self.seen: list[tuple[str, str]] = []

    async def step(self, size: int) -> bool:
        """Takes in a page; whether there are more."""
        given = await answer(
            self._schema, self._database, _PAGE, {"since": self._since, "first": size}
        )
        assert "errors" not in given.body, given.body
        page = given.body["data"]["changes"]
        for change in page["nodes"]:
            self._take(change)
        if page["pageInfo"]["endCursor"]:
            self._since = {"cursor": page["pageInfo"]["endCursor"]}
        is_more: bool = page["pageInfo"]["hasNextPage"]
        return is_more

    def _take(self, change: dict[str, Any]) -> None:
        uid, action = change["id"], change["action"]
        self.seen.append((uid, action))
        assert change["type"] == (type_of_uid(uid) or "").upper()
        if action == "WITHDRAWN":
            del self.records[uid]
            return
        assert (action == "CHANGED") == (uid in self.records), (change, self.seen)
        assert (action == "CHANGED") == bool(change["fields"])
        node = change["node"]
        # What is gone by now comes as its tombstone, and its withdrawal later.
        held = self.records.setdefault(uid, {})
        for name, value in _flat(node).items():
            held.setdefault(name, value)
        for field in change["fields"]:
            held[field["name"]] = field["after"]


_NAMES = {"awardYear": "year"}


def _flat(node: dict[str, Any]) -> dict[str, Any]:
    """A record in the form in which changes tell its fields."""
    flat = {
        _NAMES.get(name, name): value["id"]
        if isinstance(value, dict) and set(value) == {"id"}
        else value
        for name, value in node.items()
        if name not in ("__typename", "printedLaureates")
    }
    if "printedLaureates" in node:
        flat["laureates"] = [
            {
                "collectivity": each["collectivity"]["id"],
                "nameAsPrinted": each["nameAsPrinted"],
                "position": at,
                "service": each["service"],
            }
            for at, each in enumerate(node["printedLaureates"])
        ]
    return flat


async def state_of(schema: Schema, database: Database, engine: sa.Engine) -> dict[str, Any]:
    """All records as the API shows them, by id, in the form of a mirror's."""
    found = {}
    for type_name in PREFIXES:
        with engine.connect() as connection:
            table = sa.table(type_name.lower(), sa.column("uid"))
            uids = list(connection.scalars(sa.select(table.c.uid)))
        fields = _FACTS.get(type_name.upper(), "")
        asked = f"id ... on {type_name} {{ __typename {fields} }}"
        query = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {asked} }} }}"
        given = await answer(schema, database, query, {"ids": uids})
        for node in given.body["data"]["nodes"]:
            uid = node.pop("id")
            found[uid] = _flat(node)
    return found
