"""What an operation costs is known before it is run, and decides whether it is."""

from typing import Any

import pytest
from graphql import GraphQLObjectType, get_introspection_query, is_introspection_type

from graph.execution import documents
from graph.execution.answer import Answer, answer
from graph.execution.cost import Cost
from graph.execution.declaration import Edge, declaration_of, price_of, surcharge_of
from graph.schema import prices
from graph.schema.build import build_schema, build_stock_schema
from graph.settings import Limits
from graph.storage.read import Database
from tests.execution.test_guard import asked

SCHEMA = build_schema()
Variables = dict[str, Any] | None


@pytest.fixture
def stored(databases: dict[str, Database]) -> Database:
    return databases["sqlite"]


def cost_of(document: str, variables: Variables = None) -> Cost:
    found = build_schema(Limits(operation_max_nodes=10**9, operation_max_points=10**9))
    cost = found.documents.cost(document, None, variables)
    assert cost
    return cost


@pytest.mark.parametrize(
    ("document", "nodes"),
    [
        ("{ __typename }", 0),
        ('{ prize(slug: "prix-territoria") { name } }', 1),
        ("{ awards { nodes { id } } }", 20),
        ("{ awards(first: 7) { nodes { id } } }", 7),
        ("{ awards(last: 7) { edges { node { id } cursor } } }", 7),
        ("{ awards(first: 0) { nodes { id } } }", 0),
        ("{ awards(first: null) { nodes { id } } }", 20),
        ("{ awards(first: 7) { nodes { id } edges { node { id } } pageInfo { endCursor } } }", 7),
        ("{ awards(first: 7) { pageInfo { endCursor } } }", 7),
        ("{ awards(first: 7) { totalCount } }", 0),
        ("{ awards(first: 7) { nodes { edition { prize { name } } } } }", 7 * 3),
        ("{ categories(first: 5) { nodes { awards(first: 7) { nodes { id } } } } }", 5 + 5 * 7),
        ("{ categories(first: 5) { nodes { awards(first: 7) { totalCount } } } }", 5),
        # A list that the domain bounds has some rows, and `first` may say fewer.
        ("{ awards(first: 5) { nodes { laureates { name } } } }", 5 + 5 * 3),
        ("{ awards(first: 5) { nodes { laureates(first: 100) { name } } } }", 5 + 5 * 3),
        ("{ awards(first: 5) { nodes { laureates(first: 1) { name } } } }", 5 + 5 * 1),
        ("{ dataset { coverage { year } } }", 1 + 50),
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', 3),
        ('{ suggest(prefix: "x") { collectivity { name } } }', 10 * 2),
        ('{ suggest(prefix: "x", first: 3) { label } }', 3),
        # Of an interface each row is of one type, and it is the one that costs most.
        (
            (
                '{ node(id: "x") { id ... on Award { laureates { name } edition { year } } '
                "... on Category { awards(first: 2) { nodes { id } } } ... on Node { id } } }"
            ),
            1 + 3 + 1,
        ),
        ("{ awards(first: 5) { nodes { ... on Node { ... on Prize { editions { id } } } } } }", 5),
        # One field that is selected several times is read once.
        (
            (
                "{ awards(first: 5) { nodes { laureates { id } } nodes { laureates { name } } "
                "...F } } fragment F on AwardConnection { edges { node { laureates { code } } } "
                "nodes { id } }"
            ),
            5 + 5 * 3 * 2,
        ),
        ("{ a: awards(first: 5) { nodes { id } } b: awards(first: 5) { nodes { id } } }", 10),
        ("{ awards(first: 5) @skip(if: true) { nodes { id } } __typename }", 0),
        ("{ awards(first: 5) @include(if: false) { nodes { id } } __typename }", 0),
        ("{ awards(first: 5) @include(if: true) { nodes { id } } }", 5),
        ("{ ... @skip(if: true) { awards { nodes { id } } } ... { prizes { nodes { id } } } }", 20),
        (
            "{ awardGroups(by: [YEAR], first: 4) { nodes { items(first: 5) { nodes { id } } } } }",
            24,
        ),
        ("{ awards(first: 0) { facets { level(first: 8) { value } } aggregate { count } } }", 9),
        (get_introspection_query(), 0),
    ],
)
def test_rows_asked_for_are_page_times_page(document: str, nodes: int) -> None:
    assert cost_of(document).nodes == nodes


_PAGE = "query ($n: Int%s) { awards(first: $n) { nodes { laureates { id } } } }"


