"""Arguments of generated fields: pages, filters and orders that go together, and the others."""

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

from tests.execution.inputs import Inputs, Values
from tests.execution.rendering import literal
from tests.execution.samples import Samples, Word
from tests.execution.scopes import Cursors, Scope

# A field asks for so many cells at most, and so do all rows above it together.
ROWS = 100

_SIZES = (0, 1, 2, 2, 3, 3, 4, 5, 5, 7, 10, 20, 100)
_PAGE = ("first", "last", "after", "before")
_FEW = 4
# How often an argument that may be absent is given.
_OFTEN = {
    "where": 0.4,
    "orderBy": 0.35,
    "having": 0.25,
    "includeEmpty": 0.25,
    "types": 0.3,
    "unit": 0.85,
}
_TIMES = ("2026-01-31", "2026-02-02", "2026-02-03T13:00:00+01:00", "2026-02-04", "yesterday")
_FAULTY_CURSORS = ("", "x", "WzFd", "é", "A" * 500)


def coordinate(scope: Scope, name: str) -> str:
    """A list by its place in the schema; of items, also by what they are grouped from."""
    return f"{scope.type.name}.{name}{' of ' + scope.grouping if name == 'items' else ''}"


def grouping_of(values: Values) -> str:
    """What tells which rows the groups of a list have."""
    said = {name: values[name] for name in ("by", "where", "attribution") if name in values}
    return literal(said)


class Arguments:
    """Makes the arguments of a field, with cursors that answers held before."""

    def __init__(self, samples: Samples, cursors: Cursors) -> None:
        self._samples = samples
        self._random = samples.random
        self._cursors = cursors
        self._inputs = Inputs(samples)
        # Arguments that are no column of what the field leads to.
        self._own: dict[str, Callable[[], Any]] = {
            "per": lambda: self._random.choice((1, 1000, 100_000, 100_000, 0)),
            "prefix": lambda: samples.part("Collectivity", "name", is_start=True),
            "prize": lambda: samples.text("Prize", "slug"),
            "query": samples.search,
            "unit": self._inputs.unit,
        }

    def of(self, scope: Scope, name: str, field: GraphQLField) -> tuple[Values, int]:
        """The arguments of a field, and how many rows they ask for."""
        if "after" in field.args:
            return self._of_page(scope, name, field)
        values = self.without_page(field, scope.keys)
        if "first" not in field.args:
            return values, 0
        size = self._size(scope)
        if self._samples.chance(0.5):
            values["first"] = self._random.choice((101, -1)) if self._samples.chance(0.03) else size
        return values, min(size, _FEW)

    def without_page(self, field: GraphQLField, keys: tuple[str, ...] = ()) -> Values:
        """Arguments that say which rows there are and in what order; `keys` group them."""
        values: Values = {}
        for name, declared in field.args.items():
            chance = 1 if is_non_null_type(declared.type) else _OFTEN.get(name, 0.5)
            if name not in _PAGE and self._samples.chance(chance):
                values[name] = self._value(name, declared, field, keys)
                keys = tuple(values["by"]) if "by" in values and name == "by" else keys
        self._give_a_search(values, field)
        return values

    def _value(
        self, name: str, declared: GraphQLArgument, field: GraphQLField, keys: tuple[str, ...]
    ) -> Any:
        named: Any = get_named_type(declared.type)
        if isinstance(named, GraphQLInputObjectType):
            return self._input(name, named, keys)
        if name in ("by", "of"):
            return self._inputs.dimensions(named, keys)
        if named.name == "ID":
            ids = self._samples.uids()
            return ids if _is_list(declared) else ids[0]
        if _is_list(declared):
            counts = (0,) if self._samples.chance(0.03) else (1, 1, 2, 3)
            return [Word(word) for word in self._samples.some(list(named.values), counts)]
        own = self._own.get(name)
        record = get_named_type(field.type).name.removesuffix("Connection")
        return own() if own else self._inputs.value(record, name, named)

    def _input(self, name: str, kind: GraphQLInputObjectType, keys: tuple[str, ...]) -> Any:
        match name:
            case "by":
                return self._inputs.code(kind)
            case "since":
                return self._since()
            case "orderBy":
                return self._inputs.order_by(kind, keys)
            case "having":
                return self._inputs.having(kind, keys)
            case _:
                return self._inputs.where(kind)

    def _since(self) -> Values:
        """A place of the log; a few times none."""
        name = self._random.choice(("cursor", "release", "time"))
        if name == "release":
            return {name: self._samples.text("Release", "version")}
        if name == "time":
            return {name: self._random.choice(_TIMES)}
        drawn = self._cursors.draw(self._random, "Query.changes")
        foreign = self._samples.chance(0.05) or drawn is None
        cursor = self._cursors.foreign(self._random) if foreign else None
        return {name: cursor or self._random.choice(drawn[1] if drawn else _FAULTY_CURSORS)}

    def _give_a_search(self, values: Values, field: GraphQLField) -> None:
        """A search for what is to be sorted by how well it is found."""
        is_ranked = any("searchRank" in key for key in values.get("orderBy", ()))
        if is_ranked and "where" in field.args and not self._samples.chance(0.1):
            values["where"] = {"search": self._samples.search()} | values.get("where", {})

    def _of_page(self, scope: Scope, name: str, field: GraphQLField) -> tuple[Values, int]:
        drawn = None
        if self._samples.chance(0.5):
            drawn = self._cursors.draw(self._random, coordinate(scope, name))
        if drawn:
            given, cursors = drawn
            values = dict(given)
            if self._samples.chance(0.06):  # the cursors are another list's now
                values |= self.without_page(field)
            values |= self._bounds(cursors)
        else:
            values = self.without_page(field)
        size = self._size(scope)
        if size < 20 or self._samples.chance(0.5):
            values[self._random.choice(("first", "first", "last"))] = size
        if self._samples.chance(0.03):
            values |= self._faulty_page()
        return values, size if {"first", "last"} & set(values) else 20

    def _size(self, scope: Scope) -> int:
        largest = max(1, ROWS // scope.rows)
        return self._random.choice([size for size in _SIZES if size <= largest])

    def _bounds(self, cursors: list[str]) -> Values:
        names = self._random.choice((("after",), ("after",), ("before",), ("after", "before"), ()))
        return {name: self._random.choice(cursors) for name in names}

    def _faulty_page(self) -> Values:
        faults: tuple[Values, ...] = (
            {"first": 101},
            {"first": -1},
            {"first": 2, "last": 2},
            {"last": 500},
            {"after": self._cursors.foreign(self._random)},
            {"before": self._random.choice(_FAULTY_CURSORS)},
        )
        return self._random.choice(faults)


def _is_list(declared: GraphQLArgument) -> bool:
    return is_list_type(getattr(declared.type, "of_type", declared.type)) or is_list_type(
        declared.type
    )
