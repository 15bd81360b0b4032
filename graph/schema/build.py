"""The schema, joined once."""

from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLInputObjectType
from strawberry.schema.config import StrawberryConfig
from strawberry.types.execution import ExecutionContext

from graph.execution.documents import Documents
from graph.execution.executor import BreadthFirstExecutor, StockExecutor
from graph.execution.limits import told_limits
from graph.schema.change import Withdrawn
from graph.schema.query import Query
from graph.schema.scalars import SCALARS
from graph.schema.source import Source
from graph.settings import Limits

_DESCRIPTION = (
    "What French collectivities – communes, départements, régions, EPCI and their bodies – try, "
    "win and measure. Start at a collectivity by its code, at a list such as `awards` with "
    "`where`, or with `search`. Texts of the data are in French, the language of its sources."
)


class Schema(strawberry.Schema):
    """A Strawberry schema that checks, parses and validates a document once."""

    def __init__(self, limits: Limits | None = None, **options: Any) -> None:
        super().__init__(
            query=Query,
            types=[Source, Withdrawn],
            config=StrawberryConfig(scalar_map=SCALARS),  # type: ignore[arg-type]  # NewTypes are its keys
            **options,
        )
        self._schema.description = _DESCRIPTION
        # Tools list the types of an introspection as they come.
        self._schema.type_map = dict(sorted(self._schema.type_map.items()))
        for declared in self._schema.type_map.values():
            if isinstance(declared, GraphQLInputObjectType):
                # Strawberry keeps it to itself; graphql-core's rules look for it here.
                declared.is_one_of = declared.extensions["strawberry-definition"].is_one_of
        limits = limits or Limits()
        self.told_limits = told_limits(limits)
        self.documents = Documents(self._schema, limits)

    def as_str(self) -> str:
        """The schema in SDL; Strawberry leaves out what describes the whole."""
        return f'"""{_DESCRIPTION}"""\nschema {{\n  query: Query\n}}\n\n{super().as_str()}'

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Log nothing here: whoever answers decides what was unexpected."""

    def _create_execution_context(  # a private hook of Strawberry, held by a test
        self, query: str | None, *args: Any, **kwargs: Any
    ) -> ExecutionContext:
        context = super()._create_execution_context(query, *args, **kwargs)
        if query:
            # What cannot be run is raised, and Strawberry has nothing left to parse or validate.
            document = self.documents.of(query)
            document.operation(kwargs.get("operation_name"))
            context.graphql_document = document.node
            context.pre_execution_errors = []
        return context


def build_schema(limits: Limits | None = None) -> Schema:
    """The schema that serves: executed breadth-first."""
    return Schema(limits, execution_context_class=BreadthFirstExecutor)


def build_stock_schema(limits: Limits | None = None) -> Schema:
    """The same schema, executed field by field: the reference in tests and benchmarks."""
    return Schema(limits, execution_context_class=StockExecutor)
