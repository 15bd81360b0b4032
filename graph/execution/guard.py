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
    DefinitionNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSyntaxError,
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


def _nothing_asked(empty: SelectionSetNode | None) -> Iterator[GraphQLError]:
    # SelectionSet : { Selection+ } (GraphQL specification of September 2025, 2.4); graphql-core
    # reads more by default, and its option that does not is to go.
    if empty and empty.loc:
        yield GraphQLSyntaxError(
            empty.loc.source,
            empty.loc.start,
            "`{ }` asks for nothing; name a field in it, such as `__typename`, or leave it out "
            "where the field has no fields.",
        )


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
    variables: set[str] = field(default_factory=set)
    fragments: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Definition:
    """What an operation or fragment holds itself, and the fragments that it spreads.

    A spread is told by its name, the depth of the fields that it adds to, and whether those
    are the definition's own.
    """

    name: str | None
    own: _Counted = field(default_factory=_Counted)
    spreads: list[tuple[str, int, bool]] = field(default_factory=list)
    defined: list[str] = field(default_factory=list)


def measure(document: DocumentNode, limits: Limits) -> Measured:
    """What a document holds, by one visit to each of its nodes."""
    walk = _Walk()
    for part in document.definitions:
        walk.define(part)
    return walk.measured(limits)


