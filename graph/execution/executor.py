"""The breadth-first executor, and the stock one over the same schema as its reference.

Both complete the selections that resolvers return. Everything else – introspection, plain
resolvers, errors – is graphql-core's, in both.
"""

from collections import OrderedDict
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetails, collect_fields
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from graph.execution.context import Context
from graph.execution.declaration import (
    Cardinality,
    Column,
    Derived,
    Edge,
    LookedUp,
    Measure,
    RecordOfUid,
    declaration_of,
)
from graph.execution.failures import Failure, take_failures
from graph.execution.plan import Plan, compile_plan, directive_variables, field_nodes
from graph.execution.record import Records, key_of, select_derived
from graph.execution.run import Run
from graph.loaders.node import record_of_uid
from graph.storage.read import Reader
from graph.storage.selection import Selection

_MAX_OPERATIONS = 512
# Plans of one operation: the values of its @skip and @include variables.
_MAX_PLANS = 16


class _Base(StrawberryGraphQLCoreExecutionContext):
    """What both executors share: errors come in the order of their paths."""

    context_value: Context

    @property
    def _is_dry(self) -> bool:
        """Whether nothing is to be read, and fields that would read are null."""
        cost = self.context_value.cost
        return cost is not None and cost.is_dry

    @classmethod
    def build(cls, *args: Any, **kwargs: Any) -> Any:
        """An executor, or the errors of the variables, which are the caller's to mend."""
        built = super().build(*args, **kwargs)
        if isinstance(built, list):
            for error in built:
                error.extensions = {"code": "BAD_USER_INPUT", **(error.extensions or {})}
        return built

    def build_response(self, data: dict[str, Any] | None) -> Any:
        """The response; siblings fail in any order, callers see the order of the paths."""
        result = super().build_response(data)
        if isinstance(result, ExecutionResult) and result.errors:
            result.errors.sort(key=_place)
        return result


def _place(error: GraphQLError) -> list[tuple[bool, int, str]]:
    return [
        (isinstance(key, str), 0, key) if isinstance(key, str) else (False, key, "")
        for key in error.path or ()
    ]


class BreadthFirstExecutor(_Base):
    """Visits every position of a query once, with all its parent records at once."""

    def execute_operation(self, serially: bool | None = None) -> Any:  # noqa: FBT001  # theirs
        """The response, or an awaitable of it when the plan reads the database."""
        plan = _plan_of(self)
        if not plan.positions:
            return super().execute_operation(serially)
        return self._execute(plan)

    async def _execute(self, plan: Plan) -> Any:
        try:
            others = await self._others(plan)
        except GraphQLError as error:  # a non-null root field has none
            self.collected_errors.add(error, None)
            return self.build_response(None)
        values = await self._read(plan) if not self._is_dry else {}
        data = {
            name: values[name] if name in values else others.get(name)
            for name in plan.response_names
        }
        return self.build_response(data)

    async def _others(self, plan: Plan) -> dict[str, Any]:
        if not plan.others:
            return {}
        root_type = self.schema.query_type
        assert root_type  # noqa: S101  # the plan was made from it
        values = self.execute_fields(root_type, self.root_value, None, plan.others, None)
        return await values if isinstance(values, Awaitable) else values

    async def _read(self, plan: Plan) -> dict[str, Any]:
        try:
            values, has_failures = await self.context_value.database.run(
                lambda reader: self._run(plan, reader), self.context_value.began
            )
        except Exception as error:  # noqa: BLE001  # told or masked where it is answered
            values = {
                position.response_name: Failure(error, field_nodes(position.details))
                for position in plan.positions
            }
            has_failures = True
        if has_failures:
            errors: list[GraphQLError] = []
            values = take_failures(values, [], errors)
            self.collected_errors.errors.extend(errors)
        return values

    def _run(self, plan: Plan, reader: Reader) -> tuple[dict[str, Any], bool]:
        run = Run(self, reader)
        values = run.root(plan)
        self.context_value.statements.extend(reader.statements)
        return values, run.has_failures


