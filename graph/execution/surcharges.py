"""What arguments cost beyond the rows that they ask for, as arguments and inputs declare it."""

from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLSchema,
    ListValueNode,
    Node,
    NullValueNode,
    ObjectValueNode,
    VariableNode,
    get_named_type,
    value_from_ast_untyped,
)

from graph.execution.declaration import Surcharge, surcharge_of

Place = GraphQLArgument | GraphQLInputField


@dataclass(frozen=True, slots=True)
class Variable:
    """Stands in a value where a document has a variable."""

    name: str


def value_of(node: Node) -> Any:
    """The plain value of a literal, with what stands for variables."""
    if isinstance(node, VariableNode):
        return Variable(node.name.value)
    if isinstance(node, ListValueNode):
        return [value_of(item) for item in node.values]
    if isinstance(node, ObjectValueNode):
        return {part.name.value: value_of(part.value) for part in node.fields}
    return None if isinstance(node, NullValueNode) else value_from_ast_untyped(node)  # type: ignore[arg-type]  # a value


@dataclass(frozen=True, slots=True)
class Given:
    """A variable at a place where its value may cost something."""

    variable: str
    place: Place
    surcharges: "Surcharges"

    def of(self, variables: dict[str, Any]) -> Surcharge:
        """What its value costs."""
        found, _ = self.surcharges.of_value(self.place, variables.get(self.variable))
        return found


class Surcharges:
    """The surcharges of a schema; inputs in which nothing costs anything are not looked into."""

    def __init__(self, schema: GraphQLSchema) -> None:
        inputs = [
            each for each in schema.type_map.values() if isinstance(each, GraphQLInputObjectType)
        ]
        self._fields: dict[str, dict[str, Place]] = {}
        # Inputs hold each other in circles: some cost something because of others.
        count = -1
        while count != (count := sum(map(len, self._fields.values()))):
            charged = {each.name: self._charged(each) for each in inputs}
            self._fields = {name: fields for name, fields in charged.items() if fields}

    def _charged(self, kind: GraphQLInputObjectType) -> dict[str, Place]:
        return {name: entry for name, entry in kind.fields.items() if self._is_charged(entry)}

    def _is_charged(self, place: Place) -> bool:
        return surcharge_of(place) is not None or get_named_type(place.type).name in self._fields

    def of_arguments(
        self, definition: GraphQLField, node: FieldNode
    ) -> tuple[Surcharge, tuple[Given, ...]]:
        """What the arguments of a field cost as written, and the variables that may cost more."""
        once = per_parent = 0
        given: list[Given] = []
        for argument in node.arguments or ():
            place = definition.args[argument.name.value]
            if self._is_charged(place):
                found, variables = self.of_value(place, value_of(argument.value))
                once += found.once
                per_parent += found.per_parent
                given += variables
        return Surcharge(once, per_parent), tuple(given)

    def of_value(self, place: Place, value: Any) -> tuple[Surcharge, list[Given]]:
        """What a value costs, without recursion: variables may be nested without end."""
        once = per_parent = 0
        given: list[Given] = []
        pending = [(place, value)]
        while pending:
            at, found = pending.pop()
            if isinstance(found, Variable):
                given.append(Given(found.name, at, self))
            elif found is not None and found is not False:
                items = found if isinstance(found, list) else [found]
                surcharge = surcharge_of(at)
                if surcharge:
                    once += surcharge.once * len(items)
                    per_parent += surcharge.per_parent * len(items)
                fields = self._fields.get(get_named_type(at.type).name, {})
                pending += [
                    (fields[name], inner)
                    for item in items
                    if isinstance(item, dict)
                    for name, inner in item.items()
                    if name in fields
                ]
        return Surcharge(once, per_parent), given