class _Walk:
    def __init__(self) -> None:
        self._operations: list[_Definition] = []
        self._fragments: dict[str, _Definition] = {}
        self._fragment_count = 0
        self._known: dict[str, _Counted] = {}
        self._features: set[str] = set()
        self._visited = self._directives = self._at_one_place = 0
        self._selections = 0
        self._empty: SelectionSetNode | None = None
        self._literal_depth = self._literal_items = self._literal_digits = 0

    def define(self, node: DefinitionNode) -> None:
        """Count what a definition holds itself."""
        self._visited += 1
        if isinstance(node, OperationDefinitionNode):
            definition = _Definition(node.name.value if node.name else None)
            self._operations.append(definition)
        elif isinstance(node, FragmentDefinitionNode):
            definition = _Definition(node.name.value)
            self._has("fragments")
            self._fragment_count += 1
            self._has("doubled", node.name.value in self._fragments)
            self._fragments.setdefault(node.name.value, definition)
        else:  # of a schema, which validation refuses
            self._has("definitions")
            return
        own = definition.own
        self._count_directives(node, own)
        for variable in node.variable_definitions or ():
            self._define_variable(variable, definition)
        self._select(node.selection_set, definition)

    def _has(self, feature: str, is_so: bool = True) -> None:  # noqa: FBT001, FBT002  # the sentence
        if is_so:
            self._features.add(feature)

    def _define_variable(self, node: VariableDefinitionNode, definition: _Definition) -> None:
        self._has("variables")
        self._visited += 1
        name = node.variable.name.value
        self._has("doubled", name in definition.defined)
        definition.defined.append(name)
        self._count_directives(node, definition.own)
        if node.default_value is not None:
            self._count_value(node.default_value, definition.own)

    def _select(self, top: SelectionSetNode, definition: _Definition) -> None:
        own = definition.own
        pending = [(top, 1, True)]
        while pending:
            selection_set, depth, is_root = pending.pop()
            names = set()
            if not selection_set.selections:
                self._empty = self._empty or selection_set
            for node in selection_set.selections:
                self._visited += 1
                self._selections += 1
                own.selections += 1
                self._count_directives(node, own)
                if isinstance(node, FieldNode):
                    names.add(node.alias.value if node.alias else node.name.value)
                    inner = self._count_field(node, own, depth, is_root=is_root)
                    if node.selection_set:
                        pending.append((node.selection_set, inner, False))
                elif isinstance(node, FragmentSpreadNode):
                    self._has("fragments")
                    own.fragments.add(node.name.value)
                    definition.spreads.append((node.name.value, depth - 1, is_root))
                elif isinstance(node, InlineFragmentNode):
                    self._has("fragments")
                    pending.append((node.selection_set, depth, is_root))
            self._has("repeats", len(names) < len(selection_set.selections))

    def _count_field(self, node: FieldNode, own: _Counted, depth: int, *, is_root: bool) -> int:
        """The depth of the fields below a field."""
        name = node.name.value
        own.depth = max(own.depth, depth)
        own.root_fields += is_root
        own.aliases += node.alias is not None
        self._has("introspection", name.startswith("__") and name != "__typename")
        self._count_arguments(node, own)
        return depth if name == "ofType" else depth + 1

    def _count_arguments(self, node: FieldNode | DirectiveNode, own: _Counted) -> None:
        arguments = node.arguments or ()
        for argument in arguments:
            self._visited += 1
            self._count_value(argument.value, own)
        self._has("doubled", len({each.name.value for each in arguments}) < len(arguments))

    def _count_directives(self, node: Any, own: _Counted) -> None:
        directives: tuple[DirectiveNode, ...] = node.directives or ()
        if directives:
            self._has("directives")
            self._directives += len(directives)
            self._at_one_place = max(self._at_one_place, len(directives))
            for directive in directives:
                self._visited += 1
                self._count_arguments(directive, own)
            self._has("doubled", len({each.name.value for each in directives}) < len(directives))

    def _count_value(self, value: Node, own: _Counted) -> None:
        pending = [(value, 1)]
        while pending:
            node, depth = pending.pop()
            self._visited += 1
            if isinstance(node, ObjectValueNode):
                self._literal_depth = max(self._literal_depth, depth)
                pending += [(part.value, depth + 1) for part in node.fields]
                names = {part.name.value for part in node.fields}
                self._has("doubled", len(names) < len(node.fields))
            elif isinstance(node, ListValueNode):
                self._literal_depth = max(self._literal_depth, depth)
                self._literal_items = max(self._literal_items, len(node.values))
                pending += [(part, depth + 1) for part in node.values]
            elif isinstance(node, IntValueNode | FloatValueNode):
                self._literal_digits = max(self._literal_digits, len(node.value))
            elif isinstance(node, NullValueNode):
                self._has("nulls")
            elif isinstance(node, VariableNode):
                self._has("variables")
                own.variables.add(node.name.value)

    def measured(self, limits: Limits) -> Measured:
        """The sums, and what of them is over a limit."""
        self._sum_fragments()
        totals = [self._total(definition) for definition in self._operations]
        self._compare(totals)
        expanded = [self._selections, *(total.selections for total in totals)]
        held = {
            "document_max_operations": len(totals),
            "document_max_fragments": self._fragment_count,
            "document_max_variables": sum(len(each.defined) for each in self._operations),
            "document_max_directives": self._directives,
            "place_max_directives": self._at_one_place,
            "literal_max_depth": self._literal_depth,
            "literal_max_items": self._literal_items,
            "literal_max_digits": self._literal_digits,
            "document_max_depth": max((total.depth for total in totals), default=0),
            "document_max_root_fields": max((total.root_fields for total in totals), default=0),
            "document_max_aliases": max((total.aliases for total in totals), default=0),
            "document_max_selections": max(expanded),
        }
        depths = {
            each.name: total.depth for each, total in zip(self._operations, totals, strict=True)
        }
        refusals = [*_nothing_asked(self._empty), *_over(limits, held)]
        return Measured(refusals, depths, frozenset(self._features), self._visited)

    def _sum_fragments(self) -> None:
        """Sums up each fragment once, those that it spreads before it."""
        entered: set[str] = set()
        pending = [(name, False) for name in self._fragments]
        while pending:
            name, is_below_summed = pending.pop()
            if name in self._known:
                continue
            definition = self._fragments.get(name)
            if definition is None:
                self._has("unknown-fragments")
            elif is_below_summed:
                self._known[name] = self._total(definition)
            elif name in entered:
                # One that spreads itself adds nothing inside itself.
                self._has("cycles")
            else:
                entered.add(name)
                pending.append((name, True))
                pending += [(inner, False) for inner, _, _ in definition.spreads]

    def _total(self, definition: _Definition) -> _Counted:
        own = definition.own
        total = _Counted(own.depth, own.selections, own.aliases, own.root_fields)
        total.variables |= own.variables
        total.fragments |= own.fragments
        for name, depth, is_root in definition.spreads:
            part = self._known.get(name)
            if part is None:
                self._has("unknown-fragments")
                continue
            total.depth = max(total.depth, depth + part.depth)
            total.selections = min(_COUNTED_MAX, total.selections + part.selections)
            total.aliases = min(_COUNTED_MAX, total.aliases + part.aliases)
            if is_root:
                total.root_fields = min(_COUNTED_MAX, total.root_fields + part.root_fields)
            total.variables |= part.variables
            total.fragments |= part.fragments
        return total

    def _compare(self, totals: list[_Counted]) -> None:
        """Whether what is used is defined, and what is defined is used."""
        names = [definition.name for definition in self._operations]
        self._has("operations", len(names) != 1)
        used: set[str] = set().union(*(total.fragments for total in totals))
        self._has("unused-fragments", not used.issuperset(self._fragments))
        for definition, total in zip(self._operations, totals, strict=True):
            self._has("unused-variables", not total.variables.issuperset(definition.defined))
            self._has("unknown-variables", not total.variables.issubset(definition.defined))
