"""Generated questions: documents that walk the schema, whatever it holds.

Every selection is made within a scope, which knows the response names taken so far. A name
that comes up again is the same field with the same arguments, so documents are valid, and
the selections of one field are merged as often as chance has it.
"""

from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_leaf_type,
    is_list_type,
)

from tests.execution.arguments import ROWS, Arguments, grouping_of
from tests.execution.inputs import TERRITORIES, Values
from tests.execution.rendering import Rendering, literal
from tests.execution.samples import Samples
from tests.execution.scopes import Cursors, Entry, Question, Scope

_DEPTH = 5
_CELLS = 300
# What a field that leads to others costs as much as, since most take a statement.
_STATEMENT = 15
# What a search finds.
_HITS = ("Award", "Category", "Collectivity", "Initiative")
# Groups of 39,000 collectivities, and what is asked instead most times.
_SLOW = ("collectivityGroups",)
_FASTER = ("awardGroups", "initiativeGroups", "metricGroups", "search")
# What each record has, and what little would be left to ask beside.
_ON_ALL = ("claims", "provenance")
# What only some groups have.
_MEASURES = ("perCapita", "previous", "delta")


class Asker:
    """Makes one question; the random source decides everything."""

    def __init__(self, schema: GraphQLSchema, samples: Samples, cursors: Cursors) -> None:
        self._schema = schema
        self._samples = samples
        self._random = samples.random
        self._arguments = Arguments(samples, cursors)
        self._cells = _CELLS
        self._asks: set[str] = set()
        self._rendering = Rendering(samples)
        self._fragments: dict[str, str] = {}
        self._reusable: list[tuple[str, Scope]] = []

    def question(self) -> Question:
        query_type = self._schema.query_type
        assert query_type
        body = self._selection_set(Scope(query_type, 1, _DEPTH), self._random.randint(1, 3))
        definitions = ", ".join(self._rendering.definitions.values())
        head = f"query Q({definitions}) " if definitions else self._random.choice(("", "query Q "))
        parts = [head + body, *self._fragments.values()]
        name = None
        if head and self._samples.chance(0.08):
            parts.append("query Other { __typename }")
            name = self._random.choice(("Q", "Q", "Other")) if not self._fragments else "Q"
        self._random.shuffle(parts)
        variables = self._rendering.variables or self._random.choice((None, {}))
        return Question("\n".join(parts), variables, name, frozenset(self._asks))

    def _selection_set(self, scope: Scope, count: int | None = None) -> str:
        if self._cells < scope.rows:
            return "{ __typename }"
        parts = []
        for _ in range(count or self._random.choice((1, 2, 2, 3, 4))):
            parts.append(self._selection(scope))
            if self._cells < scope.rows:
                break
        return "{ " + " ".join(parts) + " }"

    def _selection(self, scope: Scope) -> str:
        if isinstance(scope.type, GraphQLInterfaceType):
            return self._member_selection(scope)
        made = None
        way = self._random.random()
        if way < 0.16:
            made = self._inline_fragment(scope) if way < 0.08 else self._named_fragment(scope)
        elif way < 0.2:
            made = self._reused(scope)
        elif way < 0.24 and scope.type.interfaces:
            return f"... on {scope.type.interfaces[0].name}{self._directives()} {{ __typename }}"
        elif way < 0.34:
            made = self._again(scope)
        return made or self._new_field(scope)

    def _inline_fragment(self, scope: Scope) -> str:
        condition = self._random.choice(("", f" on {scope.type.name}"))
        return f"...{condition}{self._directives()} {self._selection_set(scope)}"

    def _member_selection(self, scope: Scope) -> str:
        if self._samples.chance(0.25):
            name = self._random.choice(("id", "__typename"))
            return f"{name}{self._directives()}"
        possible = [member.name for member in self._schema.get_possible_types(scope.type)]
        # Most members are of the types whose ids were asked for.
        drawn = scope.records if self._samples.chance(0.85) else ()
        name = self._random.choice(drawn or possible)
        if name not in scope.members:
            kind = self._schema.type_map[name]
            member = Scope(kind, scope.rows, scope.depth)  # type: ignore[arg-type]
            scope.shapes = member.shapes = scope.shapes or {}
            scope.members[name] = member
        inner = self._selection_set(scope.members[name])
        return f"... on {name}{self._directives()} {inner}"

    def _named_fragment(self, scope: Scope) -> str:
        name = f"F{len(self._fragments)}"
        self._fragments[name] = ""  # holds the number
        own = scope.emptied()
        target = scope if scope.entries or scope.shapes is not None else own
        inner = self._selection_set(target)
        self._fragments[name] = f"fragment {name} on {scope.type.name} {inner}"
        if target is own:
            self._reusable.append((name, own))
            scope.entries.update(own.copied_entries())
        return f"...{name}{self._directives()}"

    def _reused(self, scope: Scope) -> str | None:
        if scope.entries or scope.shapes is not None:
            return None
        for name, made in self._reusable:
            if made.is_like(scope) and made.rows >= scope.rows:
                scope.entries.update(made.copied_entries())
                return f"...{name}{self._directives()}"
        return None

    def _again(self, scope: Scope) -> str | None:
        deep = [entry for entry in scope.entries.values() if entry.scope]
        if not deep:
            return None
        entry = self._random.choice(deep)
        self._asks.add("merged")
        return self._repeated(entry)

    def _new_field(self, scope: Scope) -> str:
        names = [name for name in scope.type.fields if self._is_affordable(scope, name)]
        if not names or self._samples.chance(0.06):
            return self._meta_field(scope)
        deep = [name for name in names if not is_leaf_type(_named(scope, name))]
        name = self._random.choice(deep if deep and self._samples.chance(0.4) else names)
        if name in _SLOW and self._samples.chance(0.8):
            name = self._random.choice(_FASTER)
        definition = scope.type.fields[name]
        self._cells -= scope.rows if is_leaf_type(_named(scope, name)) else scope.rows + _STATEMENT
        response_name = self._response_name(scope, name, definition)
        if response_name in scope.entries:
            if scope.entries[response_name].scope is not None:
                self._asks.add("merged")
            return self._repeated(scope.entries[response_name])
        values, size = self._arguments.of(scope, name, definition)
        self._asks.update(_asked_by(scope, name, values))
        alias = "" if response_name == name else f"{response_name}: "
        text = f"{alias}{name}{self._rendered(values, definition)}"
        inner = self._inner_scope(scope, definition, values, size)
        scope.entries[response_name] = Entry(text, inner)
        if scope.shapes is not None:
            scope.shapes.setdefault(response_name, str(definition.type))
        return self._repeated(scope.entries[response_name])

    def _repeated(self, entry: Entry) -> str:
        inner = f" {self._selection_set(entry.scope)}" if entry.scope else ""
        return f"{entry.text}{self._directives()}{inner}"

    def _meta_field(self, scope: Scope) -> str:
        if scope.type is self._schema.query_type and self._samples.chance(0.5):
            return '__type(name: "Award") { name fields { name } }'
        return f"__typename{self._directives()}"

    def _is_affordable(self, scope: Scope, name: str) -> bool:
        if self._cells < scope.rows or (name in _ON_ALL and not self._samples.chance(0.3)):
            return False
        named = _named(scope, name)
        if is_leaf_type(named) or (not scope.type.fields[name].args and not _is_record(named)):
            return name not in _MEASURES or self._is_measured(scope, name)
        return scope.depth > 0 and scope.rows <= ROWS and self._cells > 2 * scope.rows

    def _is_measured(self, scope: Scope, name: str) -> bool:
        has_place = len(TERRITORIES & set(scope.keys)) == 1
        is_fit = has_place if name == "perCapita" else "YEAR" in scope.keys
        return is_fit or self._samples.chance(0.05)

    def _response_name(self, scope: Scope, name: str, definition: GraphQLField) -> str:
        if scope.shapes is not None:
            shape = scope.shapes.get(name, str(definition.type))
            is_shared = is_leaf_type(get_named_type(definition.type))
            if not is_shared or shape != str(definition.type):
                return f"{scope.type.name.lower()}_{name}"
            return name
        if definition.args and name in scope.entries and self._samples.chance(0.7):
            return f"{name}{len(scope.entries)}"
        return f"a{len(scope.entries)}" if self._samples.chance(0.15) else name

    def _inner_scope(
        self, scope: Scope, definition: GraphQLField, values: Values, size: int
    ) -> Scope | None:
        named: Any = get_named_type(definition.type)
        if not is_composite_type(named):
            return None
        if named.name.endswith("GroupConnection"):
            keys, grouping = tuple(values["by"]), grouping_of(values)
            return Scope(named, scope.rows, scope.depth, size, keys, grouping)
        if named.name.endswith("Connection"):
            return Scope(named, scope.rows, scope.depth, size)
        rows = scope.rows * (size or scope.page or 3 if _is_list(definition) else 1)
        records = _HITS if scope.type.name == "SearchHit" else tuple(self._samples.drawn_records)
        inner = Scope(named, max(rows, 1), scope.depth - _is_record(named), records=records)
        if scope.type.name.endswith(("GroupConnection", "GroupEdge")):
            inner.keys, inner.grouping = scope.keys, scope.grouping
        return inner

    def _rendered(self, values: Values, definition: GraphQLField) -> str:
        if not values:
            return ""
        rendered = ", ".join(
            f"{argument}: {self._rendering.value(value, definition.args[argument].type)}"
            for argument, value in values.items()
        )
        return f"({rendered})"

    def _directives(self) -> str:
        if not self._samples.chance(0.1):
            return ""
        directive = self._random.choice(("skip", "include"))
        # Most keep what they stand at: else little would be left to compare.
        value = (directive == "include") == self._samples.chance(0.75)
        return f" @{directive}(if: {self._rendering.boolean(value)})"


def _asked_by(scope: Scope, name: str, values: Values) -> set[str]:
    """What of interest a field asks for."""
    told = literal(values)
    asks = {
        "aggregated": name == "aggregate",
        "alike": name == "similar",
        "bounded": "after" in values or "before" in values,
        "followed": name in ("changes", "releases"),
        "faceted": scope.type.name.endswith("Facets"),
        "grouped": name.endswith("Groups"),
        "ordered": "orderBy" in values,
        "related": "some: {" in told or "none: {" in told or "count: {" in told,
        "searched": 'search: "' in told or "query" in values,
        "suggested": name == "suggest",
        "traced": name in ("claims", "provenance"),
        "within": "within: {" in told,
    }
    return {word for word, is_asked in asks.items() if is_asked}


def _named(scope: Scope, name: str) -> Any:
    return get_named_type(scope.type.fields[name].type)


def _is_record(kind: Any) -> bool:
    return isinstance(kind, GraphQLInterfaceType) or bool(getattr(kind, "interfaces", ()))


def _is_list(definition: GraphQLField) -> bool:
    return is_list_type(getattr(definition.type, "of_type", definition.type)) or is_list_type(
        definition.type
    )