@pytest.mark.parametrize(
    ("default", "variables", "rows"),
    [
        ("", None, 20),
        ("", {}, 20),
        ("", {"n": None}, 20),
        ("", {"n": 5}, 5),
        ("", {"n": 5.0}, 5),
        ("", {"n": 0}, 0),
        (" = 3", None, 3),
        (" = 3", {"n": 5}, 5),
        (" = 3", {"n": None}, 20),
        # What is refused when it is run must not cost more, or less than nothing.
        ("", {"n": 10**9}, 100),
        ("", {"n": -5}, 0),
        ("", {"n": "many"}, 20),
        ("", {"n": True}, 20),
        ("", {"n": {"n": 5}}, 20),
    ],
)
def test_variables_say_how_many_rows(default: str, variables: Variables, rows: int) -> None:
    assert cost_of(_PAGE % default, variables).nodes == rows + rows * 3


def test_a_list_of_ids_counts_by_its_length_in_a_variable() -> None:
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert [cost_of(document, {"ids": ["x"] * count}).nodes for count in (0, 3, 500)] == [0, 3, 100]


@pytest.mark.parametrize(
    ("variables", "nodes"),
    [
        ({"a": True, "b": False}, 5),
        ({"a": False, "b": False}, 0),
        ({"a": True, "b": True}, 5 + 5),
        ({"a": False, "b": True}, 5 + 5),
        ({"a": False}, 0),
    ],
)
def test_conditions_are_those_of_the_variables(variables: Variables, nodes: int) -> None:
    """One field under two conditions is read when one of them holds."""
    document = (
        "query ($a: Boolean!, $b: Boolean = false) { awards(first: 5) @include(if: $a) { nodes "
        "{ id } } ... @include(if: $b) { awards(first: 5) { nodes { edition { year } } } } }"
    )
    assert cost_of(document, variables).nodes == nodes


def test_a_skipped_field_costs_nothing() -> None:
    document = "query ($a: Boolean!) { awards(first: 5) @skip(if: $a) { nodes { id } } }"
    assert cost_of(document, {"a": True}) == Cost(points=1, nodes=0, depth=3, charged=1)
    assert cost_of(document, {"a": False}).nodes == 5


# What is asked beside the same without it, and how many points more it is at least.
DEARER = [
    ("{ awards { nodes { id } } }", "{ awards(first: 1) { nodes { id } } }", 19),
    ("{ awards { totalCount nodes { id } } }", "{ awards { nodes { id } } }", 50),
    ("{ awards { nodes { id a: id b: id } } }", "{ awards { nodes { id year level } } }", 40),
    (
        '{ collectivities(where: {name: {contains: "x"}}) { nodes { id } } }',
        '{ collectivities(where: {name: {startsWith: "x"}}) { nodes { id } } }',
        prices.CONTAINS[prices.PRICE_KEY].once,
    ),
    (
        "{ collectivities(where: {or: [{not: {awards: {none: {}}}}]}) { nodes { id } } }",
        "{ collectivities(where: {}) { nodes { id } } }",
        prices.RELATED_TO_ALL[prices.PRICE_KEY].once,
    ),
    (
        "{ collectivities(orderBy: [{name: ASC}, {awards: {count: DESC}}]) { nodes { id } } }",
        "{ collectivities(orderBy: [{name: ASC}]) { nodes { id } } }",
        prices.RELATED_TO_ALL[prices.PRICE_KEY].once,
    ),
    (
        "{ awardGroups(by: [YEAR], includeEmpty: true) { nodes { count } } }",
        "{ awardGroups(by: [YEAR], includeEmpty: false) { nodes { count } } }",
        prices.WITH_EMPTY_GROUPS[prices.PRICE_KEY].once,
    ),
    (
        "{ collectivities(first: 9) { nodes { children(orderBy: {name: ASC}) { totalCount } } } }",
        "{ collectivities(first: 9) { nodes { children { totalCount } } } }",
        9 * 50,
    ),
    ('{ search(query: "x") { nodes { label } } }', "{ awards { nodes { id } } }", 500),
    (
        "{ collectivities { aggregate { population { median } } } }",
        "{ collectivities { aggregate { count } } }",
        10_000,
    ),
    (
        "{ a: __schema { types { name } } b: __schema { types { name } } }",
        "{ __schema { types { name } } }",
        200,
    ),
]


