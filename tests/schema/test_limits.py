"""What a filter may hold is limited alike on both engines, and answered up to the limit."""

from functools import reduce
from typing import Any

import pytest

from graph.execution.answer import answer
from graph.schema.build import build_schema
from graph.settings import Limits, Settings
from graph.storage.read import Database
from tests.schema.conftest import Ask, Data

LIMITS = Limits()
WHERE_MAX_DEPTH = LIMITS.where_max_depth
WHERE_MAX_CONDITIONS = LIMITS.where_max_conditions
LIST_MAX_ITEMS = LIMITS.list_max_items
# The same filter at the root and for many parents: the two shapes of a statement.
QUERY = """query ($where: AwardWhere) {
  awards(where: $where) { totalCount }
  categories { nodes { awards(first: 2, where: $where) { totalCount nodes { id } } } }
}"""
OF_2017 = {"year": {"eq": 2017}}
OF_NOTHING = {"initiative": {"category": {"slug": {"eq": "none"}}}}


def wrapped(where: dict[str, Any], key: str, times: int) -> dict[str, Any]:
    """`where` inside `times` conditions of a kind."""
    wrap = (lambda inner, _: {"not": inner}) if key == "not" else lambda inner, _: {key: [inner]}
    return reduce(wrap, range(times), where)


@pytest.mark.parametrize(
    "where",
    [
        *(wrapped(OF_2017, key, WHERE_MAX_DEPTH - 1) for key in ("and", "or", "not")),
        {"or": [OF_2017] * WHERE_MAX_CONDITIONS},
        {"or": [OF_NOTHING] * WHERE_MAX_CONDITIONS},
        {"and": [{"year": {"in": [*range(1900, 1900 + LIST_MAX_ITEMS)]}}] * 50},
    ],
)
async def test_a_filter_as_large_as_allowed_is_answered(ask: Ask, where: dict[str, Any]) -> None:
    assert "errors" not in (await ask(QUERY, {"where": where})).body


@pytest.mark.parametrize(
    "where",
    [
        *(wrapped(OF_2017, key, WHERE_MAX_DEPTH) for key in ("and", "or", "not")),
        *(wrapped(OF_2017, "not", times) for times in (50, 100, 150)),
        {"or": [OF_2017] * (WHERE_MAX_CONDITIONS + 1)},
        {"or": [{"or": [OF_NOTHING] * LIST_MAX_ITEMS}] * 20},
    ],
)
async def test_a_larger_one_is_an_error_that_tells_the_limits(
    ask: Ask, where: dict[str, Any]
) -> None:
    body = (await ask(QUERY, {"where": where})).body
    assert body["data"]["awards"] is None
    for error in body["errors"]:
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert f"at most {WHERE_MAX_CONDITIONS}, {WHERE_MAX_DEPTH} deep" in error["message"]


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ("{ a" * 400 + " }" * 400, None),
        ("{ ... " * 400 + "{ __typename }" + " }" * 400, None),
        ("{ awards(where: " + "{not: " * 400 + "{}" + "}" * 400 + ") { totalCount } }", None),
        ("{ " + "__typename " * 3000 + "}", None),
        ("{ " + " ".join(f"a{number}: __typename" for number in range(900)) + " }", None),
        (QUERY, wrapped(OF_2017, "not", 1000)),
    ],
)
async def test_what_is_nested_or_long_without_end_is_refused_before_it_is_run(
    ask: Ask, document: str, where: dict[str, Any] | None
) -> None:
    answered = await ask(document, {"where": where})
    assert not answered.is_executed
    error, *_ = answered.body["errors"]
    assert error["extensions"]["code"] in {
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "BAD_USER_INPUT",
    }


async def test_the_limits_in_force_are_told(data: Data) -> None:
    told = (await data("{ apiLimits { name max unit description } }"))["apiLimits"]
    by_name = {each["name"]: each for each in told}
    assert len(by_name) == len(told)
    assert by_name["documentAliases"]["max"] == 30
    assert by_name["documentAliases"]["unit"] == "aliases"
    assert by_name["pageRows"]["max"] == 100
    assert len(told) == len(Limits.model_fields)
    assert all(each["description"] for each in told)


async def test_a_setting_is_told_as_it_is_set(databases: dict[str, Database]) -> None:
    schema = build_schema(Settings(document_max_aliases=3))
    answered = await answer(schema, databases["sqlite"], "{ apiLimits { name max } }")
    told = {each["name"]: each["max"] for each in answered.body["data"]["apiLimits"]}
    assert told["documentAliases"] == 3


# Of each limit of an argument: a question that is at it when it is 2, and over it when it is 1.
AT_TWO = {
    "pageRows": "{ awards(first: 2) { totalCount } }",
    "listItems": "{ awards(where: {year: {in: [2017, 2018]}}) { totalCount } }",
    "textCharacters": '{ awards(where: {sponsor: {contains: "ab"}}) { totalCount } }',
    "searchWords": '{ search(query: "eau -terre") { totalCount } }',
    "suggestionRows": '{ suggest(prefix: "saint", first: 2) { label } }',
    "whereDepth": "{ awards(where: {not: {year: {eq: 2017}}}) { totalCount } }",
    "whereConditions": "{ awards(where: {year: {eq: 2017, ne: 2018}}) { totalCount } }",
    "orderKeys": "{ awards(orderBy: [{year: ASC}, {level: ASC}]) { totalCount } }",
    "groupKeys": "{ awardGroups(by: [YEAR, LEVEL]) { totalCount } }",
    "emptyGroupKeys": "{ awardGroups(by: [YEAR, LEVEL], includeEmpty: true) { totalCount } }",
}
SETTING_OF = {
    setting.json_schema_extra["name"]: name  # type: ignore[index, call-overload]
    for name, setting in Limits.model_fields.items()
}


def test_every_limit_of_an_argument_has_an_example_here() -> None:
    argument = ("page", "list", "text", "search", "suggestion", "where", "order", "group", "empty")
    assert {name for name in SETTING_OF if name.startswith(argument)} == {*AT_TWO}


@pytest.mark.parametrize("name", AT_TWO)
async def test_a_limit_of_an_argument_is_a_setting_and_its_refusal_tells_it(
    databases: dict[str, Database], name: str
) -> None:
    for most in (2, 1):
        schema = build_schema(Limits.model_validate({SETTING_OF[name]: most}))
        for database in databases.values():
            body = (await answer(schema, database, AT_TWO[name])).body
            if most == 2:
                assert "errors" not in body
            else:
                (error,) = body["errors"]
                assert error["extensions"]["code"] == "BAD_USER_INPUT"
                assert error["extensions"]["limit"] == {"name": name, "max": 1, "actual": 2}


async def test_pages_without_a_size_keep_to_a_lower_limit(databases: dict[str, Database]) -> None:
    schema = build_schema(Limits(page_max_rows=3))
    body = (await answer(schema, databases["sqlite"], "{ awards { nodes { id } } }")).body
    assert len(body["data"]["awards"]["nodes"]) == 3
