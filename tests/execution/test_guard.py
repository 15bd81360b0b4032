"""What is made to hurt is refused at once; what people ask passes with room to spare."""

import re
from typing import Any

import pytest
from graphql import (
    GraphQLError,
    Lexer,
    Source,
    TokenKind,
    get_introspection_query,
    parse,
    validate,
)
from graphql.validation import specified_rules
from hypothesis import given
from hypothesis import strategies as st
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule

from graph.execution.answer import answer
from graph.execution.documents import Documents
from graph.execution.guard import Refused, check_text, measure
from graph.execution.validation import Validation
from graph.execution.wording import worded
from graph.schema.build import build_schema
from graph.settings import Limits
from graph.storage.read import Database
from tests.execution.hostile import CORPUS, Hostile, fragment_bomb
from tests.test_docs import PAGES, ROOT

LIMITS = Limits()
CODES = {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"}
FILES = [*ROOT.glob("tests/golden/*.graphql"), *ROOT.glob("bench/queries/**/*.graphql")]
SCHEMA = build_schema()


@pytest.mark.parametrize("hostile", CORPUS, ids=str)
async def test_what_is_made_to_hurt_is_refused_by_a_code_and_nothing_is_read(
    hostile: Hostile, databases: dict[str, Database]
) -> None:
    answered = await answer(SCHEMA, databases["sqlite"], hostile.document, hostile.variables)
    assert not answered.is_executed
    assert answered.statements == []
    assert {error["extensions"]["code"] for error in answered.body["errors"]} <= CODES
    assert len(answered.body["errors"]) <= 20


@pytest.mark.parametrize("hostile", CORPUS, ids=str)
def test_no_more_nodes_are_visited_than_there_are_tokens(hostile: Hostile) -> None:
    try:
        document = parse(hostile.document)
    except GraphQLError:
        return
    assert measure(document, LIMITS).visited <= document.token_count


def test_each_fragment_is_counted_once_however_much_comes_of_it() -> None:
    counts = []
    for fragments in (10, 20, 40):
        measured = measure(parse(fragment_bomb(fragments, 3)), LIMITS)
        assert measured.refusals
        counts.append(measured.visited)
    assert counts[1] - counts[0] == 10 * (counts[2] - counts[1]) / 20


def _repeated(part: str, count: int, between: str = " ") -> str:
    return between.join(part.format(number) for number in range(count))


# A document for each limit that holds as much of something as is told.
HELD = {
    "documentCharacters": "{__typename}".ljust,
    "documentTokens": lambda held: f"{{ {'__typename ' * (held - 2)}}}",
    "documentComments": lambda held: "#\n" * held + "{ __typename }",
    "documentDepth": lambda held: "{ a" * held + " }" * held,
    "documentAliases": lambda held: f"{{ awards {{ {_repeated('a{}: totalCount', held)} }} }}",
    "documentRootFields": lambda held: f"{{ {'__typename ' * held}}}",
    "documentSelections": lambda held: f"{{ awards {{ {_repeated('a{}', held - 1)} }} }}",
    "documentDirectives": lambda held: f"{{ awards {{ {_repeated('a @b', held)} }} }}",
    "placeDirectives": lambda held: f"{{ awards {_repeated('@a{}', held)} {{ totalCount }} }}",
    "documentOperations": lambda held: _repeated("query Q{} {{ __typename }}", held),
    "documentFragments": lambda held: "{ a } " + _repeated("fragment F{} on A {{ b }}", held),
    "documentVariables": lambda held: f"query ({_repeated('$v{}: Int', held)}) {{ __typename }}",
    "literalDepth": lambda held: f"{{ awards(where: {'[' * held}{']' * held}) }}",
    "literalDigits": lambda held: f"{{ awards(first: {'9' * held}) }}",
    "literalItems": lambda held: f"{{ awards(where: [{'1 ' * held}]) }}",
}
NAMES = {
    setting.json_schema_extra["name"]: name  # type: ignore[index, call-overload]
    for name, setting in Limits.model_fields.items()
}


def refusals_of(document: str, limits: Limits) -> list[dict[str, Any]]:
    errors = check_text(document, limits) or measure(parse(document), limits).refusals
    return [dict(error.extensions or {}) for error in errors]


@pytest.mark.parametrize("name", HELD)
def test_a_limit_is_allowed_and_one_more_is_refused_with_what_was_measured(name: str) -> None:
    most = getattr(LIMITS, NAMES[name])
    assert name not in str(refusals_of(HELD[name](most), LIMITS))
    told = [each for each in refusals_of(HELD[name](most + 1), LIMITS) if name in str(each)]
    assert told == [
        {
            "code": "GRAPHQL_VALIDATION_FAILED",
            "limit": {"name": name, "max": most, "actual": most + 1},
        }
    ]


@pytest.mark.parametrize("name", HELD)
def test_each_limit_is_a_setting(name: str) -> None:
    less = Limits.model_validate({NAMES[name]: 12})
    assert {"name": name, "max": 12, "actual": 13} in [
        each["limit"] for each in refusals_of(HELD[name](13), less)
    ]


def test_every_limit_of_a_document_has_an_example_here() -> None:
    assert {name for name in NAMES if name.startswith(("document", "place", "literal"))} == {
        *HELD,
        "documentComparisons",
    }


def test_what_is_spread_counts_wherever_it_is_spread() -> None:
    spread = " ".join(f"... on Query {{ a{number}: categories {{ ...C }} }}" for number in range(3))
    document = (
        f"{{ ...Q {spread} }} fragment Q on Query {{ ...R ...R b: prizes {{ totalCount }} }} "
        "fragment R on Query { __typename } "
        "fragment C on CategoryConnection { nodes { x: slug awards { y: totalCount } } }"
    )
    limits = Limits(document_max_depth=1, document_max_aliases=1, document_max_root_fields=1)
    found = {
        each["limit"]["name"]: each["limit"]["actual"] for each in refusals_of(document, limits)
    }
    assert found == {
        "documentDepth": 4,
        "documentAliases": 3 * (1 + 2) + 1,
        "documentRootFields": 3 + 1 + 2,
    }
    few = Limits(document_max_selections=1)
    of_c, of_q = 4, 4 + 2 * 1
    assert refusals_of(document, few)[0]["limit"]["actual"] == 1 + of_q + 3 * (3 + of_c)


def test_a_cycle_is_left_to_validation() -> None:
    document = (
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A categories { ...A } }"
    )
    assert measure(parse(document), LIMITS).refusals == []
    with pytest.raises(Refused) as refused:
        Documents(SCHEMA._schema, LIMITS).of(document)
    assert "within itself" in refused.value.errors[0].message


