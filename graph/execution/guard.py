"""What a document may hold: checked in one pass, before anything else works on it.

Each definition is walked once, and each fragment is counted once, however often it is spread:
what it adds where it is spread are sums over the definitions, so that nothing is expanded.
What is wrong with a document otherwise – cycles, unknown fragments – is left to validation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import (
    ArgumentNode,
    DefinitionNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    Node,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
)

from graph.settings import Limits

if TYPE_CHECKING:
    from graph.execution.cost import Cost

# Fan-out doubles with each fragment; no JSON number holds what comes of it.
_COUNTED_MAX = 10**9

# Strings and block strings end where they are closed or the text ends, so that no character is
# looked at twice, whatever is left open.
_TOKENS = re.compile(
    r'(?P<comment>#[^\n\r]*)|"""(?>[^"\\]|\\"""|\\|"(?!""))*+(?:""")?'
    r'|"(?>[^"\\\n\r]|\\[^\n\r])*+"?|\.\.\.|[_A-Za-z][_0-9A-Za-z]*+|-?[0-9][_0-9A-Za-z.+-]*+'
    r"|[!$&():=@\[\]{|}]"
)

# Of each limit: what has too much of it, and how to ask for less.
_TOLD = {
    "document_max_characters": (
        "the document has {} characters",
        "pass long values as variables, and ask in several documents",
    ),
    "document_max_tokens": (
        "the document has {} tokens",
        "pass long values as variables, and ask in several documents",
    ),
    "document_max_comments": ("the document has {} comments", "leave some of them out"),
    "document_max_depth": (
        "fields are nested {} deep",
        "ask for what is deeper by another operation that starts there",
    ),
    "document_max_aliases": (
        "an operation has {} aliases, its fragments expanded",
        "ask for fewer fields twice, by filters such as `in`, or in several operations",
    ),
    "document_max_root_fields": (
        "an operation has {} root fields, its fragments expanded",
        "ask in several operations",
    ),
    "document_max_selections": (
        "an operation has {} fields and spreads, its fragments expanded",
        "ask for fewer fields, or in several operations",
    ),
    "document_max_comparisons": (
        "fields of one name took {} comparisons",
        "spread fewer fragments side by side, and ask for each field once",
    ),
    "document_max_directives": ("the document has {} directives", "leave some of them out"),
    "place_max_directives": (
        "{} directives are at one place of the document",
        "leave some of them out",
    ),
    "document_max_operations": (
        "the document has {} operations",
        "send each operation that is to be run in a document of its own",
    ),
    "document_max_fragments": (
        "the document has {} fragments",
        "write some of them out where they are spread",
    ),
    "document_max_variables": (
        "the document defines {} variables",
        "put values together in inputs, or ask in several documents",
    ),
    "operation_max_nodes": (
        "the operation asks for {} rows",
        "ask for smaller pages by `first`, or for lists inside lists by another operation",
    ),
    "operation_max_points": (
        "the operation costs {} points",
        "ask for fewer groups, facets, aggregates and searches at a time, or for smaller pages",
    ),
    "literal_max_depth": (
        "lists and objects are nested {} deep",
        "write fewer inside each other",
    ),
    "literal_max_digits": ("a number is {} characters long", "write a shorter one"),
    "literal_max_items": (
        "a list has {} items",
        "ask for some of them at a time",
    ),
}


class Refused(Exception):  # an answer, not a fault
    """A document or an operation is not run, for these errors; `cost` if it is known."""

    def __init__(self, errors: list[GraphQLError], cost: "Cost | None" = None) -> None:
        super().__init__(errors)
        self.errors = errors
        self.cost = cost


@dataclass(frozen=True, slots=True)
class Measured:
    """What a document holds: the refusals, the depth of each operation by name.

    `features` are what it has at all, by which validation knows what cannot be wrong with it;
    `visited` is the number of nodes that it took to know.
    """

    refusals: list[GraphQLError]
    depths: dict[str | None, int]
    features: frozenset[str]
    visited: int


