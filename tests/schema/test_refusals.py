"""What filters, orders, groups and searches cannot mean is refused: field named, remedy told."""

from typing import Any

import pytest

from tests.schema.conftest import Ask, Data

_AWARDS = "query ($where: AwardWhere) { awards(where: $where) { totalCount } }"
_COLLECTIVITIES = (
    "query ($where: CollectivityWhere) { collectivities(where: $where) { totalCount } }"
)
_INITIATIVES = (
    "query ($where: InitiativeWhere, $orderBy: [InitiativeOrder!])"
    " { initiatives(where: $where, orderBy: $orderBy) { totalCount } }"
)
_METRICS = "query ($where: MetricWhere) { metrics(where: $where) { totalCount } }"
_GROUPS = (
    "query ($by: [AwardDimension!]!, $having: AwardGroupHaving, $orderBy: [AwardGroupOrder!],"
    " $includeEmpty: Boolean) { awardGroups(by: $by, having: $having, orderBy: $orderBy,"
    " includeEmpty: $includeEmpty) { totalCount } }"
)
_SEARCH = "query ($query: String!, $types: [SearchType!]) { search(query: $query, types: $types) {"
_SEARCH += " totalCount } }"
_GROUP = "query ($by: [AwardDimension!]!) { awardGroups(by: $by, first: 1) { nodes { %s } } }"

Case = tuple[str, dict[str, Any], str, str]


def _where(document: str, field: str, remedy: str, **where: Any) -> Case:
    return document, {"where": where}, field, remedy


def _groups(field: str, remedy: str, **variables: Any) -> Case:
    return _GROUPS, {"by": ["YEAR"], **variables}, field, remedy


def _order(field: str, remedy: str, *keys: Any, **where: Any) -> Case:
    return _INITIATIVES, {"orderBy": list(keys), "where": where}, field, remedy


