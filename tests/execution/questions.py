"""Generated questions: documents that walk the schema, whatever it holds.

Every selection is made within a scope, which knows the response names taken so far. A name
that comes up again is the same field with the same arguments, so documents are valid, and
the selections of one field are merged as often as chance has it.
"""

from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from tests.execution.rendering import Rendering
from tests.execution.samples import Samples
from tests.execution.scopes import Cursors, Entry, Question, Scope

_DEPTH = 5
_CELLS = 500
_ROWS = 100
_SIZES = (0, 1, 2, 2, 3, 3, 4, 5, 5, 7, 10, 20, 100)
_PAGE = ("first", "last", "after", "before")


class Asker:
    """Makes one question; the random source decides everything."""

    def __init__(self, schema: GraphQLSchema, samples: Samples, cursors: Cursors) -> None:
        self._schema = schema
        self._samples = samples
        self._random = samples.random
        self._cursors = cursors
        self._cells = _CELLS
        self._merges = False
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
        return Question("\n".join(parts), variables, name, self._merges)

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
        drawn = self._samples.drawn_records if self._samples.chance(0.85) else ()
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
        own = Scope(scope.type, scope.rows, scope.depth, scope.page)
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
            if (made.type, made.page) == (scope.type, scope.page) and made.rows >= scope.rows:
                scope.entries.update(made.copied_entries())
                return f"...{name}{self._directives()}"
        return None

    def _again(self, scope: Scope) -> str | None:
        deep = [entry for entry in scope.entries.values() if entry.scope]
        if not deep:
            return None
        entry = self._random.choice(deep)
        self._merges = True
        return self._repeated(entry)

    def _new_field(self, scope: Scope) -> str:
        names = [name for name in scope.type.fields if self._is_affordable(scope, name)]
        if not names or self._samples.chance(0.06):
            return self._meta_field(scope)
        deep = [name for name in names if not is_leaf_type(_named(scope, name))]
        name = self._random.choice(deep if deep and self._samples.chance(0.4) else names)
        definition = scope.type.fields[name]
        self._cells -= scope.rows
        response_name = self._response_name(scope, name, definition)
        if response_name in scope.entries:
            self._merges |= scope.entries[response_name].scope is not None
            return self._repeated(scope.entries[response_name])
        arguments, size = self._arguments(scope, name, definition)
        alias = "" if response_name == name else f"{response_name}: "
        text = f"{alias}{name}{arguments}"
        inner = self._inner_scope(scope, definition, size)
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
        if self._cells < scope.rows:
            return False
        named = _named(scope, name)
        if is_leaf_type(named) or (not scope.type.fields[name].args and not _is_record(named)):
            return True
        return scope.depth > 0 and scope.rows <= _ROWS and self._cells > 2 * scope.rows

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

    def _inner_scope(self, scope: Scope, definition: GraphQLField, size: int) -> Scope | None:
        named = get_named_type(definition.type)
        if not is_composite_type(named):
            return None
        if named.name.endswith("Connection"):
            return Scope(named, scope.rows, scope.depth, size)  # type: ignore[arg-type]
        rows = scope.rows * (size or scope.page or 3 if _is_list(definition) else 1)
        return Scope(named, max(rows, 1), scope.depth - _is_record(named))  # type: ignore[arg-type]

    def _arguments(self, scope: Scope, name: str, definition: GraphQLField) -> tuple[str, int]:
        """The arguments as text, and how many rows they ask for."""
        values: dict[str, Any] = {}
        size = 0
        if "first" in definition.args:
            values, size = self._page(scope, name, definition)
        for argument, declared in definition.args.items():
            is_asked = argument not in (*_PAGE, "where")
            if is_asked and (is_non_null_type(declared.type) or self._samples.chance(0.5)):
                values[argument] = self._samples.argument(argument, declared.type, definition)
        if not values:
            return "", size
        rendered = ", ".join(
            f"{argument}: {self._rendering.value(value, definition.args[argument].type)}"
            for argument, value in values.items()
        )
        return f"({rendered})", size

    def _page(
        self, scope: Scope, name: str, definition: GraphQLField
    ) -> tuple[dict[str, Any], int]:
        values: dict[str, Any] = {}
        coordinate = f"{scope.type.name}.{name}"
        drawn = self._cursors.draw(self._random, coordinate) if self._samples.chance(0.5) else None
        where = definition.args.get("where")
        if drawn:
            where_value, cursors = drawn
            values |= self._bounds(cursors)
            if where_value is not None:
                values["where"] = where_value
        elif where and self._samples.chance(0.4):
            named = get_named_type(where.type)
            assert isinstance(named, GraphQLInputObjectType)
            values["where"] = self._samples.where(named)
        largest = max(1, _ROWS // scope.rows)
        size = self._random.choice([n for n in _SIZES if n <= largest])
        if size < 20 or "last" not in definition.args or self._samples.chance(0.5):
            ways = ("first", "first", "last") if "last" in definition.args else ("first",)
            values[self._random.choice(ways)] = size
        if self._samples.chance(0.03):
            values |= self._faulty_page("last" in definition.args)
        values = {key: value for key, value in values.items() if key in definition.args}
        if "last" not in definition.args:
            return values, min(size, 4)
        return values, size if {"first", "last"} & set(values) else 20

    def _bounds(self, cursors: list[str]) -> dict[str, str]:
        names = self._random.choice((("after",), ("after",), ("before",), ("after", "before"), ()))
        return {name: self._random.choice(cursors) for name in names}

    def _faulty_page(self, is_connection: bool) -> dict[str, Any]:  # noqa: FBT001
        faults: list[dict[str, Any]] = [{"first": 101}, {"first": -1}]
        if is_connection:
            faults += [
                {"first": 2, "last": 2},
                {"last": 500},
                {"after": self._cursors.foreign(self._random)},
                {"before": self._random.choice(("", "x", "WzFd", "é", "A" * 500))},
            ]
        return self._random.choice(faults)

    def _directives(self) -> str:
        if not self._samples.chance(0.1):
            return ""
        directive = self._random.choice(("skip", "include"))
        # Most keep what they stand at: else little would be left to compare.
        value = (directive == "include") == self._samples.chance(0.75)
        return f" @{directive}(if: {self._rendering.boolean(value)})"


def _named(scope: Scope, name: str) -> Any:
    return get_named_type(scope.type.fields[name].type)


def _is_record(kind: Any) -> bool:
    return isinstance(kind, GraphQLInterfaceType) or bool(getattr(kind, "interfaces", ()))


def _is_list(definition: GraphQLField) -> bool:
    return is_list_type(getattr(definition.type, "of_type", definition.type)) or is_list_type(
        definition.type
    )
