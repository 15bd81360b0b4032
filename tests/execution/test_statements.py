"""An operation reads each edge of its document once, however many rows there are."""

from pathlib import Path
from typing import Any

import pytest
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    parse,
)

from graph.execution.answer import Answer, answer
from graph.execution.declaration import Edge, declaration_of
from graph.schema.build import build_schema
from graph.settings import Limits
from graph.storage.read import Database

GOLDEN = Path(__file__).parents[1] / "golden"
PROMISED = {path.stem: path.read_text("utf-8") for path in sorted(GOLDEN.glob("*.graphql"))}

# Every edge of these leads to something, even from the first row.
SIZED = {
    "winners": """
        query ($n: Int) {
          awards(first: $n, where: {year: {eq: 2017}, prize: {slug: {eq: "prix-territoria"}}}) {
            totalCount
            nodes {
              category { slug } edition { prize { source { url } } source { title } }
              initiative { metrics { name source { url } } holders { collectivity { name } } }
              laureates { departement { region { name } } formerCodes }
              printedLaureates { collectivity { parent { name } } }
            }
          }
        }""",
    "initiatives": """
        query ($n: Int) {
          initiatives(first: $n) {
            edges { cursor node { title ...More } }
            nodes { slug categories { awards(first: $n) { totalCount nodes { level } } } }
            pageInfo { hasNextPage }
          }
        }
        fragment More on Initiative {
          awards { level edition { year prize { name } } category { label } }
          holders { role collectivity { parent { parent { name } } } }
          sources { awards(first: $n) { nodes { laureates { name } } } }
        }""",
    "communes": """
        query ($n: Int) {
          collectivities(first: $n, where: {kind: {eq: REGION}}) {
            totalCount
            nodes {
              children(first: $n) {
                totalCount
                nodes {
                  name region { code }
                  communes(first: $n) { totalCount nodes { epci { departement { name } } } }
                }
              }
            }
          }
        }""",
    "categories": """
        query ($n: Int) {
          categories(last: $n) {
            nodes {
              a: awards(first: $n) { totalCount nodes { initiative { title } } }
              b: awards(last: $n, where: {level: {ne: UNKNOWN}}) { nodes { edition { year } } }
              initiatives(first: $n) { edges { node { metrics(first: $n) { value } } } }
            }
          }
        }""",
}
DEEP = {
    "one region, five levels down": """{
        collectivity(by: {region: "76"}) {
          children(first: 30) { nodes {
            communes(first: 50) { nodes {
              epci { members(first: 20) { totalCount nodes { departement { region { name } } } } }
              awards { totalCount nodes { laureates { name } } }
            } }
          } }
        }
      }""",
    "several roots and aliases": """{
        a: edition(prize: "prix-territoria", year: 2016) { awards { ...Winners } }
        b: edition(prize: "prix-territoria", year: 2025) { awards { ...Winners } }
        dataset { coverage { loaded } }
        prizes { nodes { editions { awards(first: 2) { totalCount ...Winners } } } }
      }
      fragment Winners on AwardConnection {
        nodes { ... on Award { initiative { title metrics { value } } laureates { name } } }
      }""",
    "rows without anything below": """{
        collectivity(by: {commune: "none"}) { parent { name } awards { nodes { level } } }
        initiative(slug: "none") { awards { edition { prize { name } } } }
      }""",
    "one record by its id": """{
        node(id: "cat_aaaaaaaaaaaaaaaa") { id ... on Category { awards { totalCount } } }
      }""",
}

# More rows than callers may ask for.
schema = build_schema(Limits(operation_max_nodes=10**9, operation_max_points=10**9))


def limit_of(query: str) -> int:
    """One for each edge of a document, fragments written out, and one for each totalCount."""
    document = parse(query)
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    [operation] = (
        node for node in document.definitions if isinstance(node, OperationDefinitionNode)
    )
    return _edges(operation.selection_set, schema._schema.type_map["Query"], fragments)


def _edges(
    selected: SelectionSetNode,
    kind: GraphQLNamedType,
    fragments: dict[str, FragmentDefinitionNode],
) -> int:
    found = 0
    for node in selected.selections:
        inner: Any = node
        below = kind
        if isinstance(node, FieldNode):
            field = kind.fields[node.name.value]  # type: ignore[attr-defined]
            found += isinstance(declaration_of(field), Edge) or node.name.value == "totalCount"
            below = get_named_type(field.type)
        elif isinstance(node, FragmentSpreadNode):
            inner = fragments[node.name.value]
        if getattr(inner, "type_condition", None):
            below = schema._schema.type_map[inner.type_condition.name.value]
        if inner.selection_set:
            found += _edges(inner.selection_set, below, fragments)
    return found


def told(given: Answer, limit: int) -> str:
    statements = "\n\n".join(given.statements)
    return f"{len(given.statements)} statements, at most {limit}:\n\n{statements}"


async def run(database: Database, query: str, variables: dict[str, Any] | None = None) -> Answer:
    given = await answer(schema, database, query, variables)
    assert "errors" not in given.body, given.body
    return given


@pytest.mark.parametrize(
    ("name", "expected"),
    [("palmares", 10), ("loiret", 6), ("commune", 6), ("lists", 4), ("release", 2)],
)
def test_edges_are_counted_by_the_schema(name: str, expected: int) -> None:
    assert limit_of(PROMISED[name]) == expected


def test_a_fragment_counts_wherever_it_is_spread() -> None:
    query = "{ a: prizes { ...P } b: prizes { ...P } } fragment P on PrizeConnection {"
    assert limit_of(query + " totalCount nodes { ... on Prize { source { url } } } }") == 6


@pytest.mark.parametrize("name", [*PROMISED, *DEEP])
async def test_statements_are_at_most_one_per_edge(name: str, database: Database) -> None:
    query = (PROMISED | DEEP)[name]
    given = await run(database, query)
    limit = limit_of(query)
    assert 1 <= len(given.statements) <= limit, told(given, limit)


@pytest.mark.parametrize("name", SIZED)
async def test_statements_are_as_many_for_1_row_as_for_100(name: str, database: Database) -> None:
    query = SIZED[name]
    limit = limit_of(query)
    one, hundred = [await run(database, query, {"n": size}) for size in (1, 100)]
    assert len(str(one.body)) < len(str(hundred.body))
    assert len(hundred.statements) <= limit, told(hundred, limit)
    assert one.statements == hundred.statements, f"{told(one, limit)}\n\n{told(hundred, limit)}"