@pytest.mark.parametrize(("document", "less", "points"), DEARER)
def test_what_takes_more_work_costs_more(document: str, less: str, points: int) -> None:
    assert cost_of(document).points >= cost_of(less).points + points


def test_a_filter_costs_the_same_in_a_variable() -> None:
    where = {"or": [{"name": {"contains": "x"}}, {"awards": {"none": {"year": {"eq": 2017}}}}]}
    written = '{or: [{name: {contains: "x"}}, {awards: {none: {year: {eq: 2017}}}}]}'
    literal = cost_of(f"{{ collectivities(where: {written}) {{ nodes {{ id }} }} }}")
    document = (
        "query ($where: CollectivityWhere%s) { collectivities(where: $where) { nodes { id } } }"
    )
    assert cost_of(document % "", {"where": where}) == literal
    assert cost_of(document % f" = {written}") == literal
    assert cost_of(document % f" = {written}", {"where": {}}).points < literal.points
    part = 'query ($none: AwardWhere) { collectivities(where: {or: [{name: {contains: "x"}}, '
    part += "{awards: {none: $none}}]}) { nodes { id } } }"
    assert cost_of(part, {"none": {"year": {"eq": 2017}}}) == literal


def test_a_filter_that_is_nested_without_end_costs_something_and_no_stack() -> None:
    where: dict[str, Any] = {"name": {"contains": "x"}}
    for _ in range(100_000):
        where = {"not": where}
    document = "query ($w: CollectivityWhere) { collectivities(where: $w) { totalCount } }"
    assert cost_of(document, {"w": where}).points > prices.CONTAINS[prices.PRICE_KEY].once


def test_each_edge_costs_something() -> None:
    for kind in SCHEMA._schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not is_introspection_type(kind):
            for name, field in kind.fields.items():
                if isinstance(declaration_of(field), Edge):
                    assert price_of(field).once > 0, f"{kind.name}.{name}"
                for label, argument in field.args.items():
                    is_sorting = label == "orderBy" and not name.endswith("Groups")
                    assert (surcharge_of(argument) is not None) >= is_sorting, f"{name}({label})"


async def test_each_answer_tells_its_cost(stored: Database) -> None:
    document = "{ awards(first: 3) { nodes { id } } }"
    response = (await answer(SCHEMA, stored, document)).response
    assert list(response) == ["data", "extensions"]
    assert response["extensions"] == {"cost": {"points": 13, "nodes": 3, "depth": 3}}


async def test_the_cost_may_be_asked_for_as_data(stored: Database) -> None:
    document = "{ cost { points nodes depth } awards(first: 3) { nodes { id } } }"
    response = (await answer(SCHEMA, stored, document)).response
    assert response["data"]["cost"] == response["extensions"]["cost"]
    assert len(response["data"]["awards"]["nodes"]) == 3


async def refused(document: str, variables: Variables, database: Database) -> Answer:
    answered = await answer(SCHEMA, database, document, variables)
    assert not answered.is_executed
    assert answered.statements == []
    assert "data" not in answered.body
    return answered


async def test_too_many_rows_are_refused_before_they_are_read(stored: Database) -> None:
    document = (
        "query ($n: Int) { collectivities(first: $n) { nodes { children(first: $n) { nodes { "
        "children(first: $n) { nodes { name } } } } } } }"
    )
    answered = await refused(document, {"n": 100}, stored)
    rows = 100 + 100**2 + 100**3
    error = answered.body["errors"][0]
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    limit = {"name": "operationNodes", "max": 10_000, "actual": rows}
    assert error["extensions"]["limit"] == limit
    assert "at `collectivities.nodes.children.nodes.children`, 1,000,000;" in error["message"]
    assert "smaller pages" in error["message"]
    assert answered.response["extensions"]["cost"]["nodes"] == rows
    assert (await answer(SCHEMA, stored, document, {"n": 3})).is_executed


async def test_too_much_work_is_refused_whatever_the_rows(stored: Database) -> None:
    medians = " ".join(
        f"a{at}: collectivities {{ aggregate {{ population {{ median }} }} }}" for at in range(10)
    )
    (error,) = (await refused(f"{{ {medians} }}", None, stored)).body["errors"]
    assert error["extensions"]["limit"]["name"] == "operationPoints"
    assert error["extensions"]["limit"]["max"] == 50_000