def refusal(limits: Limits, name: str, actual: int, where: str = "") -> GraphQLError:
    """The error of a document that is over a limit; `where` tells what most of it is."""
    most = getattr(limits, name)
    what, remedy = _TOLD[name]
    shown = f"{actual:,}" if actual < _COUNTED_MAX else f"over {_COUNTED_MAX:,}"
    return GraphQLError(
        f"{what.format(shown)}, and at most {most:,} are taken; {where}{remedy}",
        extensions={
            "code": "GRAPHQL_VALIDATION_FAILED",
            "limit": limits.exceeded(name, actual),
        },
    )


def check_text(text: str, limits: Limits) -> list[GraphQLError]:
    """The refusals of a text that is too long to be parsed."""
    if len(text) > limits.document_max_characters:
        return [refusal(limits, "document_max_characters", len(text))]
    tokens = comments = 0
    for found in _TOKENS.finditer(text):
        if found.lastgroup:
            comments += 1
        else:
            tokens += 1
    return list(_over(limits, {"document_max_tokens": tokens, "document_max_comments": comments}))


def _over(limits: Limits, counted: dict[str, int]) -> Iterator[GraphQLError]:
    for name, actual in counted.items():
        if actual > getattr(limits, name):
            yield refusal(limits, name, actual)


@dataclass(slots=True)
class _Counted:
    """What a selection holds, fragments and all."""

    depth: int = 0
    selections: int = 0
    aliases: int = 0
    root_fields: int = 0


@dataclass(slots=True)
class _Definition:
    """What an operation or fragment holds itself, and the fragments that it spreads.

    A spread is told by its name, the depth of the fields that it adds to, and whether those
    are the definition's own.
    """

    own: _Counted = field(default_factory=_Counted)
    spreads: list[tuple[str, int, bool]] = field(default_factory=list)


def measure(document: DocumentNode, limits: Limits) -> Measured:
    """What a document holds, by one visit to each of its nodes."""
    walk = _Walk()
    for part in document.definitions:
        walk.define(part)
    return walk.measured(limits)