@dataclass(slots=True)
class _Operation:
    """An operation met before: which variables steer @skip and @include, and its plans."""

    node: OperationDefinitionNode
    directive_variables: tuple[str, ...]
    plans: dict[tuple[Any, ...], Plan]


# Keyed by identity: an entry holds its node, so its number cannot become another's.
_operations: OrderedDict[int, _Operation] = OrderedDict()


def _plan_of(executor: Executor[Any]) -> Plan:
    """The plan of the executor's operation under its @skip and @include values."""
    key = id(executor.operation)
    known = _operations.get(key)
    if known is None:
        known = _operations[key] = _Operation(executor.operation, _steering(executor), {})
        if len(_operations) > _MAX_OPERATIONS:
            _operations.popitem(last=False)
    coerced = executor.variable_values.coerced
    values = tuple(coerced.get(name) for name in known.directive_variables)
    plan = known.plans.get(values)
    if plan is None:
        if len(known.plans) >= _MAX_PLANS:
            known.plans.clear()
        plan = known.plans[values] = compile_plan(executor, _root_fields(executor))
    return plan


def _steering(executor: Executor[Any]) -> tuple[str, ...]:
    nodes = [executor.operation, *executor.fragment_definitions.values()]
    return tuple(dict.fromkeys(name for node in nodes for name in directive_variables(node)))


def _root_fields(executor: Executor[Any]) -> dict[str, list[FieldDetails]]:
    root_type = executor.schema.query_type
    assert root_type  # noqa: S101  # a schema has one
    collected = collect_fields(
        executor.schema, executor.fragments, executor.variable_values, root_type, executor.operation
    )
    return collected.grouped_field_set


class StockExecutor(_Base):
    """Field by field, object by object: slower, and right by construction."""

    _records: Records

    def execute_operation(self, serially: bool | None = None) -> Any:  # noqa: FBT001  # theirs
        """An awaitable of the response, over one snapshot."""
        return self._execute(serially)

    async def _execute(self, serially: bool | None) -> Any:  # noqa: FBT001  # passed on
        with self.context_value.database.reader() as reader:
            self._records = Records(reader)
            result = super().execute_operation(serially)
            if isinstance(result, Awaitable):
                result = await result
            self.context_value.statements.extend(reader.statements)
        return result

    def execute_field(  # graphql-core's signature
        self,
        parent_type: Any,
        source: Any,
        field_details_list: Any,
        path: Path,
        position_context: Any,
    ) -> Any:
        """The value of a field; null for the records that a dry run would read."""
        if path.prev is None and self._is_dry:
            definition = parent_type.fields.get(field_details_list[0].node.name.value)
            if definition is not None and isinstance(declaration_of(definition), Edge):
                return None
        return super().execute_field(
            parent_type, source, field_details_list, path, position_context
        )

    def complete_value(  # noqa: PLR0913, PLR0917  # graphql-core's signature
        self,
        return_type: Any,
        field_details_list: Any,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        """The completed value; a selection is loaded first."""
        if isinstance(result, Selection | Derived | LookedUp | RecordOfUid):
            result = self._loaded(result, info, path)
            if isinstance(result, Awaitable):
                return self.complete_awaitable_value(
                    return_type, field_details_list, info, path, result, position_context
                )
        return super().complete_value(
            return_type, field_details_list, info, path, result, position_context
        )

    def _loaded(self, result: Any, info: Any, path: Path) -> Any:
        declared = declaration_of(info.parent_type.fields[info.field_name])
        if isinstance(declared, Measure):
            function = result.make(result.parent.listed)
            return Column(declared.columns, function).read(result.parent)
        assert isinstance(declared, Edge)  # noqa: S101  # only edges return selections
        if isinstance(result, Derived):
            result = select_derived(result)
        if isinstance(result, LookedUp):
            result = self._records.looked_up(result)
        if isinstance(result, RecordOfUid):
            uid = key_of(result.parent, declared)
            result = record_of_uid(uid)
            declared = Edge(Cardinality.ONE)
        # A list of selections, as `nodes` gives, has one record for each.
        is_item = isinstance(path.key, int)
        return self._records.load(
            result, Edge(Cardinality.ONE, declared.key) if is_item else declared
        )
