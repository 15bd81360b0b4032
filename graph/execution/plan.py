"""Plans: what a document asks of each position, compiled once per operation.

A level is a set of records of one type at one position of the document. Its plan knows the
columns to read, the edges to follow, and how to make all response objects in one pass.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from graphql import (
    DirectiveNode,
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    Node,
    VariableNode,
    Visitor,
    get_named_type,
    visit,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetails, collect_subfields

from graph.execution.declaration import (
    Cardinality,
    Column,
    Declaration,
    Edge,
    Embedded,
    Items,
    Measure,
    declaration_of,
)
from graph.storage.selection import Selection

TYPENAME = "__typename"
# Where a row holds the key that it belongs to.
OWNER = 0
Objects = list[dict[str, Any]]


class Columns:
    """The columns that one statement reads; index 0 of a row is the key it belongs to."""

    def __init__(self) -> None:
        self._indexes: dict[sa.ColumnElement[Any], int] = {}

    def index(self, column: sa.ColumnElement[Any]) -> int:
        """Where a row holds `column`, which is read from now on."""
        return self._indexes.setdefault(column, len(self._indexes) + 1)

    def all(self) -> tuple[sa.ColumnElement[Any], ...]:
        """The columns in the order of a row."""
        return tuple(self._indexes)


@dataclass(slots=True, eq=False)
class Position:
    """An edge at one place of the document, with the plan of what it leads to.

    `known` keeps the selection of a field without variables, which never changes.
    """

    response_name: str
    parent_type: GraphQLObjectType
    field: GraphQLField
    details: list[FieldDetails]
    edge: Edge
    key_index: int
    is_constant: bool
    target: "Level | PageLevel | AnyLevel | Column"
    columns: Columns
    known: Selection | None = None


@dataclass(slots=True, eq=False)
class MeasureField:
    """A measure at one place of the document."""

    response_name: str
    parent_type: GraphQLObjectType
    field: GraphQLField
    details: list[FieldDetails]


@dataclass(slots=True, eq=False)
class Level:
    """How the records at a position become response objects."""

    columns: Columns
    edges: list[Position]
    measures: list[MeasureField]
    build: Callable[..., Objects]


@dataclass(slots=True, eq=False)
class PageLevel:
    """A connection: which of its fields are asked, and the views of its records.

    `nodes` and `edges { node }` may each select other fields of the same records; each is a
    view, and all views are read by one statement.
    """

    fields: list["PageField"] = field(default_factory=list)
    views: list[Level] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)

    def asks(self, *names: str) -> bool:
        """Whether one of these fields is selected."""
        return any(asked.name in names for asked in self.fields)


@dataclass(slots=True, eq=False)
class PageField:
    """A selected field of a connection, an edge or a page info."""

    response_name: str
    name: str
    view: int = -1
    fields: list["PageField"] = field(default_factory=list)
    position: Position | None = None


@dataclass(slots=True, eq=False)
class AnyLevel:
    """Records whose type shows only when they are asked for: one level per type."""

    details: list[FieldDetails]
    levels: dict[str, Level] = field(default_factory=dict)

    def of(self, executor: Executor[Any], type_name: str) -> Level:
        """The level for records of a type, compiled when first met."""
        level = self.levels.get(type_name)
        if level is None:
            record_type = executor.schema.get_type(type_name)
            assert isinstance(record_type, GraphQLObjectType)  # noqa: S101  # a type of ours
            level = compile_level(executor, record_type, self.details, Columns())
            self.levels[type_name] = level
        return level


@dataclass(slots=True, eq=False)
class Plan:
    """The root of an operation: its planned edges, and what the stock executor completes."""

    response_names: list[str]
    positions: list[Position]
    others: dict[str, list[FieldDetails]]


def compile_plan(executor: Executor[Any], grouped: dict[str, list[FieldDetails]]) -> Plan:
    """The plan of the collected root fields."""
    root_type = executor.schema.query_type
    assert root_type  # noqa: S101  # a schema has one
    positions, others = [], {}
    for response_name, details in grouped.items():
        declared = _declared(root_type, details)
        if isinstance(declared, Edge):
            positions.append(
                compile_position(executor, root_type, response_name, details, Columns())
            )
        else:
            others[response_name] = details
    return Plan(list(grouped), positions, others)


def compile_position(
    executor: Executor[Any],
    parent_type: GraphQLObjectType,
    response_name: str,
    details: list[FieldDetails],
    parent_columns: Columns,
) -> Position:
    """The plan of an edge and of all that is selected below it."""
    node = details[0].node
    definition = parent_type.fields[_name(details)]
    edge = declaration_of(definition)
    assert isinstance(edge, Edge)  # noqa: S101  # the caller's choice
    columns = Columns()
    return Position(
        response_name,
        parent_type,
        definition,
        details,
        edge,
        OWNER if edge.key is None else parent_columns.index(edge.key),
        not definition.args or not _has_variables(node.arguments or ()),
        _compile_target(executor, definition, edge, details, columns),
        columns,
    )


def _compile_target(
    executor: Executor[Any],
    definition: GraphQLField,
    edge: Edge,
    details: list[FieldDetails],
    columns: Columns,
) -> Level | PageLevel | AnyLevel | Column:
    if edge.item:
        for column in edge.item.columns:
            columns.index(column)
        return edge.item
    named = get_named_type(definition.type)
    if isinstance(named, GraphQLInterfaceType):
        return AnyLevel(details)
    assert isinstance(named, GraphQLObjectType)  # noqa: S101  # edges lead to objects
    if edge.cardinality is Cardinality.PAGE:
        return _compile_page(executor, named, details, columns)
    return compile_level(executor, named, details, columns)


def compile_level(
    executor: Executor[Any],
    record_type: GraphQLObjectType,
    details: list[FieldDetails],
    columns: Columns,
) -> Level:
    """The plan of the selected fields of one type."""
    builder = _Builder()
    source = _object_source(executor, record_type, details, columns, builder)
    return Level(columns, builder.edges, builder.measures, builder.function(source))


class _Builder:
    """Collects what the source of a build function refers to by name."""

    def __init__(self) -> None:
        self.edges: list[Position] = []
        self.measures: list[MeasureField] = []
        self.converters: dict[str, Callable[..., Any]] = {}

    def edge(self, position: Position) -> str:
        """The expression of an edge's value for the row `r`."""
        self.edges.append(position)
        return f"e{len(self.edges) - 1}(r[{position.key_index}])"

    def column(self, column: Column, columns: Columns) -> str:
        """The expression of a column's value for the row `r`."""
        values = _values(column.columns, columns)
        if column.convert is None:
            return values
        name = f"c{len(self.converters)}"
        self.converters[name] = column.convert
        return f"{name}({values})"

    def items(self, items: Items, inner: Columns, columns: Columns) -> str:
        """The expression of the rows of a value's items, which have the columns of `inner`."""
        name = f"c{len(self.converters)}"
        keys = [str(column.key) for column in inner.all()]
        self.converters[name] = lambda value: [
            (None, *(item[key] for key in keys)) for item in items.read(value)
        ]
        return f"{name}({_values((items.column,), columns)})"

    def measure(self, asked: MeasureField, measure: Measure, columns: Columns) -> str:
        """The expression of a measure's value for the row `r`."""
        self.measures.append(asked)
        return f"m{len(self.measures) - 1}({_values(measure.columns, columns)})"

    def function(self, source: str) -> Callable[..., Objects]:
        # A display compiled from source builds an object of eight fields twice as fast as a
        # loop over them; the only foreign words in it are GraphQL names, quoted.
        edges = [f"e{number}" for number in range(len(self.edges))]
        names = ", ".join([*edges, *(f"m{number}" for number in range(len(self.measures)))])
        function: Callable[..., Objects] = eval(  # noqa: S307
            f"lambda rows, {names}: [{source} for r in rows]", dict(self.converters)
        )
        return function


