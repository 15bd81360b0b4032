"""What a filter may hold is limited alike on both engines, and answered up to the limit."""

from functools import reduce
from typing import Any

import pytest

from graph.domain.limits import LIST_MAX_ITEMS, WHERE_MAX_CONDITIONS, WHERE_MAX_DEPTH
from graph.execution.answer import answer
from graph.schema.build import build_schema
from graph.settings import Limits, Settings
from graph.storage.read import Database
from tests.schema.conftest import Ask, Data

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
    assert len(told) > len(Limits.model_fields)
    assert all(each["description"] for each in told)


async def test_a_setting_is_told_as_it_is_set(databases: dict[str, Database]) -> None:
    schema = build_schema(Settings(document_max_aliases=3))
    answered = await answer(schema, databases["sqlite"], "{ apiLimits { name max } }")
    told = {each["name"]: each["max"] for each in answered.body["data"]["apiLimits"]}
    assert told["documentAliases"] == 3
