"""What the project relies on beyond the public interface of its libraries, one test each."""

from collections.abc import Iterator
from typing import Any

import graphql
import pytest
import strawberry.schema.schema as theirs
from strawberry.types.field import StrawberryField

from graph.execution import documents
from graph.execution.answer import answer
from graph.execution.declaration import METADATA_KEY, Cardinality, Edge
from graph.execution.executor import BreadthFirstExecutor, StockExecutor
from graph.execution.validation import _RULES, Validation
from graph.schema.build import Schema
from graph.settings import Limits
from graph.storage.read import Database
from graph.storage.selection import Selection

_QUERY = "{ prizes(first: 1) { totalCount } }"
_DATA = {"prizes": {"totalCount": 4}}


@pytest.fixture
def stored(databases: dict[str, Database]) -> Database:
    return databases["sqlite"]


async def test_strawberry_takes_the_document_that_the_context_was_given(
    stored: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def spy(module: Any, name: str, label: str) -> None:
        called = getattr(module, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            calls.append(label)
            return called(*args, **kwargs)

        monkeypatch.setattr(module, name, counted)

    spy(documents, "parse", "parsed")
    spy(Validation, "errors", "validated")
    spy(theirs, "parse", "parsed by strawberry")
    spy(theirs, "validate_document", "validated by strawberry")
    schema = Schema(execution_context_class=BreadthFirstExecutor)
    for _ in range(2):
        assert (await answer(schema, stored, _QUERY)).body == {"data": _DATA}
    assert calls == ["parsed", "validated"]


async def test_strawberry_reports_the_errors_that_the_context_was_given(stored: Database) -> None:
    schema = Schema(execution_context_class=BreadthFirstExecutor)
    bodies = [(await answer(schema, stored, "{ nothing }")).body for _ in range(2)]
    assert bodies[0] == bodies[1]
    assert bodies[0]["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_the_executor_given_to_the_schema_is_the_one_that_runs(stored: Database) -> None:
    class Spy(BreadthFirstExecutor):
        runs = 0

        def execute_operation(self, serially: bool | None = None) -> Any:  # noqa: FBT001  # theirs
            type(self).runs += 1
            return super().execute_operation(serially)

    answered = await answer(Schema(execution_context_class=Spy), stored, _QUERY)
    assert answered.body == {"data": _DATA}
    assert Spy.runs == 1


async def test_what_a_resolver_returns_passes_through_complete_value(stored: Database) -> None:
    results: list[Any] = []

    class Spy(StockExecutor):
        def complete_value(self, *args: Any) -> Any:
            *_, path, result, _context = args
            if path.prev is None:
                results.append(result)
            return super().complete_value(*args)

    answered = await answer(Schema(execution_context_class=Spy), stored, _QUERY)
    assert answered.body == {"data": _DATA}
    assert isinstance(results[0], Selection)


async def test_variables_that_do_not_fit_make_build_return_a_list_of_errors(
    stored: Database,
) -> None:
    built: list[Any] = []

    class Spy(BreadthFirstExecutor):
        @classmethod
        def build(cls, *args: Any, **kwargs: Any) -> Any:
            built.append(super().build(*args, **kwargs))
            return built[-1]

    query = "query ($first: Int) { prizes(first: $first) { totalCount } }"
    schema = Schema(execution_context_class=Spy)
    await answer(schema, stored, query, {"first": 1})
    await answer(schema, stored, query, {"first": "one"})
    assert isinstance(built[0], Spy)
    assert isinstance(built[1], list)
    assert [type(error) for error in built[1]] == [graphql.GraphQLError]
    assert built[1][0].extensions == {"code": "BAD_USER_INPUT"}


def test_a_field_of_graphql_core_leads_to_the_metadata_of_its_strawberry_field(
    schema: Schema,
) -> None:
    query = schema._schema.query_type
    assert query
    definition = query.fields["prizes"].extensions["strawberry-definition"]
    assert isinstance(definition, StrawberryField)
    declared = definition.metadata[METADATA_KEY]
    assert isinstance(declared, Edge)
    assert declared.cardinality is Cardinality.PAGE


def test_inputs_with_one_field_are_known_to_graphql_core(schema: Schema) -> None:
    declared = schema._schema.type_map["CollectivityBy"]
    assert isinstance(declared, graphql.GraphQLInputObjectType)
    assert declared.is_one_of


def test_validation_looks_no_node_up_by_what_is_in_it(
    schema: Schema, monkeypatch: pytest.MonkeyPatch
) -> None:
    """graphql-core keeps what it knows of a node in dictionaries, which hash all of the node."""
    document = graphql.parse(
        "query Q($a: Int, $b: [String!]) { ...F awards(first: $a, where: {year: {eq: 1}}) { nodes "
        "{ ...G ...G id } } } fragment F on Query { awards(first: $a, where: {year: {eq: 1}}) "
        "{ nodes { id } } metrics(where: {unit: {in: $b}}) { totalCount } } "
        "fragment G on Award { laureates(first: $a) @skip(if: false) { id } }"
    )

    def fail(node: graphql.Node) -> int:
        raise AssertionError(node)

    for kind in {type(node) for node in _nodes(document)}:
        monkeypatch.setattr(kind, "__hash__", fail)
    features = frozenset(feature for _, needed in _RULES for feature in needed.split())
    assert Validation(schema._schema, Limits()).errors(document, features) == []


def _nodes(node: graphql.Node) -> Iterator[graphql.Node]:
    yield node
    for key in node.keys:
        value = getattr(node, key)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, graphql.Node):
                yield from _nodes(each)