_NOTHING_TO_FIND = "write at least one word that is not excluded"
_ANYWHERE = [
    ("", _NOTHING_TO_FIND),
    (" \t\n", _NOTHING_TO_FIND),
    ("de la", _NOTHING_TO_FIND),
    ("-eau", _NOTHING_TO_FIND),
    ('""', _NOTHING_TO_FIND),
    ("« »", _NOTHING_TO_FIND),
    ("* ( ) : ^ % _ \\ --", _NOTHING_TO_FIND),
    (" ".join("abcdefghijkopqruvwxyz"), "words to look for; write at most 16"),
    ('"' + "eau " * 17 + '"', "words to look for; write at most 16"),
    ("eau\0", "holds characters of no text"),
    ("eau\ud800", "holds characters of no text"),
    ("eau " * 251, "write at most 1000"),
]
FILTERS = [
    *(_where(_AWARDS, "where.search", remedy, search=text) for text, remedy in _ANYWHERE),
    _where(
        _AWARDS,
        "where.laureates.some.search",
        _NOTHING_TO_FIND,
        laureates={"some": {"search": "-"}},
    ),
    _where(_AWARDS, "where.within", "write one of region, departement, epci, commune", within={}),
    _where(
        _AWARDS,
        "where.within",
        "combine several by `and` or `or`",
        within={"region": "53", "departement": "53"},
    ),
    _where(_AWARDS, "where.within", "not 0", within={"attribution": "LEAD_ONLY"}),
    _where(
        _COLLECTIVITIES,
        "where.within.attribution",
        "leave it out",
        within={"region": "53", "attribution": "ANY_HOLDER"},
    ),
    *(
        _where(_AWARDS, f"where.within.{name}", f"such as {example}", within={name: code})
        for name, example, codes in (
            ("region", "53", ("5", "", "FR", "05300", "٥٣")),
            ("departement", "45, 2A or 974", ("4", "2C", "FR-45", "45000")),
            ("epci", "200033298", ("20003329", "2000332988", "orleans")),
            ("commune", "53130", ("5313", "2C004", "Laval", "53130 Laval", "%")),
        )
        for code in codes
    ),
    _where(
        _AWARDS,
        "where.not.within.region",
        "such as 53",
        **{"not": {"within": {"region": "Bretagne"}}},
    ),
    _where(
        _INITIATIVES, "where.awards.where", "give both", awards={"where": {"year": {"eq": 2017}}}
    ),
    *(
        _where(_AWARDS, f"where.sponsor.{operator}", remedy, sponsor={operator: text})
        for operator in ("contains", "startsWith")
        for text, remedy in (
            ("", "holds no letter or digit to look for; write some"),
            ("%", "holds no letter or digit to look for; write some"),
            (" - ", "holds no letter or digit to look for; write some"),
            ("a" * 1001, "write at most 1000"),
            ("a\0", "holds characters of no text"),
        )
    ),
    _where(_AWARDS, "where.sponsor.eq", "write at most 1000", sponsor={"eq": "a" * 1001}),
    _where(
        _COLLECTIVITIES, "where.code.startsWith", "at most 1000", code={"startsWith": "4" * 1001}
    ),
    _where(
        _COLLECTIVITIES, "where.postalCode.startsWith", "no text", postalCode={"startsWith": "\0"}
    ),
    _where(_AWARDS, "where.year.in", "pass at most 200", year={"in": [2017] * 201}),
    _where(_AWARDS, "where.level.notIn", "pass at most 200", level={"notIn": ["GOLD"] * 201}),
    _where(_METRICS, "where.value.in", "pass at most 200", value={"in": [1.5] * 201}),
    _where(_METRICS, "where.asOf.in", "pass at most 200", asOf={"in": ["2017"] * 201}),
    _where(_METRICS, "where.unit.in", "pass at most 200", unit={"in": ["EUR"] * 201}),
    _where(
        _COLLECTIVITIES,
        "where.postalCode.in",
        "pass at most 200",
        postalCode={"in": ["45000"] * 201},
    ),
    _where(
        _INITIATIVES,
        "where.awards.count.in",
        "pass at most 200",
        awards={"count": {"in": [1] * 201}},
    ),
    _where(_AWARDS, "where.and", "pass at most 200", **{"and": [{}] * 201}),
    _where(
        _AWARDS, "where", "write at most 100", **{"or": [{"category": {"slug": {"eq": ""}}}] * 101}
    ),
    _where(_METRICS, "where.value.eq", "of at most 6 decimals", value={"eq": 1e-7}),
    _where(_METRICS, "where.value.lt", "at most 12 whole digits", value={"lt": 1e300}),
    _where(_METRICS, "where.value.in", "of at most 6 decimals", value={"in": [1, 1e-7]}),
    _where(
        _METRICS,
        "where.value.between",
        "of at most 6 decimals",
        value={"between": {"from": 1e-7, "to": 1}},
    ),
]
_DEEP: dict[str, Any] = {"year": {"eq": 2017}}
for _ in range(12):
    _DEEP = {"not": _DEEP}
