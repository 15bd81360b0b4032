"""Values as a document writes them: literals, or variables with and without defaults."""

import json
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLNonNull,
    is_list_type,
    is_non_null_type,
)

from tests.execution.samples import Samples, Word


class Rendering:
    """The values of one question, and the variables that some of them become."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples
        self.definitions: dict[str, str] = {}
        self.variables: dict[str, Any] = {}

    def value(self, value: Any, kind: GraphQLInputType | None) -> str:
        """A value at a place of a type; None where no variable may stand."""
        if kind is not None and self._samples.chance(0.15):
            return self._variable(value, kind)
        inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        if isinstance(value, dict) and isinstance(inner, GraphQLInputObjectType):
            parts = (
                f"{name}: {self.value(part, _field_type(inner, name))}"
                for name, part in value.items()
            )
            return "{" + ", ".join(parts) + "}"
        if isinstance(value, list):
            item = inner.of_type if is_list_type(inner) else None
            return "[" + ", ".join(self.value(part, item) for part in value) + "]"
        return literal(value)

    def boolean(self, value: bool) -> str:  # noqa: FBT001
        """A literal or a variable for a directive."""
        if self._samples.chance(0.3):
            return literal(value)
        return self._variable(value, GraphQLNonNull(GraphQLBoolean))

    def _variable(self, value: Any, kind: GraphQLInputType) -> str:
        name = f"v{len(self.definitions)}"
        given: dict[str, Any] = {name: value}
        default = ""
        way = self._samples.random.random()
        if way < 0.15:
            given, default = {}, f" = {literal(value)}"
        elif way < 0.3:
            default = f" = {literal(value)}"
        elif way < 0.36 and not is_non_null_type(kind):
            given = self._samples.random.choice(({}, {name: None}))
        self.variables |= given
        self.definitions[name] = f"${name}: {kind}{default}"
        return f"${name}"


def literal(value: Any) -> str:
    """A value as a document writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {literal(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return value if isinstance(value, Word) else json.dumps(value, ensure_ascii=False)


def _field_type(kind: GraphQLInputObjectType, name: str) -> GraphQLInputType:
    declared = kind.fields[name].type
    # The one field of such an input must be given, so a variable in it must be as well.
    return GraphQLNonNull(declared) if kind.is_one_of else declared  # type: ignore[type-var]