def _object_source(
    executor: Executor[Any],
    record_type: GraphQLObjectType,
    details: list[FieldDetails],
    columns: Columns,
    builder: _Builder,
) -> str:
    entries = []
    for response_name, fields in _subfields(executor, record_type, details):
        declared = _declared(record_type, fields)
        match declared:
            case Column():
                value = builder.column(declared, columns)
            case Measure():
                asked = MeasureField(
                    response_name, record_type, record_type.fields[_name(fields)], fields
                )
                value = builder.measure(asked, declared, columns)
            case Embedded(present):
                named = get_named_type(record_type.fields[_name(fields)].type)
                inner = _object_source(executor, named, fields, columns, builder)
                value = f"({inner} if r[{columns.index(present)}] is not None else None)"
            case Items():
                named = get_named_type(record_type.fields[_name(fields)].type)
                own = Columns()
                inner = _object_source(executor, named, fields, own, builder)
                value = f"[{inner} for r in {builder.items(declared, own, columns)}]"
            case Edge():
                value = builder.edge(
                    compile_position(executor, record_type, response_name, fields, columns)
                )
            case None:
                value = repr(record_type.name)
        entries.append(f"{response_name!r}: {value}")
    return "{" + ", ".join(entries) + "}"


def _compile_page(
    executor: Executor[Any],
    connection_type: GraphQLObjectType,
    details: list[FieldDetails],
    columns: Columns,
) -> PageLevel:
    page = PageLevel()
    page.fields = _page_fields(executor, connection_type, details, columns, page)
    return page


