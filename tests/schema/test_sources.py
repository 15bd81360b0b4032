"""Sources tell their name, the last look at them, and how many records cite them."""

from collections import Counter
from itertools import chain

from graph.storage.read import Database
from tests.execution.oracle import Oracle
from tests.execution.scopes import Question
from tests.schema.conftest import Data

_LOOKS = "nodes { id name status lastRun { at status release created changed withdrawn } }"


async def test_the_last_look_is_told_with_its_outcome(data: Data) -> None:
    found = await data(f"{{ sources(first: 4) {{ {_LOOKS} }} }}")
    nodes = found["sources"]["nodes"]
    assert [node["status"] for node in nodes] == [
        "CURRENT",
        "FAILING",
        "FAILING",
        "NOT_HARVESTED",
    ]
    runs = [node["lastRun"] for node in nodes]
    assert [(run["at"], run["status"], run["release"]) for run in runs[:3]] == [
        ("2026-01-31T13:00:04Z", "UNCHANGED", "2026-01-31.1"),
        ("2026-01-31T13:00:05Z", "FAILED", None),
        ("2026-01-31T13:00:03Z", "REFUSED", None),
    ]
    assert runs[3] is None
    assert (runs[0]["created"], runs[0]["changed"], runs[0]["withdrawn"]) == (0, 0, 0)


async def test_sources_are_found_by_their_last_look(data: Data) -> None:
    found = await data(
        """{
          all: sources { totalCount }
          failed: sources(where: {lastRun: {status: {eq: FAILED}}}) { nodes { status } }
          failing: sources(where: {lastRun: {status: {in: [FAILED, REFUSED]}}}) { totalCount }
          none: sources(where: {not: {lastRun: {status: {notIn: []}}}}) { totalCount }
          release: sources(where: {lastRun: {release: {startsWith: "2026-01-31"}}}) { totalCount }
        }"""
    )
    assert found["failed"]["nodes"] == [{"status": "FAILING"}]
    assert (found["failing"]["totalCount"], found["release"]["totalCount"]) == (2, 1)
    assert found["none"]["totalCount"] == found["all"]["totalCount"] - 3


async def test_sources_are_counted_under_the_same_filter(data: Data) -> None:
    found = await data(
        """{
          all: sources(first: 1) { totalCount aggregate { count } }
          failed: sources(where: {lastRun: {status: {eq: FAILED}}}) { aggregate { count } }
        }"""
    )
    assert found["all"]["aggregate"] == {"count": found["all"]["totalCount"]}
    assert found["all"]["totalCount"] > 100
    assert found["failed"]["aggregate"] == {"count": 1}


async def test_a_source_is_named_by_its_title_or_its_address(data: Data) -> None:
    found = await data("{ sources(first: 100) { nodes { name title url } } }")
    nodes = found["sources"]["nodes"]
    assert all(node["name"] == (node["title"] or node["url"] or node["name"]) for node in nodes)
    assert any(node["title"] is None for node in nodes)
    assert all(node["name"] for node in nodes)


async def test_records_are_those_that_cite_the_source(data: Data) -> None:
    """Counted from the other end: every record names its sources."""
    lists = ("awards", "metrics", "editions", "prizes")
    counted: Counter[str] = Counter()
    for name in lists:
        after = None
        while True:
            page = await data(
                f"query ($after: String) {{ {name}(first: 100, after: $after) "
                "{ nodes { source { id } } pageInfo { hasNextPage endCursor } } }",
                after=after,
            )
            counted.update(node["source"]["id"] for node in page[name]["nodes"])
            if not page[name]["pageInfo"]["hasNextPage"]:
                break
            after = page[name]["pageInfo"]["endCursor"]
    for last in (100, 80):  # 180 initiatives
        asked = "first" if last == 100 else "last"
        page = await data(f"{{ initiatives({asked}: {last}) {{ nodes {{ sources {{ id }} }} }} }}")
        nodes = page["initiatives"]["nodes"]
        counted.update(chain.from_iterable([s["id"] for s in node["sources"]] for node in nodes))
    told = {}
    for asked in ("first: 100", "last: 18"):
        page = await data(f"{{ sources({asked}) {{ totalCount nodes {{ id name records }} }} }}")
        assert page["sources"]["totalCount"] == 118
        told.update({node["id"]: node for node in page["sources"]["nodes"]})
    records = {key: node["records"] for key, node in told.items() if node["records"]}
    (committed,) = set(records) - set(counted)
    brought = records.pop(committed)
    assert records == dict(counted)
    # What came with a list are records of all types.
    lists = (*lists, "initiatives", "categories", "collectivities", "sources")
    totals = await data("{ " + " ".join(f"{name} {{ totalCount }}" for name in lists) + " }")
    assert brought == sum(total["totalCount"] for total in totals.values())


async def test_both_executors_tell_the_same_on_both_engines(
    databases: dict[str, Database],
) -> None:
    answered = await Oracle(databases).ask(
        Question(
            f"{{ sources(first: 20, orderBy: [{{publisher: DESC}}]) {{ {_LOOKS} }} "
            "awards(first: 5) { nodes { source { records status lastRun { status } } } } }"
        )
    )
    assert answered.is_unanimous, answered
    assert "errors" not in answered.body