@pytest.mark.parametrize("build", [build_schema, build_stock_schema])
@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("{ cost(dryRun: true) { points nodes } %s }", None),
        ("query ($dry: Boolean!) { cost(dryRun: $dry) { points nodes } %s }", {"dry": True}),
        ("query ($dry: Boolean! = true) { cost(dryRun: $dry) { points nodes } %s }", None),
        ("{ ...F %s } fragment F on Query { cost(dryRun: true) { points nodes } }", None),
    ],
)
async def test_a_dry_run_tells_the_cost_and_reads_nothing(
    stored: Database, build: Any, document: str, variables: Variables
) -> None:
    large = (
        "awards(first: 100) { nodes { source { awards(first: 100) { nodes { source { "
        "awards(first: 100) { nodes { id } } } } } } } } "
        'nodes(ids: ["x"]) { id } dataset { release } __typename'
    )
    answered = await answer(build(), stored, document % large, variables)
    assert answered.statements == []
    assert "errors" not in answered.body
    data = answered.body["data"]
    assert data.pop("cost")["nodes"] > 1_000_000
    assert data == {"awards": None, "nodes": None, "dataset": None, "__typename": "Query"}
    assert answered.cost
    assert answered.cost.charged == 0


async def test_it_is_run_when_it_is_not_dry(stored: Database) -> None:
    document = "query ($dry: Boolean!) { cost(dryRun: $dry) { nodes } prizes { nodes { id } } }"
    answered = await answer(SCHEMA, stored, document, {"dry": False})
    assert answered.body["data"]["prizes"]["nodes"]
    assert len(answered.statements) == 1


def test_what_a_dry_run_reads_of_the_schema_is_charged() -> None:
    introspection = "__schema { types { fields { args { type { name } } } } }"
    dry = cost_of(
        f"{{ cost(dryRun: true) {{ points }} {introspection} awards {{ nodes {{ id }} }} }}"
    )
    told = cost_of(f"{{ {introspection} }}")
    assert dry.points > dry.charged == told.points > 1000


async def test_whoever_admits_it_is_told_the_cost_before_anything_is_read(stored: Database) -> None:
    told: list[Cost] = []

    class Spent(Exception):  # as our errors are named
        pass

    async def admit(cost: Cost) -> None:
        told.append(cost)
        raise Spent

    with pytest.raises(Spent):
        await answer(SCHEMA, stored, "{ awards(first: 3) { nodes { id } } }", admit=admit)
    assert told == [Cost(points=13, nodes=3, depth=3, charged=13)]


async def test_nobody_is_charged_for_what_cannot_be_run(stored: Database) -> None:
    async def admit(cost: Cost) -> None:
        raise AssertionError(cost)

    for document in ("", "{", "{ nothing }", "query A { __typename } query B { __typename }"):
        assert not (await answer(SCHEMA, stored, document, admit=admit)).is_executed
    given = await answer(SCHEMA, stored, "query A { __typename }", None, "B", admit=admit)
    assert not given.is_executed


async def test_a_document_is_priced_once(stored: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    class Spy(documents.Pricing):
        def costs(self, *args: Any) -> Any:
            made.append(args)
            return super().costs(*args)

    monkeypatch.setattr(documents, "Pricing", Spy)
    schema = build_schema()
    for first in (1, 2, 3):
        assert (await answer(schema, stored, _PAGE % "", {"n": first})).cost
    assert len(made) == 1


@pytest.mark.parametrize("document", asked())
def test_what_people_ask_costs_at_most_half_of_what_is_given(document: str) -> None:
    found = SCHEMA.documents.of(document)
    for operation in found.costs.values():
        cost = operation.of(None)
        limits = Limits()
        assert cost.nodes <= limits.operation_max_nodes / 2
        assert cost.points <= limits.operation_max_points / 2


async def test_no_more_rows_come_than_were_asked_for(stored: Database) -> None:
    """The rows of the heaviest golden documents, counted by hand in their answers."""
    document = (
        "{ awards(first: 50) { nodes { laureates { id } edition { prize { id } } } } "
        "categories(first: 9) { nodes { awards(first: 9) { nodes { id } } } } }"
    )
    answered = await answer(SCHEMA, stored, document)
    assert answered.cost
    assert 50 * 4 < _objects(answered.body["data"]) <= answered.cost.nodes


def _objects(value: Any) -> int:
    if isinstance(value, list):
        return sum(1 + _objects(item) for item in value)
    if not isinstance(value, dict):
        return 0
    own = sum(1 for name in value if name in {"edition", "prize"})
    return own + sum(_objects(item) for item in value.values())
