"""Aggregates, facets and the rows of groups are what plain Python makes of the same rows."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

from tests.schema.conftest import Data
from tests.schema.plain import Group, Item, Key, Plain, sortable, summary

_SUMMARY = "{ known sum avg min max median }"
_PEOPLE = {"awards": "laureates", "initiatives": "holders", "metrics": "holders"}
_FACETS = {
    "awards": {
        "prize": "PRIZE",
        "year": "YEAR",
        "level": "LEVEL",
        "category": "CATEGORY",
        "kind": "KIND",
        "region": "REGION",
        "departement": "DEPARTEMENT",
        "epci": "EPCI",
        "populationClass": "POPULATION_CLASS",
    },
    "initiatives": {"year": "YEAR", "category": "CATEGORY", "kind": "KIND", "region": "REGION"},
    "metrics": {"unit": "UNIT", "year": "YEAR", "category": "CATEGORY", "epci": "EPCI"},
}
Test = Callable[[Item], bool]


def _summary_fields(root: str) -> str:
    people = _PEOPLE[root]
    return f'count {people} year {_SUMMARY} eur: values(unit: "EUR") {_SUMMARY}'


def together(items: Iterable[Item], plain: Plain, root: str) -> dict[str, Any]:
    """What some rows are together."""
    rows = list(items)
    group = plain.grouped(rows, ()).get((), Group())
    years = [item.facts["YEAR"][0] for item in rows if item.facts["YEAR"][0] is not None]
    euros = [row["value_micro"] for row in group.metrics.values() if row["unit"] == "EUR"]
    return {
        "count": len(rows),
        _PEOPLE[root]: len(group.people),
        "year": summary(year * 1_000_000 for year in years),
        "eur": summary(euros),
    }


def values_of(groups: dict[Key, Group], dimension: str) -> list[dict[str, Any]]:
    """The values of a facet: the most rows first, then by value, the unknown one last."""
    keys = sorted(groups, key=lambda key: (-groups[key].count, sortable(key, (dimension,))))
    return [
        {"value": None if key[0] is None else str(key[0]), "count": groups[key].count}
        for key in keys
    ]


def _everything(_item: Item) -> bool:
    return True


def _is_gold(item: Item) -> bool:
    return item.facts["LEVEL"] == ["GOLD"]


def _is_late(item: Item) -> bool:
    return (item.facts["YEAR"][0] or 0) >= 2016


# Filters as documents write them, and the test of each condition by the facet it is about.
FILTERED: list[tuple[str, str, dict[str, Test]]] = [
    ("awards", "", {}),
    ("awards", "(where: {level: {eq: GOLD}})", {"level": _is_gold}),
    (
        "awards",
        "(where: {level: {eq: GOLD}, year: {gte: 2016}})",
        {"level": _is_gold, "year": _is_late},
    ),
    (
        "awards",
        "(where: {and: [{level: {eq: GOLD}}, {year: {gte: 2016}}]})",
        {"level": _is_gold, "year": _is_late},
    ),
    # What need not hold for all rows is no condition of the facet's own.
    (
        "awards",
        "(where: {or: [{level: {eq: GOLD}}, {year: {gte: 2016}}]})",
        {"": lambda item: _is_gold(item) or _is_late(item)},
    ),
    ("awards", "(where: {not: {level: {eq: GOLD}}})", {"": lambda item: not _is_gold(item)}),
    ("awards", "(first: 1, where: {year: {lt: 1900}})", {"year": lambda _: False}),
    ("awards", "(last: 3, orderBy: [{year: ASC}])", {}),
    ("initiatives", "", {}),
    ("initiatives", "(where: {year: {gte: 2016}})", {"year": _is_late}),
    ("metrics", "", {}),
    (
        "metrics",
        '(where: {unit: {eq: "EUR"}})',
        {"unit": lambda item: item.facts["UNIT"] == ["EUR"]},
    ),
]


def items_of(plain: Plain, root: str) -> list[Item]:
    return {"awards": plain.awards, "initiatives": plain.initiatives, "metrics": plain.metrics}[
        root
    ]()


@pytest.mark.parametrize(("root", "given", "tests"), FILTERED)
async def test_an_aggregate_and_facets_tell_of_all_rows_whatever_the_page(
    data: Data, plain: Plain, root: str, given: str, tests: dict[str, Test]
) -> None:
    facets = " ".join(f"{name} {{ value count }}" for name in _FACETS[root])
    found = (
        await data(
            f"{{ found: {root}{given} {{ aggregate {{ {_summary_fields(root)} }} "
            f"facets {{ {facets} few: year(first: 2) {{ value count }} }} }} }}"
        )
    )["found"]
    items = items_of(plain, root)
    kept = [item for item in items if all(test(item) for test in tests.values())]
    assert found["aggregate"] == together(kept, plain, root)
    for name, dimension in _FACETS[root].items():
        offered = [
            item for item in items if all(test(item) for own, test in tests.items() if own != name)
        ]
        expected = values_of(plain.grouped(offered, (dimension,)), dimension)
        assert found["facets"][name] == expected[:100], name
    assert found["facets"]["few"] == found["facets"]["year"][:2]


async def test_a_territory_offers_the_others_beside_it(data: Data, plain: Plain) -> None:
    found = await data(
        '{ awards(where: {within: {departement: "45"}, level: {ne: UNKNOWN}}) { totalCount '
        "facets { departement { value count } region { value count } level { value count } } } }"
    )
    known = [item for item in plain.awards() if item.facts["LEVEL"] != ["UNKNOWN"]]
    facets = found["awards"]["facets"]
    for name in ("DEPARTEMENT", "REGION"):
        expected = values_of(plain.grouped(known, (name,)), name)
        assert facets[name.lower()] == expected[:100]
    loiret = plain.grouped(plain.awards(), ("DEPARTEMENT", "LEVEL"))
    levels = {key[1]: group.count for key, group in loiret.items() if key[0] == "45"}
    assert {each["value"]: each["count"] for each in facets["level"]} == levels


_NESTED = """{
  categories(first: 100) { nodes { slug awards(first: 1) { ...A } } }
  collectivities(first: 30, orderBy: [{awards: {count: DESC}}]) { nodes { id awards { ...A } } }
}
fragment A on AwardConnection {
  totalCount
  aggregate { count laureates year { known sum avg min max median } eur: values(unit: "EUR") {
    known sum avg min max median } }
  facets { level { value count } kind { value count } }
}"""


async def test_a_nested_list_is_told_of_for_each_parent(data: Data, plain: Plain) -> None:
    found = await data(_NESTED)
    awards = plain.awards()
    uids = {row["id"]: row["uid"] for row in plain.places.values()}
    parents = [
        (each, [item for item in awards if item.facts["CATEGORY"] == [each["slug"]]])
        for each in found["categories"]["nodes"]
    ]
    parents += [
        (each, [item for item in awards if each["id"] in [uids[place] for place in item.holders]])
        for each in found["collectivities"]["nodes"]
    ]
    assert any(not items for _, items in parents)
    for parent, items in parents:
        assert parent["awards"]["totalCount"] == len(items)
        assert parent["awards"]["aggregate"] == together(items, plain, "awards")
        for name, dimension in (("level", "LEVEL"), ("kind", "KIND")):
            expected = values_of(plain.grouped(items, (dimension,)), dimension)
            assert parent["awards"]["facets"][name] == expected


@pytest.mark.parametrize(
    "by", [("YEAR",), ("REGION",), ("LEVEL", "KIND"), ("CATEGORY", "REGION", "PRIZE"), ("EPCI",)]
)
@pytest.mark.parametrize("is_lead", [False, True])
async def test_the_rows_of_a_group_are_those_that_it_counts(
    data: Data, plain: Plain, by: Sequence[str], *, is_lead: bool
) -> None:
    given = ", attribution: LEAD_ONLY" if is_lead else ""
    shown = {"CATEGORY": "category { slug }", "PRIZE": "prize { slug }"}
    keys = " ".join(
        shown.get(
            name, f"{name.lower()} {{ code }}" if name in ("REGION", "EPCI") else name.lower()
        )
        for name in by
    )
    found = await data(
        f"""{{ awardGroups(by: [{", ".join(by)}], first: 40{given}) {{ nodes {{
          count key {{ {keys} }}
          items(first: 100) {{
            totalCount nodes {{ id year level }} aggregate {{ {_summary_fields("awards")} }}
            facets {{ level {{ value count }} }}
          }}
          gold: items(where: {{level: {{eq: GOLD}}}}, orderBy: [{{year: ASC}}]) {{ totalCount }}
        }} }} }}"""
    )
    awards = {item.id: item for item in plain.awards()}
    groups = plain.grouped(awards.values(), by, is_lead_only=is_lead)
    assert len(found["awardGroups"]["nodes"]) == min(40, len(groups))
    for group in found["awardGroups"]["nodes"]:
        values = (group["key"][name.lower()] for name in by)
        key = tuple(next(iter(v.values())) if isinstance(v, dict) else v for v in values)
        items = [awards[number] for number in groups[key].items]
        page = group["items"]
        assert page["totalCount"] == group["count"] == len(items)
        assert {node["id"] for node in page["nodes"]} == {item.uid for item in items}
        years = [node["year"] for node in page["nodes"]]
        assert years == sorted(years, reverse=True)
        assert page["aggregate"] == together(items, plain, "awards")
        expected = values_of(plain.grouped(items, ("LEVEL",)), "LEVEL")
        assert page["facets"]["level"] == expected
        assert group["gold"]["totalCount"] == sum(map(_is_gold, items))


async def test_empty_groups_have_no_rows_and_nothing_to_sum_up(data: Data) -> None:
    found = await data(
        f"""{{ awardGroups(by: [LEVEL], where: {{level: {{eq: GOLD}}}}, includeEmpty: true) {{
          nodes {{ key {{ level }} count items {{
            totalCount nodes {{ id }} aggregate {{ {_summary_fields("awards")} }}
            facets {{ year {{ value }} }}
          }} }} }} }}"""
    )
    gold, *others = found["awardGroups"]["nodes"]
    assert gold["count"] == gold["items"]["totalCount"] > 0
    assert others
    aggregate = {"count": 0, "laureates": 0, "year": summary([]), "eur": summary([])}
    for group in others:
        assert group["count"] == 0
        assert group["items"] == {
            "totalCount": 0,
            "nodes": [],
            "aggregate": aggregate,
            "facets": {"year": []},
        }