def _page_fields(
    executor: Executor[Any],
    parent_type: GraphQLObjectType,
    details: list[FieldDetails],
    columns: Columns,
    page: PageLevel,
) -> list[PageField]:
    asked = []
    for response_name, fields in _subfields(executor, parent_type, details):
        name = _name(fields)
        entry = PageField(response_name, name if name != TYPENAME else parent_type.name)
        if name in ("nodes", "node"):
            record_type = get_named_type(parent_type.fields[name].type)
            entry.view = len(page.views)
            page.views.append(compile_level(executor, record_type, fields, columns))
        elif name in ("edges", "pageInfo", "facets"):
            inner = get_named_type(parent_type.fields[name].type)
            entry.fields = _page_fields(executor, inner, fields, columns, page)
        elif isinstance(_declared(parent_type, fields), Edge):
            entry.position = compile_position(
                executor, parent_type, response_name, fields, Columns()
            )
            page.positions.append(entry.position)
        asked.append(entry)
    return asked


def _subfields(
    executor: Executor[Any], record_type: GraphQLObjectType, details: list[FieldDetails]
) -> Iterable[tuple[str, list[FieldDetails]]]:
    collected = collect_subfields(
        executor.schema,
        executor.fragments,
        executor.variable_values,
        executor.operation,
        record_type,
        details,
    )
    return collected.grouped_field_set.items()


def _declared(record_type: GraphQLObjectType, details: list[FieldDetails]) -> Declaration | None:
    definition = record_type.fields.get(_name(details))
    return declaration_of(definition) if definition else None


def _name(details: list[FieldDetails]) -> str:
    return details[0].node.name.value


def _values(wanted: Iterable[sa.ColumnElement[Any]], columns: Columns) -> str:
    return ", ".join(f"r[{columns.index(column)}]" for column in wanted)


def _has_variables(arguments: Iterable[Node]) -> bool:
    return any(variables_of(argument) for argument in arguments)


def variables_of(node: Node) -> list[str]:
    """The names of the variables that a part of a document uses."""
    collect = _CollectVariables()
    visit(node, collect)
    return collect.names


def directive_variables(node: Node) -> list[str]:
    """The names of the variables in the directives of a part of a document."""
    collect = _CollectDirectives()
    visit(node, collect)
    return [name for directive in collect.directives for name in variables_of(directive)]


class _CollectVariables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.names.append(node.name.value)


class _CollectDirectives(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.directives: list[DirectiveNode] = []

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        self.directives.append(node)


def field_nodes(details: list[FieldDetails]) -> list[FieldNode]:
    """The field nodes behind collected details, for the locations of errors."""
    return [detail.node for detail in details]
