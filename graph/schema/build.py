"""The schema, joined once."""

from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLInputObjectType
from strawberry.schema.config import StrawberryConfig
from strawberry.types.execution import ExecutionContext

from graph.execution.documents import Documents
from graph.execution.executor import BreadthFirstExecutor, StockExecutor
from graph.schema.query import Query
from graph.schema.scalars import SCALARS
from graph.schema.source import Source


class Schema(strawberry.Schema):
    """A Strawberry schema that parses and validates a document once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            query=Query,
            types=[Source],
            config=StrawberryConfig(scalar_map=SCALARS),  # type: ignore[arg-type]  # NewTypes are its keys
            **options,
        )
        for declared in self._schema.type_map.values():
            if isinstance(declared, GraphQLInputObjectType):
                # Strawberry keeps it to itself; graphql-core's rules look for it here.
                declared.is_one_of = declared.extensions["strawberry-definition"].is_one_of
        self._documents = Documents(self._schema)

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Log nothing here: whoever answers decides what was unexpected."""

    def _create_execution_context(  # a private hook of Strawberry, held by a test
        self, query: str | None, *args: Any, **kwargs: Any
    ) -> ExecutionContext:
        context = super()._create_execution_context(query, *args, **kwargs)
        if query:
            # What cannot be parsed is raised: Strawberry would parse it again, without our limit.
            document = self._documents.of(query)
            context.graphql_document = document.node
            context.pre_execution_errors = document.errors_for(kwargs.get("operation_name"))
        return context


def build_schema() -> Schema:
    """The schema that serves: executed breadth-first."""
    return Schema(execution_context_class=BreadthFirstExecutor)


def build_stock_schema() -> Schema:
    """The same schema, executed field by field: the reference in tests and benchmarks."""
    return Schema(execution_context_class=StockExecutor)