_OPTIONS = (
    "descriptions",
    "specified_by_url",
    "directive_is_repeatable",
    "schema_description",
    "input_value_deprecation",
    "experimental_directive_deprecation",
    "one_of",
)
# Of those that GraphiQL, Apollo's tools, Relay's compiler by way of graphql-js, gql and
# ariadne-codegen ask: none, the usual ones, all. graphql-js had 7 levels once, tools write more.
INTROSPECTIONS = {
    "the shortest": {**dict.fromkeys(_OPTIONS, False)},
    "usual": {},
    "GraphiQL": {"schema_description": True, "input_value_deprecation": True},
    "ariadne-codegen": {**dict.fromkeys(_OPTIONS[:5], True), "one_of": True},
    "the whole": {**dict.fromkeys(_OPTIONS, True)},
    "7 levels": {"type_depth": 7},
    "12 levels": {"type_depth": 12},
}


@pytest.mark.parametrize("name", INTROSPECTIONS)
async def test_clients_may_read_the_schema(name: str, databases: dict[str, Database]) -> None:
    """All guards let it through, and what it costs is far from what is given."""
    options: Any = INTROSPECTIONS[name]
    document = get_introspection_query(**options)
    less = Limits(
        document_max_depth=LIMITS.document_max_depth - 2,
        document_max_tokens=LIMITS.document_max_tokens // 2,
        document_max_selections=LIMITS.document_max_selections * 3 // 5,
        operation_max_points=LIMITS.operation_max_points // 2,
    )
    answered = await answer(build_schema(less), databases["sqlite"], document)
    assert "errors" not in answered.body
    assert answered.statements == []
    assert answered.cost
    assert answered.cost.nodes == 0
    named = {each["name"] for each in answered.body["data"]["__schema"]["types"]}
    assert named == set(SCHEMA._schema.type_map)