ORDERS = [
    _order("orderBy", "write at most 5", *[{"year": "ASC"}] * 6),
    _order("orderBy[1].searchRank", "write one `search`", {"year": "ASC"}, {"searchRank": "DESC"}),
    _order(
        "orderBy[0].searchRank",
        "write one `search`",
        {"searchRank": "DESC"},
        search="eau",
        **{"and": [{"search": "vélo"}]},
    ),
    _order(
        "orderBy[0].searchRank",
        "write one `search` that must hold",
        {"searchRank": "DESC"},
        **{"or": [{"search": "eau"}, {"search": "vélo"}]},
    ),
    _order(
        "orderBy[0].searchRank",
        "write one `search` that must hold",
        {"searchRank": "DESC"},
        **{"not": {"search": "eau"}},
    ),
    _order("orderBy[0].metrics.sum", 'as in `unit: "EUR"`', {"metrics": {"sum": "DESC"}}),
    _order("orderBy[0].metrics", "write one of them", {"metrics": {}}),
    _order("orderBy[0].metrics", "write one of them", {"metrics": {"unit": "EUR"}}),
    _order(
        "orderBy[0].metrics",
        "write one of them",
        {"metrics": {"sum": "DESC", "count": "ASC", "unit": "EUR"}},
    ),
    _order("orderBy[0].metrics.unit", "is for `sum`", {"metrics": {"count": "ASC", "unit": "EUR"}}),
    _order(
        "orderBy[0].metrics.unit",
        "write at most 1000",
        {"metrics": {"sum": "ASC", "unit": "a" * 1001}},
    ),
    _order(
        "orderBy[0].awards.where.within.region",
        "such as 53",
        {"awards": {"count": "ASC", "where": {"within": {"region": "5"}}}},
    ),
    _order(
        "orderBy[0].awards.where",
        "12 deep",
        {"awards": {"count": "ASC", "where": _DEEP}},
    ),
]
GROUPS = [
    _groups("by", "write 1 to 3 different ones of PRIZE, YEAR", by=[]),
    _groups("by", "write 1 to 3 different ones", by=["YEAR", "LEVEL", "YEAR"]),
    _groups("by", "write 1 to 3 different ones", by=["YEAR", "LEVEL", "KIND", "REGION"]),
    _groups(
        "includeEmpty",
        "group by at most 2, or leave it out",
        by=["YEAR", "LEVEL", "KIND"],
        includeEmpty=True,
    ),
    _groups("having.previous", "add YEAR to `by`", by=["LEVEL"], having={"previous": {"eq": 1}}),
    _groups("having.delta", "add YEAR to `by`", by=["LEVEL"], having={"delta": {"eq": 1}}),
    _groups("orderBy[0].previous", "add YEAR to `by`", by=["LEVEL"], orderBy={"previous": "ASC"}),
    _groups("orderBy[0].delta", "add YEAR to `by`", by=["LEVEL"], orderBy=[{"delta": "ASC"}]),
    _groups("having.perCapita", "group by one of REGION", having={"perCapita": {"gt": 1}}),
    _groups("orderBy[0].perCapita", "group by one of REGION", orderBy=[{"perCapita": "ASC"}]),
    _groups(
        "having.perCapita",
        "group by one of REGION",
        by=["REGION", "EPCI"],
        having={"perCapita": {"gt": 1}},
    ),
    _groups(
        "having.perCapita", "at most 6 decimals", by=["REGION"], having={"perCapita": {"gt": 1e-7}}
    ),
    _groups("values.unit", 'write `unit: "EUR"`', having={"values": {"sum": {"gt": 1}}}),
    _groups("values.unit", 'write `unit: "EUR"`', orderBy=[{"values": {"sum": "DESC"}}]),
    _groups(
        "values.unit",
        "write at most 1000",
        orderBy=[{"values": {"sum": "DESC", "unit": "a" * 1001}}],
    ),
    _groups(
        "orderBy",
        "use one unit in both",
        having={"values": {"sum": {"gt": 1}, "unit": "EUR"}},
        orderBy=[{"values": {"sum": "DESC", "unit": "personne"}}],
    ),
    _groups("orderBy[0].values", "write one of them", orderBy=[{"values": {"unit": "EUR"}}]),
    _groups(
        "orderBy[0].values",
        "write one of them",
        orderBy=[{"values": {"unit": "EUR", "sum": "ASC", "avg": "ASC"}}],
    ),
    _groups("orderBy", "write at most 5", orderBy=[{"key": "ASC"}] * 6),
    _groups("having.count.in", "pass at most 200", having={"count": {"in": [1] * 201}}),
    *((_SEARCH, {"query": text}, "query", remedy) for text, remedy in _ANYWHERE),
    (_SEARCH, {"query": "eau", "types": []}, "types", "leave it out to search all"),
]