class _Walk:
    def __init__(self) -> None:
        self._operations: list[tuple[str | None, _Definition]] = []
        self._fragments: dict[str, _Definition] = {}
        self._fragment_count = 0
        self._known: dict[str, _Counted] = {}
        self._features: set[str] = set()
        self._visited = self._directives = self._at_one_place = self._variables = 0
        self._selections = 0
        self._literal_depth = self._literal_items = self._literal_digits = 0

    def define(self, node: DefinitionNode) -> None:
        """Count what a definition holds itself."""
        definition = _Definition()
        self._visited += 1
        if isinstance(node, OperationDefinitionNode):
            self._operations.append((node.name.value if node.name else None, definition))
        elif isinstance(node, FragmentDefinitionNode):
            self._features.add("fragments")
            self._fragment_count += 1
            self._fragments.setdefault(node.name.value, definition)
        else:  # of a schema, which validation refuses
            self._features.add("definitions")
            return
        self._count_directives(node)
        for variable in node.variable_definitions or ():
            self._define_variable(variable)
        self._select(node.selection_set, definition)

    def _define_variable(self, node: VariableDefinitionNode) -> None:
        self._features.add("variables")
        self._variables += 1
        self._visited += 1
        self._count_directives(node)
        if node.default_value is not None:
            self._count_value(node.default_value)

    def _select(self, top: SelectionSetNode, definition: _Definition) -> None:
        own = definition.own
        pending = [(top, 1, True)]
        while pending:
            selection_set, depth, is_root = pending.pop()
            names = set()
            for node in selection_set.selections:
                self._visited += 1
                self._selections += 1
                own.selections += 1
                self._count_directives(node)
                if isinstance(node, FieldNode):
                    names.add(node.alias.value if node.alias else node.name.value)
                    inner = self._count_field(node, own, depth, is_root=is_root)
                    if node.selection_set:
                        pending.append((node.selection_set, inner, False))
                elif isinstance(node, FragmentSpreadNode):
                    self._features.add("fragments")
                    definition.spreads.append((node.name.value, depth - 1, is_root))
                elif isinstance(node, InlineFragmentNode):
                    self._features.add("fragments")
                    pending.append((node.selection_set, depth, is_root))
            if len(names) < len(selection_set.selections):
                self._features.add("repeats")

    def _count_field(self, node: FieldNode, own: _Counted, depth: int, *, is_root: bool) -> int:
        """The depth of the fields below a field."""
        name = node.name.value
        own.depth = max(own.depth, depth)
        own.root_fields += is_root
        own.aliases += node.alias is not None
        if name.startswith("__") and name != "__typename":
            self._features.add("introspection")
        for argument in node.arguments or ():
            self._count_argument(argument)
        return depth if name == "ofType" else depth + 1

    def _count_argument(self, node: ArgumentNode) -> None:
        self._visited += 1
        self._count_value(node.value)

    def _count_directives(self, node: Any) -> None:
        directives: tuple[DirectiveNode, ...] = node.directives or ()
        if directives:
            self._features.add("directives")
            self._directives += len(directives)
            self._at_one_place = max(self._at_one_place, len(directives))
            for directive in directives:
                self._visited += 1
                for argument in directive.arguments or ():
                    self._count_argument(argument)

    def _count_value(self, value: Node) -> None:
        pending = [(value, 1)]
        while pending:
            node, depth = pending.pop()
            self._visited += 1
            if isinstance(node, ObjectValueNode):
                self._features.add("objects")
                self._literal_depth = max(self._literal_depth, depth)
                pending += [(part.value, depth + 1) for part in node.fields]
            elif isinstance(node, ListValueNode):
                self._literal_depth = max(self._literal_depth, depth)
                self._literal_items = max(self._literal_items, len(node.values))
                pending += [(part, depth + 1) for part in node.values]
            elif isinstance(node, IntValueNode | FloatValueNode):
                self._literal_digits = max(self._literal_digits, len(node.value))
            elif isinstance(node, NullValueNode):
                self._features.add("nulls")
            elif isinstance(node, VariableNode):
                self._features.add("variables")

    def measured(self, limits: Limits) -> Measured:
        """The sums, and what of them is over a limit."""
        totals = [(name, self._total(definition)) for name, definition in self._operations]
        counted = [total for _, total in totals]
        if len(totals) != 1:
            self._features.add("operations")
        expanded = [self._selections, *(total.selections for total in counted)]
        held = {
            "document_max_operations": len(totals),
            "document_max_fragments": self._fragment_count,
            "document_max_variables": self._variables,
            "document_max_directives": self._directives,
            "place_max_directives": self._at_one_place,
            "literal_max_depth": self._literal_depth,
            "literal_max_items": self._literal_items,
            "literal_max_digits": self._literal_digits,
            "document_max_depth": max((total.depth for total in counted), default=0),
            "document_max_root_fields": max((total.root_fields for total in counted), default=0),
            "document_max_aliases": max((total.aliases for total in counted), default=0),
            "document_max_selections": max(expanded),
        }
        depths = {name: total.depth for name, total in totals}
        refusals = list(_over(limits, held))
        return Measured(refusals, depths, frozenset(self._features), self._visited)

    def _total(self, definition: _Definition) -> _Counted:
        own = definition.own
        total = _Counted(own.depth, own.selections, own.aliases, own.root_fields)
        for name, depth, is_root in definition.spreads:
            part = self._of_fragment(name)
            total.depth = max(total.depth, depth + part.depth)
            total.selections = min(_COUNTED_MAX, total.selections + part.selections)
            total.aliases = min(_COUNTED_MAX, total.aliases + part.aliases)
            if is_root:
                total.root_fields = min(_COUNTED_MAX, total.root_fields + part.root_fields)
        return total

    def _of_fragment(self, name: str) -> _Counted:
        known = self._known.get(name)
        if known is None:
            # One that spreads itself adds nothing inside itself.
            self._known[name] = _Counted()
            definition = self._fragments.get(name)
            if definition is not None:
                known = self._known[name] = self._total(definition)
        return known or self._known[name]
