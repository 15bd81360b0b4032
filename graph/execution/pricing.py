"""Documents → the costs of their operations, by the prices that fields declare.

Selections of one field are put together, as they are when the operation is run. Rows of an
interface are taken to be of the type that costs most.
"""

from collections.abc import Iterable
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    value_from_ast_untyped,
)

from graph.execution.cost import (
    Amount,
    Conditions,
    Known,
    OperationCost,
    Part,
    Position,
    Rows,
    one_of,
    sum_of,
)
from graph.execution.declaration import Cardinality, Edge, Surcharge, declaration_of, price_of
from graph.execution.surcharges import Surcharges, Variable, value_of

# The root field by which callers ask what the others cost, and its argument.
COST_FIELD = "cost"
DRY_RUN = "dryRun"

# Fields of a connection that stand for its rows, and those that take reading them.
_OF_ROWS = frozenset({"nodes", "edges"})
_READING = frozenset({"nodes", "edges", "pageInfo"})
_PER_INTROSPECTED = 4
_META_FIELDS = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}

_Selections = list[tuple[SelectionSetNode, Conditions]]
_Fields = dict[str, list[tuple[FieldNode, Conditions]]]


class Pricing:
    """The prices of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self.surcharges = Surcharges(schema)
        self.introspected = _sizes_of(schema)

    def costs(
        self, document: DocumentNode, depths: dict[str | None, int]
    ) -> dict[str | None, OperationCost]:
        """The cost of each operation of a valid document, by name."""
        fragments = {
            part.name.value: part
            for part in document.definitions
            if isinstance(part, FragmentDefinitionNode)
        }
        return {
            name: _Compiler(self, fragments).operation(part, depths[name])
            for part in document.definitions
            if isinstance(part, OperationDefinitionNode)
            for name in [part.name.value if part.name else None]
        }


class _Compiler:
    def __init__(self, pricing: Pricing, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._schema = pricing.schema
        self._surcharges = pricing.surcharges
        self._introspected = pricing.introspected
        self._fragments = fragments

    def operation(self, node: OperationDefinitionNode, depth: int) -> OperationCost:
        """The cost of an operation."""
        query = self._schema.query_type
        assert query  # noqa: S101  # a schema has one
        defaults = {
            each.variable.name.value: value_from_ast_untyped(each.default_value)
            for each in node.variable_definitions or ()
            if each.default_value is not None
        }
        fields = self._collected(query, [(node.selection_set, ())])
        told = {name: each for name, each in fields.items() if _name(each).startswith("__")}
        introspection = sum_of(self._parts(query, told, ""))
        records = {name: each for name, each in fields.items() if name not in told}
        part = sum_of([introspection, *self._parts(query, records, "")])
        return OperationCost(depth, part, introspection, defaults, _dry_run(fields))

    def _collected(self, parent: GraphQLObjectType, selections: _Selections) -> _Fields:
        """The fields of an object of a type, by the name that they have in the response."""
        found: _Fields = {}
        for selection_set, conditions in selections:
            for node in selection_set.selections:
                inner = _conditions(node.directives or (), conditions)
                if inner is None:
                    continue
                if isinstance(node, FieldNode):
                    name = node.alias.value if node.alias else node.name.value
                    found.setdefault(name, []).append((node, inner))
                elif (body := self._body(parent, node)) is not None:
                    for name, fields in self._collected(parent, [(body, inner)]).items():
                        found.setdefault(name, []).extend(fields)
        return found

    def _body(self, parent: GraphQLObjectType, node: Any) -> SelectionSetNode | None:
        """What a fragment selects of an object, if it is about its type."""
        fragment: FragmentDefinitionNode | InlineFragmentNode = (
            self._fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        )
        condition = fragment.type_condition
        if condition is not None and condition.name.value != parent.name:
            kind: Any = self._schema.get_type(condition.name.value)
            if not (is_abstract_type(kind) and self._schema.is_sub_type(kind, parent)):
                return None
        return fragment.selection_set

    def _level(self, kind: Any, selections: _Selections, path: str) -> Part:
        """What is asked of a row of a type."""
        if is_abstract_type(kind):
            possible = self._schema.get_possible_types(kind)
            return one_of([self._level(each, selections, path) for each in possible])
        return sum_of(self._parts(kind, self._collected(kind, selections), path))

    def _parts(self, parent: GraphQLObjectType, fields: _Fields, path: str) -> list[Part]:
        parts: list[Part] = []
        names = set()
        for response_name, selected in fields.items():
            name = selected[0][0].name.value
            definition = self._definition(parent, name)
            if definition is None:  # __typename
                continue
            place = f"{path}.{response_name}" if path else response_name
            if isinstance(declaration_of(definition), Edge):
                parts.append(self._edge(definition, selected, place))
            elif is_leaf_type(get_named_type(definition.type)):
                price = price_of(definition)
                # A column under another name is only another copy of it in the answer.
                parts.append(Known(Amount(price.once, price.per_row + (name in names))))
                names.add(name)
            else:
                parts.append(self._object(parent, definition, selected, place))
        return parts

    def _definition(self, parent: GraphQLObjectType, name: str) -> GraphQLField | None:
        if name.startswith("__"):
            return _META_FIELDS.get(name)
        found: GraphQLField = parent.fields[name]
        return found

    def _object(
        self, parent: GraphQLObjectType, definition: GraphQLField, selected: Any, path: str
    ) -> Part:
        """A part of the row itself, or what the schema tells of itself."""
        kind: Any = get_named_type(definition.type)
        below = self._level(kind, _inner(selected), path)
        if not kind.name.startswith("__"):
            return below
        size = self._introspected.get(f"{parent.name}.{selected[0][0].name.value}", 1)
        return Position(
            path,
            Rows(size, size),
            _PER_INTROSPECTED,
            is_counted=False,
            conditions=_any_of(selected),
            below=below,
        ).summed()

    def _edge(self, definition: GraphQLField, selected: Any, path: str) -> Part:
        node: FieldNode = selected[0][0]
        declared: Any = declaration_of(definition)
        kind: Any = get_named_type(definition.type)
        price = price_of(definition)
        extra, given = self._surcharges.of_arguments(definition, node)
        sizes = {argument.name.value: argument.value for argument in node.arguments or ()}
        names = ("first", "last", price.keys)
        rows = Rows(
            price.rows, price.most, tuple(value_of(sizes[name]) for name in names if name in sizes)
        )
        below: Part = Known(Amount())
        beside = below
        if declared.cardinality is Cardinality.PAGE:
            fields = self._collected(kind, _inner(selected))
            of_rows = {name: each for name, each in fields.items() if _name(each) in _OF_ROWS}
            others = {name: each for name, each in fields.items() if name not in of_rows}
            below = sum_of(self._parts(kind, of_rows, path))
            beside = sum_of(self._parts(kind, others, path))
            if not any(_name(each) in _READING for each in fields.values()):
                rows = Rows(0, 0)
        elif not is_leaf_type(kind):
            below = self._level(kind, _inner(selected), path)
        return Position(
            path,
            rows,
            price.per_row,
            is_counted=True,
            extra=Surcharge(price.once + extra.once, extra.per_parent),
            given=given,
            conditions=_any_of(selected),
            below=below,
            beside=beside,
        ).summed()


def _name(selected: list[tuple[FieldNode, Conditions]]) -> str:
    return selected[0][0].name.value


def _inner(selected: list[tuple[FieldNode, Conditions]]) -> _Selections:
    return [(node.selection_set, found) for node, found in selected if node.selection_set]


def _any_of(selected: list[tuple[FieldNode, Conditions]]) -> tuple[Conditions, ...]:
    """The conditions of which one must hold; none when the field is asked in any case."""
    conditions = dict.fromkeys(found for _, found in selected)
    return () if () in conditions else tuple(conditions)


def _conditions(directives: Iterable[DirectiveNode], outer: Conditions) -> Conditions | None:
    """What must hold for a selection to be asked; None when it never is."""
    found = outer
    for directive in directives:
        wanted = directive.name.value == "include"
        for argument in directive.arguments or ():
            value = value_of(argument.value)
            if isinstance(value, Variable):
                found = (*found, (value.name, wanted))
            elif value is not wanted:
                return None
    return found


def _dry_run(fields: _Fields) -> Any:
    """What the root field that asks for the cost says of a dry run."""
    for selected in fields.values():
        node = selected[0][0]
        if node.name.value == COST_FIELD:
            for argument in node.arguments or ():
                if argument.name.value == DRY_RUN:
                    return value_of(argument.value)
    return False


def _sizes_of(schema: GraphQLSchema) -> dict[str, float]:
    """How many rows the lists of the introspection have, on average."""
    kinds: list[Any] = list(schema.type_map.values())
    inputs = [kind for kind in kinds if isinstance(kind, GraphQLInputObjectType)]
    outputs = [kind for kind in kinds if hasattr(kind, "interfaces")]
    fields = [each for kind in outputs for each in kind.fields.values()]
    abstract = [kind for kind in kinds if is_abstract_type(kind)]
    totals = {
        "fields": len(fields),
        "inputFields": sum(len(kind.fields) for kind in inputs),
        "interfaces": sum(len(kind.interfaces) for kind in outputs),
        "possibleTypes": sum(len(schema.get_possible_types(kind)) for kind in abstract),
        "enumValues": sum(len(getattr(kind, "values", ())) for kind in kinds),
        # Half of the types that are told wrap another one.
        "ofType": len(kinds) / 2,
    }
    return {
        "__Schema.types": len(kinds),
        "__Schema.directives": len(schema.directives),
        "__Field.args": sum(len(each.args) for each in fields) / len(fields),
        "__Directive.args": sum(len(each.args) for each in schema.directives)
        / len(schema.directives),
        **{f"__Type.{name}": total / len(kinds) for name, total in totals.items()},
    }
