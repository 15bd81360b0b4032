"""Values of input types for generated questions: filters, orders, groupings and searches.

Most make sense together; the others are to be refused, in the same words by everyone.
"""

from collections.abc import Collection
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    get_named_type,
    is_list_type,
)

from graph.domain.decimals import from_micro
from tests.execution.samples import Samples, Word

Values = dict[str, Any]

TERRITORIES = {"REGION", "DEPARTEMENT", "EPCI"}

_DEPTH = 2
_GENERIC: dict[str, tuple[Any, ...]] = {
    "Int": (0, 1, 2017, -7),
    "Boolean": (True, False),
    "Decimal": (0, 0.5, 1, 2.5, 100, 3000, 1e-7, 1e15),
    "PartialDate": ("2016", "2017-06", "2017-06-15", "2020-02-29", "1999"),
}
# What is asked more often than other fields of a filter.
_FAVOURED = ("within", "within", "search", "awards")
_COUNTS = (0, 0, 1, 1, 2, 3, 20)
_KEYS = (1, 1, 1, 2, 2, 3)


class Inputs:
    """Makes values for arguments."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples
        self._random: Random = samples.random

    def where(self, kind: GraphQLInputObjectType, depth: int = _DEPTH) -> Values:
        """A filter of no, one or two conditions."""
        record = kind.name.removesuffix("Where")
        offered = [*kind.fields, *(name for name in _FAVOURED if name in kind.fields)]
        names = self._samples.some(offered, (0, 1, 1, 1, 2))
        return {
            name: self._condition(record, name, kind.fields[name].type, depth) for name in names
        }

    def order_by(self, kind: GraphQLInputObjectType, keys: Collection[str] = ()) -> list[Values]:
        """An order of some keys, of which each has one direction."""
        count = 6 if self._samples.chance(0.01) else self._random.choice(_KEYS)
        offered = self._fitting(list(kind.fields), keys) if "key" in kind.fields else kind.fields
        names = self._random.choices(list(offered), k=count)
        return [{name: self._order(kind.fields[name].type)} for name in names]

    def having(self, kind: GraphQLInputObjectType, keys: Collection[str]) -> Values:
        """Conditions on groups."""
        names = self._samples.some(self._fitting(list(kind.fields), keys), (1, 1, 2))
        return {name: self._measured(kind.fields[name].type) for name in names}

    def dimensions(self, kind: GraphQLEnumType, of: Collection[str] = ()) -> list[Word]:
        """One to three keys to group by; a few times none, too many, or one twice."""
        names = list(of) if of and not self._samples.chance(0.1) else list(kind.values)
        count = self._random.choice((0, 4)) if self._samples.chance(0.03) else 0
        found = self._samples.some(names, (count or self._random.choice(_KEYS),))
        if self._samples.chance(0.02):
            found += found[:1]
        return [Word(name) for name in found]

    def code(self, kind: GraphQLInputObjectType) -> Values:
        """One code of a collectivity."""
        name = self._random.choice(list(kind.fields))
        return {name: self._samples.code(name)}

    def unit(self) -> str:
        """A unit of metrics, mostly one of the frequent ones."""
        if self._samples.chance(0.7):
            return self._random.choice(("personne", "EUR"))
        return self._samples.text("Metric", "unit")

    def value(self, record: str, name: str, kind: Any) -> Any:
        """A value of a scalar or an enum, of a field of a record if it has one."""
        if isinstance(kind, GraphQLEnumType):
            return Word(self._random.choice(list(kind.values)))
        if kind.name == "String":
            return self._samples.text(record, name)
        known = self._samples.known(record, name) if kind.name != "Boolean" else ()
        if not known or self._samples.chance(0.1):
            return self._random.choice(_GENERIC[kind.name])
        value = self._random.choice(known)
        if kind.name == "Decimal":
            return from_micro(value)
        if kind.name == "PartialDate":
            return (
                "20-1" if self._samples.chance(0.02) else value[: self._random.choice((4, 7, 10))]
            )
        return value

    def _fitting(self, names: list[str], keys: Collection[str]) -> list[str]:
        """The measures that groups by these keys have; at times all."""
        if self._samples.chance(0.06):
            return names
        unfit = set() if len(TERRITORIES & set(keys)) == 1 else {"perCapita"}
        unfit |= set() if "YEAR" in keys else {"previous", "delta"}
        return [name for name in names if name not in unfit]

    def _condition(self, record: str, name: str, kind: GraphQLInputType, depth: int) -> Any:
        named = get_named_type(kind)
        if not isinstance(named, GraphQLInputObjectType):
            return self._samples.search() if name == "search" else self.value(record, name, named)
        if "eq" in named.fields:
            return self._filter(record, name, named)
        if "some" in named.fields:
            return self._related(named, depth)
        if is_list_type(kind):
            count = self._random.randint(0, 3) if depth else 0
            return [self.where(named, depth - 1) for _ in range(count)]
        if named.name == "Within":
            return self._within(named, record)
        return self.where(named, depth - 1) if depth else {}

    def _within(self, kind: GraphQLInputObjectType, record: str) -> Values:
        names = [name for name in kind.fields if name != "attribution"]
        count = self._random.choice((0, 2)) if self._samples.chance(0.06) else 1
        asked: Values = {
            name: self._samples.code(name) for name in self._random.sample(names, count)
        }
        if self._samples.chance(0.03 if record == "Collectivity" else 0.4):
            asked["attribution"] = Word(self._random.choice(("ANY_HOLDER", "LEAD_ONLY")))
        return asked

    def _related(self, kind: GraphQLInputObjectType, depth: int) -> Values:
        names = list(self._random.choice((("some",), ("none",), ("count",), ("count", "where"))))
        if self._samples.chance(0.1):
            names = self._samples.some(list(kind.fields), (0, 1, 2, 3))
        asked: Values = {}
        for name in names:
            named = get_named_type(kind.fields[name].type)
            assert isinstance(named, GraphQLInputObjectType)
            if name == "count":
                asked[name] = self._compared(named, lambda: self._random.choice(_COUNTS))
            else:
                asked[name] = self.where(named, depth - 1) if depth else {}
        return asked

    def _filter(self, record: str, name: str, kind: GraphQLInputObjectType) -> Values:
        operators = self._samples.some(list(kind.fields), (1, 1, 1, 2))
        return {
            operator: self._operand(record, name, operator, kind.fields[operator].type)
            for operator in operators
        }

    def _operand(self, record: str, name: str, operator: str, kind: GraphQLInputType) -> Any:
        named: Any = get_named_type(kind)
        if operator in ("contains", "startsWith"):
            return self._samples.part(record, name, is_start=operator == "startsWith")
        if operator == "between":
            ends = [self.value(record, name, get_named_type(named.fields["to"].type))] * 2
            ends[0] = self.value(record, name, get_named_type(named.fields["from"].type))
            if not self._samples.chance(0.1):
                ends.sort()
            return {"from": ends[0], "to": ends[1]}
        if is_list_type(kind):
            count = 201 if self._samples.chance(0.02) else self._random.randint(0, 5)
            return [self.value(record, name, named) for _ in range(count)]
        return self.value(record if operator != "isNull" else "", name, named)

    def _compared(self, kind: GraphQLInputObjectType, draw: Any) -> Values:
        """A filter on a number that no column holds."""
        asked: Values = {}
        for operator in self._samples.some(list(kind.fields), (0, 1, 1, 1, 1, 2)):
            if operator == "between":
                asked[operator] = dict(zip(("from", "to"), sorted((draw(), draw())), strict=True))
            elif operator == "isNull":
                asked[operator] = self._samples.chance(0.3)
            elif operator in ("in", "notIn"):
                asked[operator] = [draw() for _ in range(self._random.randint(0, 3))]
            else:
                asked[operator] = draw()
        return asked

    def _measured(self, kind: GraphQLInputType) -> Values:
        named: Any = get_named_type(kind)
        if "eq" in named.fields:
            decimals = (0, 0.5, 1, 2.5, 100, 4012.5, 1e-7)
            numbers = decimals if named.name == "DecimalFilter" else (-2, *_COUNTS)
            return self._compared(named, lambda: self._random.choice(numbers))
        names = [name for name in named.fields if name != "unit"]
        asked = {
            name: self._measured(named.fields[name].type)
            for name in self._samples.some(names, (0, 1, 1, 2))
        }
        return asked | self._maybe_unit(named)

    def _order(self, kind: GraphQLInputType) -> Any:
        named: Any = get_named_type(kind)
        if isinstance(named, GraphQLEnumType):
            return Word(self._random.choice(list(named.values)))
        if "where" not in named.fields:  # the summary of a number
            names = [name for name in named.fields if name != "unit"]
            counts = (0, 2) if self._samples.chance(0.05) else (1,)
            asked = {
                name: self._order(named.fields[name].type)
                for name in self._samples.some(names, counts)
            }
            return asked | self._maybe_unit(named)
        ways: list[tuple[str, ...]] = [("count",)]
        if "sum" in named.fields:
            ways += [("sum", "unit"), ("sum", "unit")]
            ways += [("sum",), ("count", "sum"), ()] if self._samples.chance(0.06) else []
        names = list(self._random.choice(ways)) + ["where"] * self._samples.chance(0.4)
        asked = {}
        for name in names:
            inner: Any = get_named_type(named.fields[name].type)
            asked[name] = (
                self.unit()
                if name == "unit"
                else self.where(inner, 1)
                if name == "where"
                else self._order(inner)
            )
        return asked

    def _maybe_unit(self, kind: GraphQLInputObjectType) -> Values:
        if "unit" not in kind.fields or self._samples.chance(0.05):
            return {}
        # Having and order must speak of one unit.
        return {"unit": "personne" if self._samples.chance(0.8) else self.unit()}
