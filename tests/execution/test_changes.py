"""What changed, where it comes from, what lists dispute, and what is gone."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from graph.execution.answer import answer
from graph.schema.build import build_schema, build_stock_schema
from graph.storage.engine import open_engine
from graph.storage.facts import facts_of
from graph.storage.migrate import upgrade
from graph.storage.read import Database
from seed.feed import Feed
from seed.load import Way
from seed.staging import RECORDS, Target, parts_of
from tests.conftest import ENGINES, PATIENT, copier
from tests.execution.lists import OTHER, Data, Lists, Mirror, state_of

SCHEMAS = (build_schema(), build_stock_schema())


@pytest.fixture(scope="session")
def small(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """Makes a database with the small committed list on an engine; gives its address."""

    def fill(url: str) -> None:
        engine = open_engine(url)
        upgrade(engine)
        Lists(engine, tmp_path_factory.mktemp("small")).load()
        engine.dispose()

    return copier(request, tmp_path_factory, fill)


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, small: Callable[[str], str]) -> str:
    return small(request.param)


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def lists(engine: sa.Engine, tmp_path: Path) -> Lists:
    """The committed list, loaded, and another one that is not yet."""
    return Lists(engine, tmp_path)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with Database(url, limits=PATIENT) as opened:
        yield opened


@pytest.fixture
def ask(database: Database) -> Callable[..., Any]:
    """Gives the one body that both executors answer with."""

    async def asked(document: str, **variables: Any) -> dict[str, Any]:
        given = [await answer(schema, database, document, variables) for schema in SCHEMAS]
        assert given[0].body == given[1].body
        return given[0].body

    return asked


@pytest.fixture
def data(ask: Callable[..., Any]) -> Data:
    async def asked(document: str, **variables: Any) -> dict[str, Any]:
        body = await ask(document, **variables)
        assert "errors" not in body, body["errors"]
        found: dict[str, Any] = body["data"]
        return found

    return asked


@pytest.fixture
def refusal(ask: Callable[..., Any]) -> Callable[..., Any]:
    """Gives the message of the one error, which is that of `changes`."""

    async def asked(document: str, **variables: Any) -> str:
        body = await ask(document, **variables)
        [error] = body["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert error["path"] == ["changes"]
        assert body["data"]["changes"] is None
        return str(error["message"])

    return asked


_NEWEST = "{ dataset { release } }"
_SINCE = """
query ($since: ChangesSince!) {
  changes(since: $since) {
    totalCount
    nodes {
      action type fields { name before after } reason reasonCode label release { version }
    }
  }
}"""


async def test_a_change_is_told_field_by_field(lists: Lists, data: Data) -> None:
    before = (await data(_NEWEST))["dataset"]["release"]
    lists.own.set("awards.csv", 2, level="SILVER", note="corrigé")
    lists.own.set("metrics.csv", 2, value="9.25")
    after = lists.load().release
    told = (await data(_SINCE, since={"release": before}))["changes"]
    shared: dict[str, Any] = {
        "action": "CHANGED",
        "reason": None,
        "reasonCode": None,
        "label": None,
        "release": {"version": after},
    }
    assert told["nodes"] == [
        {
            **shared,
            "type": "AWARD",
            "fields": [
                {"name": "level", "before": "GOLD", "after": "SILVER"},
                {"name": "note", "before": None, "after": "corrigé"},
            ],
        },
        {
            **shared,
            "type": "METRIC",
            "fields": [{"name": "value", "before": 8.5, "after": 9.25}],
        },
    ]
    assert told["totalCount"] == 2


_GONE = """
query ($id: ID!) {
  node(id: $id) { ...Gone }
  nodes(ids: [$id, "met_aaaaaaaaaaaaaaaa", $id]) { ...Gone }
}
fragment Gone on Node {
  __typename id ... on Metric { value }
  ... on Withdrawn { type label reason reasonCode withdrawnIn { version withdrawn note } }
}"""


async def test_a_withdrawn_record_answers_with_its_tombstone(lists: Lists, data: Data) -> None:
    metrics = (await data("{ metrics { nodes { id value } } }"))["metrics"]["nodes"]
    [gone] = [each for each in metrics if each["value"] == 900]
    before = (await data(_NEWEST))["dataset"]["release"]
    lists.own.remove("metrics.csv", 3)
    release = lists.load().release
    found = await data(_GONE, id=gone["id"])
    assert found["node"] == {
        "__typename": "Withdrawn",
        "id": gone["id"],
        "type": "METRIC",
        "label": "carte/projets/2021",
        "reason": "no longer in the list « Palmarès et collectivités réunis par Terrigraph » (ne "
        "figure plus dans la liste « Palmarès et collectivités réunis par Terrigraph »)",
        "reasonCode": "NOT_LISTED",
        "withdrawnIn": {"version": release, "withdrawn": 1, "note": None},
    }
    assert found["nodes"] == [found["node"], None, found["node"]]
    told = (await data(_SINCE, since={"release": before}))["changes"]["nodes"][-1]
    assert (told["action"], told["label"]) == ("WITHDRAWN", "carte/projets/2021")
    assert told["reason"] == found["node"]["reason"]
    assert told["reasonCode"] == "NOT_LISTED"


async def test_a_commune_that_was_merged_tells_into_which(lists: Lists, data: Data) -> None:
    lists.own.add(
        "collectivities.csv.gz",
        kind="COMMUNE",
        code="45001",
        name="Adon",
        is_current=1,
        parent_kind="DEPARTEMENT",
        parent_code="45",
        departement="45",
        region="24",
    )
    lists.load()
    found = await data('{ collectivity(by: { commune: "45001" }) { id } }')
    lists.own.remove("collectivities.csv.gz", 8)
    lists.own.add("former_codes.csv.gz", code="45001", commune="45234")
    lists.load()
    found = await data(_GONE, id=found["collectivity"]["id"])
    assert (found["node"]["label"], found["node"]["reasonCode"]) == ("Adon", "MERGED")
    assert found["node"]["reason"] == (
        "merged into Orléans, COMMUNE:45234 (réunie à Orléans, COMMUNE:45234)"
    )


async def test_what_the_operator_tells_is_the_reason_and_the_note(lists: Lists, data: Data) -> None:
    lists.other.set("metrics.csv", 3, year="2003")
    lists.load_other()
    lists.other.remove("metrics.csv", 3)
    before = (await data(_NEWEST))["dataset"]["release"]
    lists.load_other(way=Way(reason="doublon {0}", note="corrections de janvier"))
    changes = (await data(_SINCE, since={"release": before}))["changes"]["nodes"]
    assert [(each["reasonCode"], each["reason"]) for each in changes] == [
        ("BY_OPERATOR", "withdrawn by the operator (retiré par l’exploitant) : doublon {0}")
    ]
    found = await data("{ dataset { releases(first: 1) { nodes { note } } } }")
    assert found["dataset"]["releases"]["nodes"] == [{"note": "corrections de janvier"}]


async def test_a_withdrawal_of_earlier_versions_has_the_usual_reason(
    lists: Lists, data: Data, engine: sa.Engine
) -> None:
    metrics = (await data("{ metrics { nodes { id value } } }"))["metrics"]["nodes"]
    [gone] = [each for each in metrics if each["value"] == 900]
    lists.own.remove("metrics.csv", 3)
    lists.load()
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE change SET reason = NULL"))
    node = (await data(_GONE, id=gone["id"]))["node"]
    assert node["reason"] == "no longer in its list (ne figure plus dans sa liste)"
    assert node["reasonCode"] == "NOT_LISTED"


async def test_a_restored_record_is_itself_again(lists: Lists, data: Data) -> None:
    metrics = (await data("{ metrics { nodes { id value } } }"))["metrics"]["nodes"]
    [gone] = [each for each in metrics if each["value"] == 900]
    row = lists.own.text("metrics.csv")
    lists.own.remove("metrics.csv", 3)
    before = lists.load().release
    lists.own.replace("metrics.csv", row)
    lists.load()
    assert (await data(_GONE, id=gone["id"]))["node"] == {
        "__typename": "Metric",
        "id": gone["id"],
        "value": 900,
    }
    told = (await data(_SINCE, since={"release": before}))["changes"]["nodes"]
    assert [(each["action"], each["label"]) for each in told] == [("RESTORED", None)]


async def test_a_search_never_finds_what_is_gone(lists: Lists, data: Data) -> None:
    query = '{ search(query: "carte") { totalCount nodes { node { __typename } } } }'
    assert (await data(query))["search"]["totalCount"] > 0
    for name in ("awards.csv", "awards.csv"):
        lists.own.remove(
            name, 4 if name == "awards.csv" and "mobilites" in lists.own.text(name) else 2
        )
    for row in (5, 2):
        lists.own.remove("laureates.csv", row)
    for name in ("holders.csv", "metrics.csv"):
        for _ in range(2):
            lists.own.remove(name, 2)
    lists.own.remove("initiatives.csv", 2)
    lists.load()
    assert (await data(query))["search"] == {"totalCount": 0, "nodes": []}


async def test_releases_come_newest_first_with_what_they_did(lists: Lists, data: Data) -> None:
    lists.own.set("awards.csv", 2, level="SILVER")
    lists.own.remove("metrics.csv", 3)
    lists.load()
    lists.load_other()
    asked = """{ dataset { release releases {
      totalCount pageInfo { hasNextPage }
      nodes { version updatedAt note created changed withdrawn source { title } }
    } } }"""
    found = (await data(asked))["dataset"]
    [newest, second, first] = found["releases"]["nodes"]
    assert found["release"] == newest["version"] > second["version"] > first["version"]
    counts = [
        (each["created"], each["changed"], each["withdrawn"]) for each in found["releases"]["nodes"]
    ]
    # The other list is a source itself, and has the figure that is gone.
    assert counts[:2] == [(2, 0, 0), (0, 1, 1)]
    assert counts[2][0] > 20
    assert [newest["source"], second["source"]] == [
        {"title": OTHER.title},
        {"title": "Palmarès et collectivités réunis par Terrigraph"},
    ]
    assert found["releases"]["totalCount"] == 3


async def test_each_record_tells_the_list_and_the_releases_it_comes_from(
    lists: Lists, data: Data
) -> None:
    before = (await data(_NEWEST))["dataset"]["release"]
    lists.own.set("awards.csv", 2, level="SILVER")
    after = lists.load().release
    lists_of = ("metrics", "categories", "collectivities", "editions", "prizes")
    told = (
        "provenance { retrievedOn source { retrievedOn licence { name } } "
        "createdIn { version } changedIn { version } }"
    )
    found = await data("{ sources { nodes { retrievedOn records } } }")
    [day] = {each["retrievedOn"] for each in found["sources"]["nodes"] if each["retrievedOn"]}
    found = await data(
        f"{{ awards {{ nodes {{ level {told} }} }} "
        f"initiatives {{ nodes {{ sources {{ {told} }} {told} }} }} "
        f"{' '.join(f'{name} {{ nodes {{ {told} }} }}' for name in lists_of)} }}"
    )
    places = [
        each["provenance"] | {"is changed": each.get("level") == "SILVER"}
        for listed in found.values()
        for node in listed["nodes"]
        for each in [node, *node.get("sources", [])]
    ]
    assert len(places) > 20
    for place in places:
        licence = {"name": "Licence Ouverte / Open Licence 2.0"}
        assert place["source"] == {"licence": licence, "retrievedOn": day}
        assert place["retrievedOn"] == day
        assert place["createdIn"] == {"version": before}
        assert place["changedIn"] == {"version": after if place["is changed"] else before}


_CLAIMS = """{
  awards { nodes { level note sponsor claims { field value isShown source { title } } } }
  metrics { nodes { value claims { field value isShown source { title } } } }
}"""


def _told(record: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (each["field"], each["value"], each["isShown"], each["source"]["title"])
        for each in record["claims"]
    ]


async def test_what_lists_dispute_is_told_field_by_field(lists: Lists, data: Data) -> None:
    lists.own.set("awards.csv", 2, note="Nommée par la presse.")
    lists.load()
    lists.other.set("awards.csv", 2, level="BRONZE", sponsor="La Poste", note="")
    lists.other.set("laureates.csv", 2, name_as_printed="Le Loiret")
    lists.other.set("metrics.csv", 2, value="9")
    lists.load_other()
    third = Feed("a-third", "Une troisième liste", rank=99)
    lists.other.set("awards.csv", 2, level="SPECIAL", sponsor="", note="")
    lists.load_other(third)
    found = await data(_CLAIMS)
    [award] = [each for each in found["awards"]["nodes"] if each["claims"]]
    shown = "Palmarès et collectivités réunis par Terrigraph"
    [loiret, le_loiret] = [
        [
            {
                "collectivity": "col_ixu5zkplb2xjjax3",
                "nameAsPrinted": name,
                "position": 0,
                "service": None,
            }
        ]
        for name in ("Loiret", "Le Loiret")
    ]
    assert (award["level"], award["note"]) == ("GOLD", "Nommée par la presse.")
    # By field; then what is shown, the lower rank, the first key. Who says nothing is not told.
    assert _told(award) == [
        ("laureates", loiret, True, shown),
        ("laureates", le_loiret, False, third.title),
        ("laureates", le_loiret, False, OTHER.title),
        ("level", "GOLD", True, shown),
        ("level", "SPECIAL", False, third.title),
        ("level", "BRONZE", False, OTHER.title),
        ("sponsor", "La Poste", False, OTHER.title),
    ]
    [metric] = [each for each in found["metrics"]["nodes"] if each["claims"]]
    assert _told(metric) == [
        ("value", 8.5, True, shown),
        ("value", 9, False, third.title),
        ("value", 9, False, OTHER.title),
    ]


async def test_what_is_shown_passes_to_the_next_list_and_back(lists: Lists, data: Data) -> None:
    lists.other.set("metrics.csv", 3, value="901")
    lists.load_other()
    before = (await data(_NEWEST))["dataset"]["release"]
    whole = lists.own.text("metrics.csv")
    lists.own.remove("metrics.csv", 3)
    lists.load()
    asked = """{ metrics(where: {year: {eq: 2021}}) { nodes {
      value claims { field } provenance { source { title } } } } }"""
    assert (await data(asked))["metrics"]["nodes"] == [
        {"value": 901, "claims": [], "provenance": {"source": {"title": OTHER.title}}}
    ]
    lists.own.replace("metrics.csv", whole)
    lists.load()
    [metric] = (await data(asked))["metrics"]["nodes"]
    assert metric["value"] == 900
    assert metric["claims"] == [{"field": "value"}, {"field": "value"}]
    told = (await data(_SINCE, since={"release": before}))["changes"]["nodes"]
    assert [each["fields"] for each in told] == [
        [{"name": "value", "before": 900, "after": 901}],
        [{"name": "value", "before": 901, "after": 900}],
    ]


async def test_a_list_without_disputes_claims_nothing(lists: Lists, data: Data) -> None:
    lists.load_other()
    found = await data(_CLAIMS)
    assert [each["claims"] for listed in found.values() for each in listed["nodes"]] == [[]] * 5


_PAGE = """
query ($since: ChangesSince, $types: [RecordType!], $first: Int, $after: String) {
  changes(since: $since, types: $types, first: $first, after: $after) {
    edges { cursor node { id type action } }
  }
}"""


async def _edges(data: Data, **variables: Any) -> list[dict[str, Any]]:
    edges: list[dict[str, Any]] = (await data(_PAGE, **variables))["changes"]["edges"]
    return edges


async def test_a_cursor_is_a_place_whatever_else_was_asked(lists: Lists, data: Data) -> None:
    whole = await _edges(data, first=100)
    assert len(whole) > 20
    cursor = whole[9]["cursor"]
    assert await _edges(data, since={"cursor": cursor}, first=100) == whole[10:]
    assert await _edges(data, after=cursor, first=100) == whole[10:]
    both = await _edges(data, since={"cursor": whole[4]["cursor"]}, after=cursor, first=3)
    assert both == whole[10:13]
    awards = await _edges(data, types=["AWARD", "METRIC"])
    assert awards == [each for each in whole if each["node"]["type"] in ("AWARD", "METRIC")]
    assert len(awards) == 5
    assert await _edges(data, types=["AWARD"], since={"cursor": awards[1]["cursor"]}) == [awards[2]]
    release = (await data(_NEWEST))["dataset"]["release"]
    assert await _edges(data, since={"release": release}) == []
    lists.own.set("awards.csv", 2, level="SILVER")
    lists.load()
    newest = await _edges(data, since={"release": release})
    assert [each["node"]["action"] for each in newest] == ["CHANGED"]
    assert await _edges(data, since={"cursor": whole[-1]["cursor"]}) == newest


async def test_a_time_is_that_of_a_release(lists: Lists, engine: sa.Engine, data: Data) -> None:
    lists.own.set("awards.csv", 2, level="SILVER")
    lists.load()
    with engine.begin() as connection:
        for number, time in ((1, "2026-01-31T12:00:00Z"), (2, "2026-02-01T00:30:00Z")):
            connection.exec_driver_sql(
                f"UPDATE release SET updated_at = '{time}' WHERE id = {number}"
            )
    for time, is_all in (
        ("2026-01-31", True),
        ("2026-01-31T12:00:00Z", True),
        ("2026-01-31T13:00:00.5+01:00", True),
        ("2026-01-31T12:00:01Z", False),
        ("2026-02-01T01:30:00+01:00", False),
    ):
        found = await _edges(data, since={"time": time}, first=100)
        assert (len(found) > 20) == is_all, time
        assert found[-1]["node"]["action"] == "CHANGED"
    assert await _edges(data, since={"time": "2026-02-02"}) == []
    assert await _edges(data, since={"time": "9999-12-31"}) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ('since: {release: "1999-01-01.1"}', "is no release of this server"),
        ('since: {cursor: "x"}', "is not a cursor; pass an `endCursor`"),
        ('since: {time: "yesterday"}', "is no instant; write one with its time zone"),
        ('since: {time: "2026-01-31T12:00:00"}', "is no instant"),
        ('since: {time: "2026-02-31"}', "is no instant"),
        ('since: {time: "0001-01-01T00:00:00+23:00"}', "is no instant"),
        ("types: []", "name one, or leave it out for all"),
        ("first: 101", "pass 0 to 100"),
        ('after: "x"', "is not a cursor"),
    ],
)
async def test_what_is_no_place_is_refused_with_its_remedy(
    refusal: Callable[..., Any], given: str, told: str
) -> None:
    asked = f"{{ changes({given}) {{ totalCount }} dataset {{ release }} }}"
    assert told in await refusal(asked)


async def test_a_cursor_of_another_log_is_told_apart(
    lists: Lists, data: Data, refusal: Callable[..., Any], engine: sa.Engine
) -> None:
    cursor = (await _edges(data))[3]["cursor"]
    other = (await data("{ awards { pageInfo { endCursor } } }"))["awards"]["pageInfo"]["endCursor"]
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE change SET uid = 'src_aaaaaaaaaaaaaaaa'")
    for name, asked in (("since.cursor", "since: {cursor: $c}"), ("after", "after: $c")):
        question = f"query ($c: String!) {{ changes({asked}) {{ totalCount }} }}"
        assert f"`{name}` is a cursor of another log" in await refusal(question, c=cursor)
        assert "is a cursor of another list" in await refusal(question, c=other)


# Told in one word of what is an object here.
_IN_OBJECTS = {"licenceName", "licenceUrl"}


@pytest.mark.parametrize("target", RECORDS, ids=lambda target: target.type_name)
def test_fields_of_changes_are_named_as_those_of_records(target: Target) -> None:
    row = {name: 0 if name.endswith("_micro") else "" for name in target.columns}
    told = {*facts_of(row), *(part.part for part in parts_of(target))} - _IN_OBJECTS
    kind: Any = SCHEMAS[0]._schema.type_map[target.type_name or ""]
    assert told
    assert told <= set(kind.fields)


@pytest.mark.parametrize("seed", range(2))
async def test_a_mirror_that_follows_random_imports_holds_the_final_state(
    seed: int, lists: Lists, database: Database, engine: sa.Engine
) -> None:
    random = Random(seed)
    mirror = Mirror(SCHEMAS[0], database)
    for _ in range(8):
        lists.change_at_random(random)
        for _ in range(random.choice((0, 1, 1, 2, 20))):
            # Whoever asks in the middle of the log asks again after the next import.
            await mirror.step(random.choice((1, 3, 7, 50)))
    while await mirror.step(5):
        pass
    assert mirror.records == await state_of(SCHEMAS[0], database, engine)
    with engine.connect() as connection:
        log = connection.exec_driver_sql("SELECT uid, action FROM change ORDER BY id").all()
    assert mirror.seen == [(uid, action) for uid, action in log]
    assert not await mirror.step(5)
    assert len(mirror.seen) == len(log)


async def test_a_mirror_misses_nothing_while_imports_go_on(
    lists: Lists, database: Database, engine: sa.Engine
) -> None:
    mirror, random = Mirror(SCHEMAS[0], database), Random(7)
    importing = threading.Thread(
        target=lambda: [lists.change_at_random(random) for _ in range(6)], daemon=True
    )
    importing.start()
    while importing.is_alive():
        await mirror.step(3)
        await asyncio.sleep(0)
    importing.join()
    while await mirror.step(3):
        pass
    assert mirror.records == await state_of(SCHEMAS[0], database, engine)