@pytest.mark.parametrize(("document", "variables", "field", "remedy"), [*FILTERS, *ORDERS, *GROUPS])
async def test_an_input_that_means_nothing_is_refused_by_name_with_the_remedy(
    ask: Ask, document: str, variables: dict[str, Any], field: str, remedy: str
) -> None:
    answered = await ask(document, variables)
    (error,) = answered.body["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert f"`{field}" in error["message"]
    assert remedy in error["message"]
    (root,) = error["path"]
    assert answered.body["data"] == {root: None}


@pytest.mark.parametrize(
    ("by", "field", "remedy"),
    [
        ("YEAR", "share(of: [LEVEL])", "write some of YEAR, which `by` has"),
        ("YEAR", "values { sum }", 'write `unit: "EUR"`'),
        ("YEAR", 'values(unit: "\\u0000") { sum }', "holds characters of no text"),
        ("LEVEL", "previous", "add YEAR to `by`"),
        ("LEVEL", "delta", "add YEAR to `by`"),
        ("LEVEL", "perCapita", "group by one of REGION, DEPARTEMENT, EPCI"),
        ("REGION", "perCapita(per: 0)", "write a number of inhabitants from 1"),
        ("REGION", "perCapita(per: -5)", "write a number of inhabitants from 1"),
        ("REGION", "items(first: 101) { totalCount }", "pass 0 to 100"),
        ("REGION", 'items(after: "x") { totalCount }', "pass an `endCursor`"),
        (
            "REGION",
            "items(where: {within: {}}) { totalCount }",
            "write one of region, departement, epci, commune",
        ),
        ("REGION", "items(orderBy: [{searchRank: ASC}]) { totalCount }", "write one `search`"),
        ("REGION", "items { aggregate { values { sum } } }", 'write `unit: "EUR"`'),
        ("REGION", "items { facets { year(first: -1) { value } } }", "pass 0 to 100"),
    ],
)
async def test_a_measure_that_groups_do_not_have_is_an_error_of_each_of_them(
    ask: Ask, by: str, field: str, remedy: str
) -> None:
    answered = await ask(_GROUP % f"count {field}", {"by": [by]})
    (error,) = answered.body["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert remedy in error["message"]
    name = field.split("(", maxsplit=1)[0].split(" ", maxsplit=1)[0]
    assert error["path"][:4] == ["awardGroups", "nodes", 0, name]
    # What else was asked of the group is answered.
    assert answered.body["data"]["awardGroups"]["nodes"][0]["count"] > 0


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{ awardGroups(by: [YAER]) { totalCount } }", "Did you mean the enum value 'YEAR'?"),
        ("{ awardGroups(by: [UNIT]) { totalCount } }", "does not exist in 'AwardDimension' enum"),
        (
            "{ awardGroups { totalCount } }",
            "of type '[AwardDimension!]!' is required, but",
        ),
        ("{ awards(orderBy: [{year: UP}]) { totalCount } }", "does not exist in 'Direction' enum"),
        ("{ awards(orderBy: [{}]) { totalCount } }", "exactly one field must be specified"),
        (
            "{ awards(orderBy: [{year: ASC, level: ASC}]) { totalCount } }",
            "exactly one field must be specified",
        ),
        ("{ awards(orderBy: [{laureates: {}}]) { totalCount } }", "required field 'count'"),
        ("{ prizes(orderBy: [{searchRank: ASC}]) { totalCount } }", "unknown field 'searchRank'"),
        ('{ search(query: "eau", types: [PRIZE]) { totalCount } }', "'SearchType' enum"),
        ("{ awards(where: {within: {city: 1}}) { totalCount } }", "unknown field 'city'"),
        (
            '{ initiatives(where: {launchedOn: {eq: "2017-13"}}) { totalCount } }',
            "write YYYY, YYYY-MM or YYYY-MM-DD",
        ),
        (
            '{ initiatives(where: {launchedOn: {between: {from: "2017"}}}) { totalCount } }',
            "required field 'to'",
        ),
        (
            '{ metrics(where: {value: {eq: "8,5"}}) { totalCount } }',
            "write one such as 1250 or 8.5",
        ),
        (
            "{ awards(where: {year: {eq: null}}) { totalCount } }",
            "'eq' cannot be null; leave it out, or give it a value",
        ),
        (
            "{ awards(where: {within: {region: null}}) { totalCount } }",
            "'region' cannot be null; leave it out, or give it a value",
        ),
    ],
)
async def test_what_the_schema_does_not_have_is_refused_before_anything_is_read(
    ask: Ask, document: str, words: str
) -> None:
    answered = await ask(document)
    error = answered.body["errors"][0]
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert words in error["message"]
    assert not answered.is_executed
    assert answered.statements == []


async def test_a_variable_of_an_unknown_word_is_the_callers_to_mend(ask: Ask) -> None:
    (error,) = (await ask(_GROUPS, {"by": ["YAER"]})).body["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "$by" in error["message"]
    assert "Did you mean the enum value 'YEAR'?" in error["message"]


_LISTS = [
    "awards",
    "awards(orderBy: [{year: ASC}])",
    "awards(orderBy: [{year: ASC}, {level: ASC}])",
    "awards(orderBy: [{level: ASC}, {year: ASC}])",
    "awards(orderBy: [{laureates: {count: DESC}}])",
    "awards(orderBy: [{laureates: {count: DESC, where: {kind: {eq: COMMUNE}}}}])",
    "awards(orderBy: [{laureates: {count: DESC, where: {kind: {eq: REGION}}}}])",
    "awards(where: {year: {gt: 2000}})",
    "awards(where: {year: {gt: 2001}})",
    'awards(where: {search: "prix"})',
    'awards(where: {search: "trophée"})',
    "awards(orderBy: [{categoryAsPrinted: ASC}])",
    "awards(orderBy: [{categoryAsPrinted: ASC_NULLS_FIRST}])",
    "awardGroups(by: [YEAR])",
    "awardGroups(by: [LEVEL])",
    "awardGroups(by: [YEAR, LEVEL])",
    "awardGroups(by: [LEVEL, YEAR])",
    "awardGroups(by: [YEAR], where: {level: {eq: GOLD}})",
    "awardGroups(by: [YEAR], having: {count: {gt: 1}})",
    "awardGroups(by: [YEAR], having: {count: {gt: 2}})",
    "awardGroups(by: [YEAR], orderBy: [{key: ASC}])",
    "awardGroups(by: [YEAR], attribution: LEAD_ONLY)",
    "awardGroups(by: [YEAR], includeEmpty: true)",
    'search(query: "ville")',
    'search(query: "commune")',
    'search(query: "ville", types: [AWARD])',
]


async def test_a_cursor_goes_on_in_its_own_list_alone(data: Data, ask: Ask) -> None:
    """Any other list, filter, order, grouping or search tells to start again."""
    cursors = {}
    for listed in _LISTS:
        found = await data(f"{{ found: {_with(listed, 'first: 1')} {{ edges {{ cursor }} }} }}")
        [edge] = found["found"]["edges"]
        cursors[listed] = edge["cursor"]
    for number, listed in enumerate(_LISTS):
        for other in {*_LISTS[max(0, number - 2) : number + 3], _LISTS[0], _LISTS[-1]}:
            asked = _with(listed, f'first: 1, after: "{cursors[other]}"')
            body = (await ask(f"{{ found: {asked} {{ edges {{ cursor }} }} }}")).body
            if other == listed:
                assert "errors" not in body, asked
                continue
            assert "errors" in body, f"a cursor of {other} goes on in {listed}"
            (error,) = body["errors"]
            assert error["extensions"]["code"] == "BAD_USER_INPUT"
            assert error["message"].startswith("`after: ")
            assert "start again without it" in error["message"]


async def test_a_cursor_of_a_group_goes_on_in_that_grouping_alone(data: Data, ask: Ask) -> None:
    document = (
        "{ awardGroups(by: [%s], first: 1) { nodes { items(first: 1%s) { edges { cursor } } } } }"
    )
    found = await data(document % ("YEAR", ""))
    [edge] = found["awardGroups"]["nodes"][0]["items"]["edges"]
    after = f', after: "{edge["cursor"]}"'
    assert "errors" not in (await ask(document % ("YEAR", after))).body
    (error,) = (await ask(document % ("REGION", after))).body["errors"]
    assert error["path"] == ["awardGroups", "nodes", 0, "items"]
    assert "start again without it" in error["message"]


def _with(listed: str, arguments: str) -> str:
    return listed.replace("(", f"({arguments}, ", 1) if "(" in listed else f"{listed}({arguments})"