def asked() -> list[Any]:
    pages = [
        pytest.param(text, id=f"{page.stem}-{number}")
        for page in PAGES
        for number, text in enumerate(
            re.findall(r"```graphql\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        )
    ]
    return [*pages, *(pytest.param(file.read_text("utf-8"), id=file.stem) for file in FILES)]


@pytest.mark.parametrize("document", asked())
def test_what_people_ask_passes_with_room_to_spare(document: str) -> None:
    halved = {
        name: max(getattr(LIMITS, name) // 2, 1)
        for name in Limits.model_fields
        if name.startswith(("document", "literal"))
    }
    Documents(SCHEMA._schema, Limits.model_validate(halved)).of(document)


# Of each rule a document that breaks it, and some that break several.
BROKEN = [
    "{ awards(where: {and: [{year: {eq: null}}, {prize: null}]}) { totalCount } }",
    "{ awards(where: {year: {between: {from: null, to: 1}}, xyz: null}) { totalCount } }",
    "{ awards(orderBy: [{year: null}]) { totalCount } }",
    "query A($a: Int) { ...F } query B { ...F } fragment F on Query { prizes(first: $a) { a } }",
    (
        "query A($a: Int, $b: Int) { ...F } fragment F on Query { prizes(first: $a) { totalCount } "
        "} fragment G on Query { prizes(first: $b) { totalCount } }"
    ),
    "{ ...F } fragment F on Query { ...G } fragment G on Query { ...H }",
    (
        "{ ...F } fragment F on Query { ...G } "
        "fragment G on Query { ...F prizes(first: $a) { totalCount } }"
    ),
    "{ ...F ...F } fragment F on Query { __typename } fragment H on Query { ...H }",
    "query ($a: Boolean!) @skip(if: $a) { __typename @skip(if: $b) @include(if: $a, if: $a) }",
    '"a description" query Q { nothing } "another" fragment F on Query { __typename }',
    "type A { b: C } { __typename }",
    "type A @deprecated { b: Collectivityy } { __typename }",
    "mutation { forget }",
    "query A { __typename } query A { __typename }",
    "{ __typename } query B { __typename }",
    "{ ... on Nothing { a } }",
    "query ($a: Nothing) { prizes(first: $a) { totalCount } }",
    "{ ... on Direction { a } }",
    "query ($a: Prize) { __typename }",
    "{ prizes }",
    "{ dataset { release { a } } }",
    "{ prizes { nodez { slug } } }",
    "{ ...A } fragment A on Query { __typename } fragment A on Query { __typename }",
    "{ ...Nothing }",
    "{ __typename } fragment A on Query { __typename }",
    "{ prizes { ... on Award { id } } }",
    "{ ...A } fragment A on Award { id }",
    "{ ...A } fragment A on Query { ...A }",
    "query ($a: Int, $a: Int) { prizes(first: $a) { totalCount } }",
    "{ prizes(first: $a) { totalCount } }",
    "query ($a: Int) { __typename }",
    "{ __typename @nothing }",
    "query @skip(if: true) { __typename }",
    "{ __typename @skip(if: true) @skip(if: true) }",
    "{ __typename @skip }",
    "{ ... @defer { __typename } }",
    "{ prizes { nodes @stream { slug } } }",
    "subscription { a b }",
    "{ prizes(frist: 1) { totalCount } }",
    "{ prizes(first: 1, first: 2) { totalCount } }",
    '{ prizes(first: "x") { totalCount } }',
    "{ prize { slug } }",
    (
        'query ($a: Int = "x", $b: String) { prizes(first: $b) { totalCount } p: prizes(first: $a) '
        "{ totalCount } }"
    ),
    "{ prizes { totalCount } prizes(first: 2) { totalCount } }",
    "{ prizes { ... { a: totalCount } a: nodes { slug } } }",
    "{ ...A prizes { totalCount } } fragment A on Query { prizes(first: 1) { totalCount } }",
    "{ awards(where: {year: {eq: 1, eq: 2}}) { totalCount } }",
    "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
    "{ awards(where: {year: {eq: null}}) { totalCount } }",
    "{ awards(where: null, first: null) { totalCount } }",
    (
        "query ($a: Nothing = {a: null}) { ...A @nope prizes(where: {a: 1, a: 2}) { nodez } } "
        "fragment A on Prize { slug slug: name ...A @skip(if: $b) }"
    ),
    "{ }",
    "{ prizes { } }",
    *(document for hostile in CORPUS if (document := hostile.document) and len(document) < 3000),
]


@pytest.mark.parametrize("document", BROKEN)
def test_rules_that_cannot_fail_are_not_missed(document: str) -> None:
    """What is found is what all rules find, as far as it is told."""
    try:
        node = parse(document)
    except GraphQLError:
        return
    rules = (*specified_rules, MaybeNullValidationRule)
    expected = validate(SCHEMA._schema, node, rules, hide_suggestions=True)
    found = Validation(SCHEMA._schema, Limits(document_max_comparisons=500_000)).errors(
        node, measure(node, LIMITS).features
    )
    expected = [error for error in expected if _is_ours(error)]
    assert sorted(map(_plain, found[:20])) == sorted(map(_plain, expected[:20]))


def _plain(error: GraphQLError) -> tuple[str, Any]:
    message = re.sub(r" Did you mean .*\?$", "", error.message)
    return worded(message, SCHEMA._schema), str(error.locations)


def _is_ours(error: GraphQLError) -> bool:
    # Of operations that the schema does not have, one error is enough.
    return "Subscription" not in error.message


_PARTS = [
    *("{", "}", "(", ")", "[", "]", ":", "=", "!", "|", "$a", "...", "@b", "&", ",", "\ufeff"),
    *(" ", "\n", "\r\n", "\t", "query", "a1_", "-1", "0", "1.5e-3", "12", "# x", '#"""', "true"),
    *(
        '""',
        '"a"',
        r'"\""',
        r'"\\"',
        '"é\\u00e9"',
        '""""""',
        '"""a"""',
        '"""a"b""c\n"""',
        r'"""\""""""',
    ),
]


@given(st.lists(st.sampled_from(_PARTS), max_size=30))
def test_tokens_and_comments_are_counted_as_the_parser_reads_them(parts: list[str]) -> None:
    text = " ".join(parts)
    lexer = Lexer(Source(text))
    tokens = comments = 0
    try:
        token = lexer.token
        while token.kind is not TokenKind.EOF:
            lexer.advance()
            after = token.next
            while after is not None and after is not lexer.token:
                comments += 1
                after = after.next
            token = lexer.token
            tokens += token.kind is not TokenKind.EOF
    except GraphQLError:
        return
    none = Limits(document_max_tokens=1, document_max_comments=1)
    found = {
        error.extensions["limit"]["name"]: error.extensions["limit"]["actual"]  # type: ignore[index]
        for error in check_text(text, none)
    }
    assert found.get("documentTokens", tokens) == tokens
    assert ("documentTokens" in found) == (tokens > 1)
    assert found.get("documentComments", comments) == comments
    assert ("documentComments" in found) == (comments > 1)
