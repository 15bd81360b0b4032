"""What goes wrong is told by a code and a sentence; what is unexpected is told by neither."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from graph.execution.answer import Answer, answer
from graph.schema.build import Schema, build_schema, build_stock_schema
from graph.storage.read import Database, Reader
from tests.schema.conftest import Ask

_AWARDS = "query ($where: AwardWhere) { awards(where: $where) { totalCount } }"
_PRIZE = "query ($slug: String!) { prize(slug: $slug) { slug } }"
_TWO = "query One { prizes { totalCount } } query Two { prizes { totalCount } }"
_SECRET = "SELECT secret FROM /path/of/ours.py"

# What is wrong at a place of the document.
_LOCATED = {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"}

Variables = dict[str, Any] | None


def _nested(depth: int) -> dict[str, Any]:
    return {"not": _nested(depth - 1)} if depth else {"year": {"eq": 2017}}


@pytest.mark.parametrize(
    ("document", "variables", "remedy"),
    [
        ('{ node(id: "hello") { id } }', None, "pass the `id` of a record"),
        ('{ node(id: "col_aaaaaaaaaaaaaaaaa") { id } }', None, "pass the `id` of a record"),
        ('{ node(id: "xyz_aaaaaaaaaaaaaaaa") { id } }', None, "pass the `id` of a record"),
        ('{ awards(after: "hello") { totalCount } }', None, "pass an `endCursor`"),
        ('{ awards(before: "") { totalCount } }', None, "pass an `endCursor`"),
        ("{ awards(first: 101) { totalCount } }", None, "pass 0 to 100"),
        ("{ awards(first: -1) { totalCount } }", None, "pass 0 to 100"),
        ("{ awards(last: 101) { totalCount } }", None, "pass 0 to 100"),
        ("{ awards(first: 1, last: 1) { totalCount } }", None, "pass one of them"),
        (_PRIZE, {"slug": "a\0b"}, "holds characters of no text"),
        (_PRIZE, {"slug": "a\ud800b"}, "holds characters of no text"),
        (_PRIZE, {"slug": "a" * 1001}, "write at most 1000"),
        ('{ collectivity(by: {siren: "\\u0000"}) { code } }', None, "holds characters of no text"),
        (_AWARDS, {"where": {"year": {"in": list(range(201))}}}, "pass at most 200"),
        (_AWARDS, {"where": {"or": [{"year": {"eq": 2017}}] * 201}}, "pass at most 200"),
        (_AWARDS, {"where": {"or": [{"year": {"eq": 2017}}] * 101}}, "at most 100"),
        (_AWARDS, {"where": _nested(12)}, "12 deep"),
        (
            "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
            {"ids": ["col_aaaaaaaaaaaaaaaa"] * 101},
            "pass at most 100",
        ),
    ],
)
async def test_an_argument_that_means_nothing_is_an_error_in_its_place(
    ask: Ask, document: str, variables: Variables, remedy: str
) -> None:
    answered = await ask(document, variables)
    (error,) = answered.body["errors"]
    assert answered.is_executed
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert remedy in error["message"]
    (name,) = error["path"]
    assert answered.body["data"] == {name: None}


async def test_the_limits_themselves_are_allowed(ask: Ask) -> None:
    for document, variables in (
        ("{ awards(first: 100) { totalCount } }", None),
        ("{ awards(first: 0) { totalCount } }", None),
        (_PRIZE, {"slug": "a" * 1000}),
        (_AWARDS, {"where": {"year": {"in": list(range(200))}}}),
    ):
        assert "errors" not in (await ask(document, variables)).body


async def test_a_cursor_of_another_filter_is_told_apart_from_nonsense(ask: Ask) -> None:
    page = (await ask("{ awards(first: 1) { pageInfo { endCursor } } }")).body
    cursor = page["data"]["awards"]["pageInfo"]["endCursor"]
    document = "query ($after: String, $where: AwardWhere) { awards(after: $after, where: $where)"
    variables = {"after": cursor, "where": {"year": {"eq": 2017}}}
    (error,) = (await ask(document + " { totalCount } }", variables)).body["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "start again without it" in error["message"]


@pytest.mark.parametrize(
    ("document", "variables", "code", "words"),
    [
        ("", None, "BAD_REQUEST", "write a GraphQL document"),
        (" ", None, "GRAPHQL_PARSE_FAILED", "Unexpected <EOF>"),
        ("{ prizes", None, "GRAPHQL_PARSE_FAILED", "<EOF>. A closing bracket may be missing."),
        (
            '{ search(query: "eau") { nodes { title } } }',
            None,
            "GRAPHQL_VALIDATION_FAILED",
            "It has 'score', 'label', 'snippet', 'node'.",
        ),
        (
            '{ collectivity(by: {commune: "02691"}, name: 1) { name } }',
            None,
            "GRAPHQL_VALIDATION_FAILED",
            "It takes 'by'.",
        ),
        ("{ apiLimits(zzz: 1) { name } }", None, "GRAPHQL_VALIDATION_FAILED", "It takes none."),
        (
            "{ awards(where: {level: {eq: OR}}) { totalCount } }",
            None,
            "GRAPHQL_VALIDATION_FAILED",
            "It has 'GRAND_PRIX', 'GOLD', 'SILVER'",
        ),
        (
            "{ awards(where: {year: 2017}) { totalCount } }",
            None,
            "GRAPHQL_VALIDATION_FAILED",
            "Write a condition in braces, one of 'eq', 'ne'",
        ),
        (
            _AWARDS,
            {"where": {"year": 2017}},
            "BAD_USER_INPUT",
            "Write a condition in braces, one of 'eq', 'ne'",
        ),
        (
            _AWARDS,
            {"where": {"year": {"between": [2010, 2012]}}},
            "BAD_USER_INPUT",
            "Write fields of it in braces: 'from', 'to'.",
        ),
        (
            _AWARDS,
            {"where": {"zzz": True}},
            "BAD_USER_INPUT",
            "It has 'year', 'level', 'categoryAsPrinted'",
        ),
        (
            "{ awards(orderBy: {year: DESC, level: ASC}) { totalCount } }",
            None,
            "GRAPHQL_VALIDATION_FAILED",
            "Write several keys as a list, '[{ ... }, { ... }]'.",
        ),
        (
            "{ collectivity(by: {}) { name } }",
            None,
            "GRAPHQL_VALIDATION_FAILED",
            "It has 'commune', 'departement', 'region', 'epci'",
        ),
        (
            "{ collectivity(by: {commune: 2691}) { name } }",
            None,
            "GRAPHQL_VALIDATION_FAILED",
            "2691. Write it in quotes.",
        ),
        ("{ édition }", None, "GRAPHQL_PARSE_FAILED", "Names are written without 'é'"),
        ("{ }", None, "GRAPHQL_PARSE_FAILED", "name a field in it, such as `__typename`"),
        ("query A { }", None, "GRAPHQL_PARSE_FAILED", "name a field in it"),
        ("{ apiLimits { name { } } }", None, "GRAPHQL_PARSE_FAILED", "leave it out"),
        ("{ prizes { nodes { } } }", None, "GRAPHQL_PARSE_FAILED", "name a field in it"),
        ("{ ... on Query { } }", None, "GRAPHQL_PARSE_FAILED", "name a field in it"),
        ("{ ...f } fragment f on Query { }", None, "GRAPHQL_PARSE_FAILED", "name a field in it"),
        (
            "mutation { forget }",
            None,
            "GRAPHQL_VALIDATION_FAILED",
            "not supported by the schema. Data is only read here, by a query.",
        ),
        (
            "subscription { awards }",
            None,
            "GRAPHQL_VALIDATION_FAILED",
            "subscription operation is not supported",
        ),
        (
            "{ prizes { nodes { slugg } } }",
            None,
            "GRAPHQL_VALIDATION_FAILED",
            "Did you mean 'slug'?",
        ),
        (
            "{ awards { year } }",
            None,
            "GRAPHQL_VALIDATION_FAILED",
            "on type 'AwardConnection'. Its records are in 'nodes { ... }'.",
        ),
        (
            "{ awards { edges { year } } }",
            None,
            "GRAPHQL_VALIDATION_FAILED",
            "on type 'AwardEdge'. Its record is in 'node { ... }'.",
        ),
        (
            "{ awards(where: {level: {eq: GOLDEN}}) { totalCount } }",
            None,
            "GRAPHQL_VALIDATION_FAILED",
            "Did you mean the enum value 'GOLD'?",
        ),
        (
            "{ awards(frist: 1) { totalCount } }",
            None,
            "GRAPHQL_VALIDATION_FAILED",
            "Did you mean 'first' or 'last'?",
        ),
        (
            _AWARDS,
            {"where": {"level": {"eq": "GOLDEN"}}},
            "BAD_USER_INPUT",
            "Did you mean the enum value 'GOLD'?",
        ),
        (
            _AWARDS,
            {"where": {"year": {"eq": "last"}}},
            "BAD_USER_INPUT",
            "Int cannot represent non-integer value",
        ),
        (
            _AWARDS,
            {"where": {"yaer": {"eq": 2017}}},
            "BAD_USER_INPUT",
            "unknown field 'yaer'",
        ),
        (
            _AWARDS,
            {"where": {"yaer": {"eq": True}}},
            "BAD_USER_INPUT",
            "unknown field 'yaer'. Did you mean 'year'?",
        ),
        (_AWARDS, {"where": {"prizes": [None]}}, "BAD_USER_INPUT", "unknown field 'prizes'"),
        (_PRIZE, None, "BAD_USER_INPUT", "'String!' to be provided"),
        (_PRIZE, {"slug": None}, "BAD_USER_INPUT", "'String!' not to be null"),
        (
            "{ initiatives(where: {launchedOn: {gte: 2017}}) { totalCount } }",
            None,
            "GRAPHQL_VALIDATION_FAILED",
            "2017 is not a partial date; write YYYY, YYYY-MM or YYYY-MM-DD, in quotes",
        ),
        (
            '{ metrics(where: {value: {gte: "100"}}) { totalCount } }',
            None,
            "GRAPHQL_VALIDATION_FAILED",
            '"100" is not a number; write one such as 1250 or 8.5',
        ),
        (
            "{ metrics(where: {value: {in: [1.5, [null, X]]}}) { totalCount } }",
            None,
            "GRAPHQL_VALIDATION_FAILED",
            '[null, "X"] is not a number',
        ),
        (
            '{ collectivity(by: {commune: "02691", siren: "1"}) { code } }',
            None,
            "GRAPHQL_VALIDATION_FAILED",
            "exactly one field must be specified",
        ),
    ],
)
async def test_what_cannot_be_run_has_an_error_and_no_data(
    ask: Ask, document: str, variables: Variables, code: str, words: str
) -> None:
    assert_not_run(await ask(document, variables), code, words)


@pytest.mark.parametrize(
    "words",
    [
        "Value 'x' does not exist in 'Nothing' enum.",
        "Expected value of type 'Nothing' to be an object, found: x.",
        "Cannot query field 'x' on type 'Nothing'.",
    ],
)
async def test_words_of_callers_are_not_taken_for_ours(ask: Ask, words: str) -> None:
    document = f'{{ awards(where: {{level: {{eq: "{words}"}}}}) {{ totalCount }} }}'
    assert_not_run(await ask(document), "GRAPHQL_VALIDATION_FAILED", words)
    answered = await ask(_AWARDS, {"where": {"level": {"eq": words}}})
    assert_not_run(answered, "BAD_USER_INPUT", words)


@pytest.mark.parametrize("name", [None, "Three"])
async def test_an_operation_has_to_be_named_among_several(ask: Ask, name: str | None) -> None:
    answered = await ask(_TWO, None, name)
    assert_not_run(answered, "OPERATION_RESOLUTION_FAILURE", "set `operationName` to one")


async def test_a_name_that_the_only_operation_has_not_is_refused(ask: Ask) -> None:
    answered = await ask("query One { __typename }", None, "Two")
    assert_not_run(answered, "OPERATION_RESOLUTION_FAILURE", 'no operation named "Two"')


def assert_not_run(answered: Answer, code: str, words: str) -> None:
    (error,) = answered.body["errors"]
    assert error["extensions"]["code"] == code
    assert words in error["message"]
    assert not [word for word in ("None", "True", "{'") if word in error["message"]]
    assert ("locations" in error) == (code in _LOCATED)
    assert "data" not in answered.body
    assert not answered.is_executed
    assert answered.statements == []


async def test_a_named_operation_is_run_alone(ask: Ask) -> None:
    answered = await ask("query One { one: __typename } query Two { two: __typename }", None, "Two")
    assert answered.body == {"data": {"two": "Query"}}


async def test_errors_are_cut_in_length_and_in_number(ask: Ask) -> None:
    unknown = " ".join(f"field{'x' * 400}{n}" for n in range(50))
    answered = await ask(f"{{ awards {{ {unknown} }} }}")
    assert 0 < len(answered.body["errors"]) <= 20
    assert max(len(error["message"]) for error in answered.body["errors"]) == 300


@pytest.mark.parametrize("build", [build_schema, build_stock_schema])
async def test_an_unexpected_error_is_logged_once_and_tells_nothing(
    build: Callable[[], Schema],
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError(_SECRET)

    monkeypatch.setattr(Reader, "rows", fail)
    with caplog.at_level(logging.ERROR):
        answered = await answer(build(), database, "{ awards { totalCount } }")
    (error,) = answered.body["errors"]
    (record,) = caplog.records
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    text = json.dumps(answered.body)
    assert not [word for word in ("SELECT", "secret", "path/", ".py", "Runtime") if word in text]
    assert record.exc_info
    assert _SECRET in str(record.exc_info[1])
    reference = record.getMessage().rsplit(" ", 1)[-1]
    assert reference in error["message"]


async def test_the_database_is_read_again_after_an_unexpected_error(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError(_SECRET)

    with monkeypatch.context() as patch:
        patch.setattr(Reader, "rows", fail)
        assert "errors" in (await ask("{ prizes { totalCount } }")).body
    assert (await ask("{ prizes { totalCount } }")).body == {"data": {"prizes": {"totalCount": 4}}}
