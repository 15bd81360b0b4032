"""Groups are what plain Python makes of the committed rows, number by number."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import pytest

from graph.domain.codes import Kind
from tests.schema.conftest import Data
from tests.schema.plain import (
    PLACES,
    Group,
    Item,
    Key,
    Plain,
    ranks,
    sortable,
    summary,
)

_AWARD = ("PRIZE", "YEAR", "LEVEL", "CATEGORY")
_HOLDER = ("KIND", "REGION", "DEPARTEMENT", "EPCI", "POPULATION_CLASS")
DIMENSIONS = {
    "awardGroups": (*_AWARD, *_HOLDER),
    "initiativeGroups": ("YEAR", "CATEGORY", *_HOLDER),
    "metricGroups": ("UNIT", "NAME", "YEAR", "CATEGORY", *_HOLDER),
    "collectivityGroups": ("KIND", "SUB_KIND", "REGION", "DEPARTEMENT", "POPULATION_CLASS"),
}
TRIPLES = {
    "awardGroups": [
        ("YEAR", "LEVEL", "REGION"),
        ("DEPARTEMENT", "YEAR", "KIND"),
        ("POPULATION_CLASS", "EPCI", "PRIZE"),
        ("REGION", "DEPARTEMENT", "EPCI"),
    ],
    "initiativeGroups": [("CATEGORY", "YEAR", "REGION"), ("KIND", "POPULATION_CLASS", "YEAR")],
    "metricGroups": [("UNIT", "CATEGORY", "YEAR"), ("NAME", "UNIT", "REGION")],
    "collectivityGroups": [("KIND", "REGION", "POPULATION_CLASS")],
}
PEOPLE = {"awardGroups": "laureates", "initiativeGroups": "holders", "metricGroups": "holders"}
_SUMMARY = "{ known sum avg min max median }"
_SHOWN = {
    "PRIZE": "prize { slug }",
    "CATEGORY": "category { slug }",
    "REGION": "region { code }",
    "DEPARTEMENT": "departement { code }",
    "EPCI": "epci { code }",
    "POPULATION_CLASS": "populationClass",
    "SUB_KIND": "subKind",
}

Groups = dict[Key, Group]


def items_of(plain: Plain, root: str) -> list[Item]:
    made: dict[str, Callable[[], list[Item]]] = {
        "awardGroups": plain.awards,
        "initiativeGroups": plain.initiatives,
        "metricGroups": plain.metrics,
        "collectivityGroups": plain.collectivities,
    }
    return made[root]()


def _shown(name: str) -> str:
    return _SHOWN.get(name, name.lower())


async def listed(
    data: Data, root: str, by: tuple[str, ...], given: str = "", fields: str = ""
) -> list[dict[str, Any]]:
    """All groups, page by page, each with its keys as a tuple."""
    keys = " ".join(_shown(name) for name in by)
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page = (
            await data(
                f"""{{ groups: {root}(by: [{", ".join(by)}], first: 100{given}{after}) {{
                  totalCount pageInfo {{ hasNextPage endCursor }}
                  nodes {{ key {{ {keys} }} count {fields} }} }} }}"""
            )
        )["groups"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            assert page["totalCount"] == len(found)
            break
        after = f', after: "{page["pageInfo"]["endCursor"]}"'
    for group in found:
        group["key"] = tuple(_plain(group["key"][_shown(name).split(" ")[0]]) for name in by)
    return found


def _plain(value: Any) -> Any:
    return next(iter(value.values())) if isinstance(value, dict) else value


def in_order(groups: Groups, by: tuple[str, ...]) -> list[Key]:
    """The most rows first, then by key."""
    return sorted(groups, key=lambda key: (-groups[key].count, sortable(key, by)))


async def check(data: Data, plain: Plain, root: str, by: tuple[str, ...], *, is_lead: bool) -> None:
    """Everything that can be told of the groups by some keys."""
    groups = plain.grouped(items_of(plain, root), by, is_lead_only=is_lead)
    people, places = PEOPLE.get(root, ""), [name for name in by if name in PLACES]
    has_year = "YEAR" in by
    fields = [
        "rank whole: share",
        f"share(of: [{by[-1]}])",
        people,
        "previous delta" if has_year else "",
        "perCapita per: perCapita(per: 7)" if len(places) == 1 else "",
        f'personne: values(unit: "personne") {_SUMMARY} none: values(unit: "?") {_SUMMARY}'
        if people
        else f"population {_SUMMARY}",
    ]
    given = ", attribution: LEAD_ONLY" if is_lead else ""
    found = await listed(data, root, by, given, " ".join(fields))
    told = f"{root} by {by}{given}"
    assert [group["key"] for group in found] == in_order(groups, by), told
    places_of_keys = list(ranks(groups[key].count for key in in_order(groups, by)))
    total = sum(group.count for group in groups.values())
    for group, rank in zip(found, places_of_keys, strict=True):
        own = groups[group["key"]]
        in_common = [g for key, g in groups.items() if key[-1] == group["key"][-1]]
        assert group["count"] == own.count, told
        assert group["rank"] == rank, told
        assert group["whole"] == own.count / total, told
        assert group["share"] == own.count / sum(each.count for each in in_common), told
        if people:
            assert group[people] == len(own.people), told
            values = [
                row["value_micro"] for row in own.metrics.values() if row["unit"] == "personne"
            ]
            assert group["personne"] == summary(values), told
            assert group["none"] == summary([]), told
        else:
            numbers = [plain.places[each]["population"] for each in own.items]
            known = [number * 1_000_000 for number in numbers if number is not None]
            assert group["population"] == summary(known), told
        if has_year:
            assert (group["previous"], group["delta"]) == _before(groups, group["key"], by), told
        if len(places) == 1:
            code = group["key"][by.index(places[0])]
            population = plain.population(places[0], code)
            for name, per in (("perCapita", 100_000), ("per", 7)):
                expected = float(Fraction(own.count * per, population)) if population else None
                assert group[name] == expected, told


def _before(groups: Groups, key: Key, by: tuple[str, ...]) -> tuple[int | None, int | None]:
    at = by.index("YEAR")
    if key[at] is None:
        return None, None
    last = groups.get((*key[:at], key[at] - 1, *key[at + 1 :]))
    return (None, None) if last is None else (last.count, groups[key].count - last.count)


@pytest.mark.parametrize("root", DIMENSIONS)
async def test_groups_by_one_key_are_those_of_plain_python(
    data: Data, plain: Plain, root: str
) -> None:
    for name in DIMENSIONS[root]:
        await check(data, plain, root, (name,), is_lead=False)
        if root != "collectivityGroups":
            await check(data, plain, root, (name,), is_lead=True)


@pytest.mark.parametrize("root", ["awardGroups", "initiativeGroups", "metricGroups"])
async def test_groups_by_two_keys_are_those_of_plain_python(
    data: Data, plain: Plain, root: str
) -> None:
    for number, by in enumerate(combinations(DIMENSIONS[root], 2)):
        # Both orders of the keys and both attributions, without the square of them.
        await check(data, plain, root, by[::-1] if number % 2 else by, is_lead=number % 3 == 0)


@pytest.mark.parametrize("root", TRIPLES)
async def test_groups_by_three_keys_are_those_of_plain_python(
    data: Data, plain: Plain, root: str
) -> None:
    for by in TRIPLES[root]:
        await check(data, plain, root, by, is_lead=False)


async def test_a_joint_award_counts_with_each_laureate_or_with_the_lead(
    data: Data, plain: Plain
) -> None:
    awards = plain.awards()
    joint = {item.id for item in awards if len(item.holders) > 1}
    assert joint
    for name in ("KIND", "REGION"):
        counts = {
            given: sum(
                group["count"] for group in await listed(data, "awardGroups", (name,), given)
            )
            for given in ("", ", attribution: ANY_HOLDER", ", attribution: LEAD_ONLY")
        }
        every = sum(group.count for group in plain.grouped(awards, (name,)).values())
        assert counts[""] == counts[", attribution: ANY_HOLDER"] == every > len(awards)
        assert counts[", attribution: LEAD_ONLY"] == len(awards)


async def test_only_the_rows_of_where_are_grouped(data: Data, plain: Plain) -> None:
    kept = [
        item
        for item in plain.awards()
        if item.facts["LEVEL"] == ["GOLD"] and item.facts["YEAR"][0] in range(2015, 2020)
    ]
    groups = plain.grouped(kept, ("YEAR",))
    where = ", where: {level: {eq: GOLD}, year: {between: {from: 2015, to: 2019}}}"
    found = await listed(data, "awardGroups", ("YEAR",), where, "previous")
    assert {group["key"]: group["count"] for group in found} == {
        key: group.count for key, group in groups.items()
    }
    # The first year of the filter has none before it there.
    assert {group["key"]: group["previous"] for group in found}[2015,] is None


def _test(operator: str, number: int, value: int | None) -> bool:
    tests: dict[str, Callable[[int], bool]] = {
        "eq": lambda own: own == number,
        "ne": lambda own: own != number,
        "gt": lambda own: own > number,
        "gte": lambda own: own >= number,
        "lt": lambda own: own < number,
        "lte": lambda own: own <= number,
    }
    return value is not None and tests[operator](value)


@pytest.mark.parametrize("operator", ["eq", "ne", "gt", "gte", "lt", "lte"])
async def test_having_leaves_groups_that_satisfy_it_and_changes_no_number_of_them(
    data: Data, plain: Plain, operator: str
) -> None:
    by = ("YEAR", "LEVEL")
    groups = plain.grouped(plain.awards(), by)
    everything = {
        group["key"]: group
        for group in await listed(data, "awardGroups", by, "", "share previous delta laureates")
    }
    measures: dict[str, Callable[[Key], int | None]] = {
        "count": lambda key: groups[key].count,
        "laureates": lambda key: len(groups[key].people),
        "previous": lambda key: _before(groups, key, by)[0],
        "delta": lambda key: _before(groups, key, by)[1],
    }
    for (name, measure), number in product(measures.items(), (0, 2, 3)):
        having = f", having: {{{name}: {{{operator}: {number}}}}}"
        found = await listed(data, "awardGroups", by, having, "share previous delta laureates")
        expected = [key for key in everything if _test(operator, number, measure(key))]
        assert [group["key"] for group in found] == expected, having
        assert found == [everything[key] for key in expected], having


async def test_having_speaks_of_the_summary_of_one_unit(data: Data, plain: Plain) -> None:
    by = ("CATEGORY",)
    groups = plain.grouped(plain.initiatives(), by)
    summaries = {
        key: summary(
            row["value_micro"] for row in group.metrics.values() if row["unit"] == "personne"
        )
        for key, group in groups.items()
    }
    limits = sorted(each["avg"] for each in summaries.values() if each["known"])
    for name in ("sum", "avg", "min", "max", "median"):
        for limit in (limits[0], limits[len(limits) // 2], 100):
            having = f', having: {{values: {{unit: "personne", {name}: {{gte: {limit}}}}}}}'
            found = await listed(data, "initiativeGroups", by, having)
            assert {group["key"] for group in found} == {
                key for key, each in summaries.items() if each["known"] and each[name] >= limit
            }, having
    having = ', having: {values: {unit: "personne", known: {eq: 0}, sum: {isNull: true}}}'
    found = await listed(data, "initiativeGroups", by, having)
    assert {group["key"] for group in found} == {
        key for key, each in summaries.items() if not each["known"]
    }


async def test_what_is_shown_per_capita_finds_its_group_again(data: Data) -> None:
    """The filter and the field count alike to the last bit, where 6 decimals can say it."""
    found = await listed(data, "awardGroups", ("REGION",), "", "perCapita")
    known = [group for group in found if group["perCapita"] is not None]
    for group in known:
        least = round(group["perCapita"] - 5e-7, 6)
        having = f", having: {{perCapita: {{between: {{from: {least}, to: {least + 2e-6:.6f}}}}}}}"
        assert group["key"] in [
            each["key"] for each in await listed(data, "awardGroups", ("REGION",), having)
        ]
    order = ", orderBy: [{perCapita: DESC}]"
    values = [
        group["perCapita"]
        for group in await listed(data, "awardGroups", ("REGION",), order, "perCapita")
    ]
    assert values[: len(known)] == sorted((group["perCapita"] for group in known), reverse=True)
    assert set(values[len(known) :]) <= {None}


@pytest.mark.parametrize(
    "by", [("LEVEL",), ("REGION",), ("YEAR", "LEVEL"), ("DEPARTEMENT",), ("CATEGORY", "KIND")]
)
async def test_empty_groups_are_all_that_could_be(
    data: Data, plain: Plain, by: tuple[str, ...]
) -> None:
    groups = plain.grouped(plain.awards(), by)
    every = {*groups, *product(*(plain.universe(name, lambda _: True) for name in by))}
    found = await listed(data, "awardGroups", by, ", includeEmpty: true", "rank share laureates")
    assert len(found) == len(every)
    assert {group["key"]: group["count"] for group in found} == {
        key: groups[key].count if key in groups else 0 for key in every
    }
    empty = [group for group in found if group["count"] == 0]
    assert all(group["share"] == 0 and group["laureates"] == 0 for group in empty)
    assert {group["rank"] for group in empty} <= {len(groups) + 1}


@pytest.mark.parametrize(("kind", "code"), [(Kind.REGION, "53"), (Kind.DEPARTEMENT, "45")])
@pytest.mark.parametrize("nested", ["%s", "{and: [{year: {gt: 2000}}, %s]}"])
async def test_empty_territories_are_those_within_that_of_where(
    data: Data, plain: Plain, kind: Kind, code: str, nested: str
) -> None:
    def is_inside(place: int) -> bool:
        found = plain.territory(place, kind)
        return found is not None and plain.places[found]["code"] == code

    for name in ("DEPARTEMENT", "EPCI"):
        kept = [item for item in plain.awards() if any(map(is_inside, item.holders))]
        groups = plain.grouped(kept, (name,))
        within = nested % f'{{within: {{{kind.lower()}: "{code}"}}}}'
        given = f", includeEmpty: true, where: {within}"
        found = await listed(data, "awardGroups", (name,), given)
        assert {group["key"][0]: group["count"] for group in found} == {
            **dict.fromkeys(plain.universe(name, is_inside), 0),
            **{key[0]: group.count for key, group in groups.items()},
        }


def _sorted(values: Iterable[Any], *, is_descending: bool, is_null_first: bool) -> list[Any]:
    known = sorted((value for value in values if value is not None), reverse=is_descending)
    unknown = [value for value in values if value is None]
    return [*unknown, *known] if is_null_first else [*known, *unknown]


@pytest.mark.parametrize("direction", ["ASC", "DESC", "ASC_NULLS_FIRST", "DESC_NULLS_FIRST"])
async def test_groups_come_in_the_order_asked(data: Data, direction: str) -> None:
    by = ("YEAR", "REGION")
    fields = 'laureates previous delta perCapita values(unit: "personne") { sum median }'
    shown: dict[str, Callable[[dict[str, Any]], Any]] = {
        "{count: %s}": lambda group: group["count"],
        "{laureates: %s}": lambda group: group["laureates"],
        "{previous: %s}": lambda group: group["previous"],
        "{delta: %s}": lambda group: group["delta"],
        "{perCapita: %s}": lambda group: group["perCapita"],
        '{values: {unit: "personne", sum: %s}}': lambda group: group["values"]["sum"],
        '{values: {unit: "personne", median: %s}}': lambda group: group["values"]["median"],
    }
    for key, value in shown.items():
        order = f", orderBy: [{key % direction}]"
        found = await listed(data, "awardGroups", by, order, f"rank {fields}")
        values = [value(group) for group in found]
        assert values == _sorted(
            values,
            is_descending=direction.startswith("DESC"),
            is_null_first=direction.endswith("NULLS_FIRST"),
        ), order
        assert [group["rank"] for group in found] == list(ranks(values)), order
        # What ties comes by key, what is unknown last.
        ties = [
            (values.index(each), sortable(group["key"], by))
            for each, group in zip(values, found, strict=True)
        ]
        assert ties == sorted(ties), order


@pytest.mark.parametrize("direction", ["ASC", "DESC", "ASC_NULLS_FIRST", "DESC_NULLS_FIRST"])
@pytest.mark.parametrize("by", [("LEVEL", "REGION"), ("REGION", "YEAR"), ("POPULATION_CLASS",)])
async def test_groups_come_by_their_keys(
    data: Data, plain: Plain, by: tuple[str, ...], direction: str
) -> None:
    found = await listed(data, "awardGroups", by, f", orderBy: [{{key: {direction}}}]", "rank")
    is_descending = direction.startswith("DESC")
    is_null_first = direction.endswith("NULLS_FIRST")
    keys = list(plain.grouped(plain.awards(), by))
    for at in reversed(range(len(by))):
        known = [key for key in keys if key[at] is not None]
        known.sort(key=lambda key: sortable(key, by)[at], reverse=is_descending)
        unknown = [key for key in keys if key[at] is None]
        keys = [*unknown, *known] if is_null_first else [*known, *unknown]
    assert [group["key"] for group in found] == keys
    counts = {group["key"]: group["count"] for group in found}
    by_count = sorted(counts.values(), reverse=True)
    assert all(group["rank"] == by_count.index(group["count"]) + 1 for group in found)
